-- works with: 3
-- Private conversations: who is in them and when, what was said, how far each has read, and who blocks whom.

-- `kind` is 'direct' (two people, `pair` is "low:high" of their ids) or 'group'. `bumped_at` is when it was last written to.
CREATE TABLE conversations (
    id         ID,
    kind       TEXT   NOT NULL,
    pair       TEXT   UNIQUE,
    title      TEXT,
    created_by BIGINT NOT NULL REFERENCES users (id),
    client_id  TEXT,
    created_at BIGINT NOT NULL,
    bumped_at  BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    UNIQUE (created_by, client_id)
);

-- Membership is periods: somebody reads what has a number above `from_seq` and up to `to_seq` of any of their periods,
-- while one of them is open (`to_seq` is NULL). `joined_seq` is the number of the event by which they came. What is not
-- `accepted` is a request: others see nothing of its receiver.
CREATE TABLE memberships (
    conversation_id BIGINT  NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id         BIGINT  NOT NULL REFERENCES users (id),
    from_seq        BIGINT  NOT NULL,
    to_seq          BIGINT,
    joined_seq      BIGINT  NOT NULL,
    role            TEXT    NOT NULL,
    accepted        BOOLEAN NOT NULL,
    muted           BOOLEAN NOT NULL,
    joined_at       BIGINT  NOT NULL,
    PRIMARY KEY (conversation_id, user_id, from_seq)
);
CREATE UNIQUE INDEX memberships_open ON memberships (user_id, conversation_id) WHERE to_seq IS NULL;

-- `seq` is the number of the message's own event in the conversation's stream. `html`, `excerpt` and `folded` (what
-- searching compares) are derived from `body`. Of a deleted message no words are kept.
CREATE TABLE messages (
    id              ID,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    seq             BIGINT NOT NULL,
    author_id       BIGINT NOT NULL REFERENCES users (id),
    reply_to        BIGINT REFERENCES messages (id),
    body            TEXT   NOT NULL,
    html            TEXT   NOT NULL,
    excerpt         TEXT   NOT NULL,
    folded          TEXT   NOT NULL,
    markup_version  BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    edited_at       BIGINT,
    edit_count      BIGINT NOT NULL,
    deleted_at      BIGINT,
    version         BIGINT NOT NULL,
    client_id       TEXT,
    UNIQUE (author_id, client_id),
    UNIQUE (conversation_id, seq)
);
CREATE INDEX messages_created ON messages (conversation_id, created_at DESC, seq DESC);
CREATE INDEX messages_markup_version ON messages (markup_version);

-- The words that an edit replaced.
CREATE TABLE message_edits (
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    edited_at  BIGINT NOT NULL,
    PRIMARY KEY (message_id, version)
);

CREATE TABLE message_reactions (
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    emoji      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, user_id, emoji)
);

-- How far a person has read a conversation.
CREATE TABLE conversation_marks (
    user_id         BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    seq             BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
);

CREATE TABLE blocks (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    blocked_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);
CREATE INDEX blocks_blocked ON blocks (blocked_id, user_id);
