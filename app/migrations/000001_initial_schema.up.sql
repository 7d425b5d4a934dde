-- works with: 1
-- What every later migration stands on: the log of events, accounts, boards, threads and posts.
-- Times are milliseconds since 1970 in UTC. Ids are made by the application (core::ids) and never sorted by.
-- `version` rises by one with each change of a row that others may see.

-- Facts about this database itself: its epoch, the start counter, the community's name.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Node numbers for ids: nobody makes an id at or above `reserved_until`.
CREATE TABLE nodes (
    number         ID,
    holder         TEXT NOT NULL,
    reserved_until BIGINT NOT NULL
);

-- A stream is an ordered list of events; `head` is the number of its newest.
CREATE TABLE streams (
    id   TEXT NOT NULL PRIMARY KEY,
    head BIGINT NOT NULL
);

-- The one log. An event is a fact, not a copy: no body, no words of a person, no other place.
CREATE TABLE events (
    stream  TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    subject BIGINT,
    version BIGINT,
    actor   BIGINT,
    facts   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    batch   BIGINT NOT NULL,
    PRIMARY KEY (stream, seq)
);
CREATE INDEX events_at ON events (at);

-- Events that something must still follow from; deleted in the commit that writes what follows.
CREATE TABLE outbox (
    id            ID,
    stream        TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    kind          TEXT   NOT NULL,
    subject       BIGINT,
    claimed_until BIGINT NOT NULL,
    attempts      BIGINT NOT NULL,
    progress      TEXT
);
CREATE INDEX outbox_claimed_until ON outbox (claimed_until, id);
CREATE INDEX outbox_event ON outbox (stream, seq);

-- The client's files of each release, so that any node serves any open tab.
CREATE TABLE releases (
    release  TEXT   NOT NULL,
    path     TEXT   NOT NULL,
    encoding TEXT   NOT NULL,
    content  BYTES  NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (release, path, encoding)
);

-- `nickname_key` and `email_key` are the lower-case forms that names are compared by.
-- An imported account has no e-mail and no password until its owner claims it.
CREATE TABLE users (
    id            ID,
    nickname      TEXT   NOT NULL,
    nickname_key  TEXT   NOT NULL UNIQUE,
    email         TEXT,
    email_key     TEXT   UNIQUE,
    password_hash TEXT,
    role          TEXT   NOT NULL,
    standing      TEXT   NOT NULL,
    bio           TEXT   NOT NULL,
    settings      TEXT   NOT NULL,
    thread_count  BIGINT NOT NULL,
    post_count    BIGINT NOT NULL,
    like_count    BIGINT NOT NULL,
    all_read_at   BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT,
    version       BIGINT NOT NULL,
    source        TEXT   UNIQUE
);

-- Browsers' sessions and programs' bearer tokens; only the SHA-256 of the secret is kept.
CREATE TABLE sessions (
    id           ID,
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind         TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    token_hash   BYTES  NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- One-time links: first set-up, a new password, the hand-over of an imported account.
CREATE TABLE links (
    id         ID,
    purpose    TEXT   NOT NULL,
    user_id    BIGINT REFERENCES users (id) ON DELETE CASCADE,
    token_hash BYTES  NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);

-- Named groups of accounts, to which boards may be private.
CREATE TABLE groups (
    id          ID,
    slug        TEXT   NOT NULL UNIQUE,
    title       TEXT   NOT NULL,
    description TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE TABLE group_members (
    group_id BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user_id ON group_members (user_id);

-- A board: rights are columns ('everyone', 'members', 'staff', 'owner', or 'group' with the group beside it),
-- the rest of its policy is versioned JSON.
CREATE TABLE boards (
    id           ID,
    slug         TEXT   NOT NULL UNIQUE,
    title        TEXT   NOT NULL,
    description  TEXT   NOT NULL,
    preset       TEXT   NOT NULL,
    hue          BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    owner_id     BIGINT REFERENCES users (id),
    read_right   TEXT   NOT NULL,
    read_group   BIGINT REFERENCES groups (id),
    start_right  TEXT   NOT NULL,
    start_group  BIGINT REFERENCES groups (id),
    reply_right  TEXT   NOT NULL,
    reply_group  BIGINT REFERENCES groups (id),
    policy       TEXT   NOT NULL,
    thread_count BIGINT NOT NULL,
    post_count   BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    source       TEXT   UNIQUE
);
CREATE INDEX boards_position ON boards (position, id);

-- `post_count` counts visible posts with the opening one; positions are given from `next_position` and never again.
CREATE TABLE threads (
    id              ID,
    board_id        BIGINT  NOT NULL REFERENCES boards (id),
    author_id       BIGINT  NOT NULL REFERENCES users (id),
    title           TEXT    NOT NULL,
    slug            TEXT    NOT NULL,
    opening_post_id BIGINT  NOT NULL,
    last_post_id    BIGINT  NOT NULL,
    last_author_id  BIGINT  NOT NULL REFERENCES users (id),
    last_post_at    BIGINT  NOT NULL,
    bumped_at       BIGINT  NOT NULL,
    post_count      BIGINT  NOT NULL,
    next_position   BIGINT  NOT NULL,
    view_count      BIGINT  NOT NULL,
    imported_likes  BIGINT  NOT NULL,
    pinned          BOOLEAN NOT NULL,
    locked          BOOLEAN NOT NULL,
    archived        BOOLEAN NOT NULL,
    created_at      BIGINT  NOT NULL,
    deleted_at      BIGINT,
    deleted_by      BIGINT  REFERENCES users (id),
    version         BIGINT  NOT NULL,
    source          TEXT    UNIQUE
);
CREATE INDEX threads_board_bumped ON threads (board_id, pinned, bumped_at, id);
CREATE INDEX threads_board_created ON threads (board_id, pinned, created_at, id);
CREATE INDEX threads_bumped ON threads (bumped_at, id);
CREATE INDEX threads_created ON threads (created_at, id);
CREATE INDEX threads_author ON threads (author_id, created_at, id);

CREATE TABLE thread_tags (
    thread_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    tag       TEXT   NOT NULL,
    PRIMARY KEY (thread_id, tag)
);
CREATE INDEX thread_tags_tag ON thread_tags (tag, thread_id);

-- `html` and `excerpt` are derived from `body` by markup of `markup_version`. `sent_to` is where it was first sent
-- ("board:ID" or "thread:ID") and does not change when the post is moved.
CREATE TABLE posts (
    id             ID,
    thread_id      BIGINT NOT NULL REFERENCES threads (id),
    author_id      BIGINT NOT NULL REFERENCES users (id),
    position       BIGINT NOT NULL,
    reply_to       BIGINT REFERENCES posts (id),
    flavour        TEXT   NOT NULL,
    body           TEXT   NOT NULL,
    html           TEXT   NOT NULL,
    excerpt        TEXT   NOT NULL,
    markup_version BIGINT NOT NULL,
    imported_likes BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    edited_at      BIGINT,
    edit_count     BIGINT NOT NULL,
    deleted_at     BIGINT,
    deleted_by     BIGINT REFERENCES users (id),
    version        BIGINT NOT NULL,
    client_id      TEXT,
    sent_to        TEXT   NOT NULL,
    source         TEXT   UNIQUE,
    UNIQUE (author_id, client_id),
    UNIQUE (thread_id, position)
);
CREATE INDEX posts_author ON posts (author_id, created_at, id);
CREATE INDEX posts_markup_version ON posts (markup_version);

-- The words that an edit replaced.
CREATE TABLE post_edits (
    post_id    BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    flavour    TEXT   NOT NULL,
    edited_by  BIGINT NOT NULL REFERENCES users (id),
    edited_at  BIGINT NOT NULL,
    PRIMARY KEY (post_id, version)
);

CREATE TABLE reactions (
    post_id    BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    emoji      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, user_id, emoji)
);

-- How far a person has read a thread.
CREATE TABLE thread_marks (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    thread_id  BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    position   BIGINT NOT NULL,
    post_id    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, thread_id)
);

-- When a person last posted on a board, for slow mode.
CREATE TABLE slow_modes (
    board_id BIGINT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    last_at  BIGINT NOT NULL,
    PRIMARY KEY (board_id, user_id)
);
