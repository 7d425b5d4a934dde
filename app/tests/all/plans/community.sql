-- A community of some size, so that PostgreSQL plans as it would in one: 10,000 people, 20 boards, 20,000 threads, 60,000
-- posts in a tenth of them, 5,000 conversations with 40,000 messages in a few of those. Everything follows from a
-- number, so it is the same each time.

INSERT INTO meta SELECT 'key' || g, 'value' FROM generate_series(1, 5) g;
INSERT INTO nodes SELECT g, 'node' || g, g FROM generate_series(1, 3) g;
INSERT INTO streams SELECT kind || g, 4
    FROM generate_series(1, 20000) g, (VALUES ('thread:'), ('user:'), ('conversation:')) kinds (kind);
INSERT INTO events SELECT 'thread:' || 1 + g % 10000, 1 + g / 10000, 'new_post', g, 1, 1 + g % 10000, '{}', g * 1000, g
    FROM generate_series(0, 39999) g;
INSERT INTO outbox SELECT g, 'thread:' || 1 + g % 10000, 1 + g / 10000, 'new_post', g, g, 0, NULL
    FROM generate_series(0, 9999) g;
INSERT INTO releases SELECT 'r' || g % 5, 'file' || g, 'br', '\x00', g FROM generate_series(1, 200) g;

INSERT INTO users (id, nickname, nickname_key, email, email_key, password_hash, role, standing, bio, settings,
        thread_count, post_count, like_count, all_read_at, created_at, last_seen_at, version, source)
    SELECT g, 'Person' || g, 'person' || g, g || '@Example.org', g || '@example.org', 'hash',
        CASE WHEN g <= 10 THEN 'moderator' ELSE 'member' END, CASE WHEN g % 100 = 0 THEN 'banned' ELSE 'good' END,
        '', '{}', 2, 6, 0, 0, g * 1000, g * 2000, 1, CASE WHEN g % 2 = 0 THEN 'discourse:' || g END
    FROM generate_series(1, 10000) g;
INSERT INTO sessions SELECT g, 1 + g % 10000, CASE WHEN g % 10 = 0 THEN 'token' ELSE 'browser' END, 'a browser',
        decode(md5(g::text), 'hex'), g * 1000, g * 1000, g * 1000 + 1000000
    FROM generate_series(1, 20000) g;
INSERT INTO links SELECT g, 'password', 1 + g * 7 % 10000, decode(md5(g::text), 'hex'), g, g * 1000, NULL
    FROM generate_series(1, 1000) g;
INSERT INTO groups SELECT g, 'group' || g, 'Group', '', g, 1 FROM generate_series(1, 10) g;
INSERT INTO group_members SELECT 1 + g % 10, 1 + g, g FROM generate_series(0, 4999) g;

INSERT INTO boards SELECT g, 'board' || g, 'Board', '', 'forum', g, g, NULL,
        CASE WHEN g % 5 = 0 THEN 'group' ELSE 'everyone' END, CASE WHEN g % 5 = 0 THEN 1 + g % 10 END,
        'members', NULL, 'members', NULL, '{}', 1000, 3000, g, 1, NULL
    FROM generate_series(1, 20) g;
INSERT INTO threads (id, board_id, author_id, title, slug, opening_post_id, last_post_id, last_author_id, last_post_at,
        bumped_at, post_count, next_position, view_count, imported_likes, pinned, locked, archived, created_at, deleted_at,
        version, source)
    SELECT g, 1 + g * g % 20, 1 + g * 7 % 10000, 'Title ' || g, 'title-' || g, g, g + 40000, 1 + g * 11 % 10000, g * 5000,
        g * 7919 % 20000 * 5000, 3, 4, g, 0, g % 400 = 0, g % 50 = 0, FALSE, g * 4000,
        CASE WHEN g % 100 = 0 THEN g * 5000 END, 1, CASE WHEN g % 2 = 0 THEN 'discourse:' || g END
    FROM generate_series(1, 20000) g;
INSERT INTO thread_tags SELECT g, 'tag' || (g * 13 + n * n * 31) % 1000
    FROM generate_series(1, 20000) g, generate_series(0, 1) n ON CONFLICT DO NOTHING;
INSERT INTO posts (id, thread_id, author_id, position, reply_to, flavour, body, html, excerpt, markup_version,
        imported_likes, created_at, edited_at, edit_count, deleted_at, version, client_id, sent_to, source)
    SELECT g, 1 + (g - 1) % 2000, 1 + g * 7 % 10000, 1 + (g - 1) / 2000,
        CASE WHEN g > 2000 AND g % 3 = 0 THEN g - 2000 END, 'markdown', repeat('words ', 40), repeat('words ', 40),
        'words', 1, 0, g * 1000, CASE WHEN g % 20 = 0 THEN g * 1000 END, 0, CASE WHEN g % 100 = 0 THEN g * 1000 END, 1,
        'sent' || g, 'thread:' || 1 + (g - 1) % 2000, CASE WHEN g % 2 = 0 THEN 'discourse:' || g END
    FROM generate_series(1, 60000) g;
INSERT INTO post_edits SELECT g * 20, 1, 'words', 'markdown', 1 + g % 10000, g FROM generate_series(1, 3000) g;
INSERT INTO reactions SELECT g, 1 + g * 17 % 10000, CASE WHEN g % 2 = 0 THEN '👍' ELSE '🎉' END, g
    FROM generate_series(1, 20000) g;
INSERT INTO thread_marks SELECT 1 + g % 2000, 1 + g * 7 % 19999, 3, g, g FROM generate_series(1, 40000) g
    ON CONFLICT DO NOTHING;
INSERT INTO slow_modes SELECT 1 + g % 20, g, g FROM generate_series(1, 5000) g;
INSERT INTO count_changes SELECT g, 1 + g % 10000, 1 + g % 20, 0, 1, 0, 1, 0 FROM generate_series(1, 200) g;

INSERT INTO conversations SELECT g, CASE WHEN g % 4 = 0 THEN 'group' ELSE 'direct' END,
        CASE WHEN g % 4 <> 0 THEN g || ':' || g + 1 END, NULL, 1 + g % 10000, 'sent' || g, g * 1000, g * 2000, 1
    FROM generate_series(1, 50000) g;
INSERT INTO memberships SELECT 1 + g % 5000, 1 + g * 3 % 4999, 0, CASE WHEN g % 10 = 0 THEN 5 END, 1, 'member',
        g % 20 <> 0, FALSE, g
    FROM generate_series(1, 15000) g ON CONFLICT DO NOTHING;
INSERT INTO messages SELECT g, 1 + (g - 1) % 100, 1 + (g - 1) / 100, 1 + g * 3 % 4999, NULL, repeat('words ', 10),
        repeat('words ', 10), 'words', 'words', 1, g * 1000, NULL, 0, CASE WHEN g % 100 = 0 THEN g * 1000 END, 1, 'sent' || g
    FROM generate_series(1, 40000) g;
INSERT INTO message_edits SELECT g * 20, 1, 'words', g FROM generate_series(1, 2000) g;
INSERT INTO message_reactions SELECT g, 1 + g * 17 % 10000, '👍', g FROM generate_series(1, 10000) g;
INSERT INTO conversation_marks SELECT 1 + g * 3 % 4999, 1 + g % 5000, 3, g FROM generate_series(1, 15000) g
    ON CONFLICT DO NOTHING;
INSERT INTO blocks SELECT g, 1 + (g + 7) % 10000, g FROM generate_series(1, 2000) g;

INSERT INTO search_entries (id, kind, subject, at, author_id, thread_id, conversation_id, place, opening, revision, title,
        tags, text, terms_version)
    SELECT g * 1000, 'post', g, g * 1000, 1 + g * 7 % 10000, 1 + (g - 1) % 2000, NULL, 1 + (g - 1) / 2000, g <= 2000, 0, '',
        '', repeat('words ', 40), 1
    FROM generate_series(1, 60000) g;
INSERT INTO search_entries (id, kind, subject, at, author_id, thread_id, conversation_id, place, opening, revision, title,
        tags, text, terms_version)
    SELECT g * 1000 + 1, 'message', g, g * 1000, 1 + g * 3 % 4999, NULL, 1 + (g - 1) % 100, 1 + (g - 1) / 100, FALSE, 0, '',
        '', repeat('words ', 10), 1
    FROM generate_series(1, 40000) g;
INSERT INTO search_index SELECT id, array_to_tsvector(ARRAY['words', 'word' || subject % 5000, kind]) FROM search_entries;
INSERT INTO search_words SELECT 'word' || g, g, 20 FROM generate_series(1, 50000) g;
INSERT INTO search_word_parts SELECT g, array_to_tsvector(ARRAY['wor', 'ord', 'rd' || g % 10, 'd' || g % 100])
    FROM generate_series(1, 50000) g;
