-- works with: 2
-- What commits changed of the counts of boards and people, until a job adds it to them in one go: so that replies in one
-- board never queue behind its row. A change has a row for each person whose counts it concerns.
CREATE TABLE count_changes (
    change        BIGINT NOT NULL,
    user_id       BIGINT NOT NULL,
    board_id      BIGINT NOT NULL,
    board_threads BIGINT NOT NULL,
    board_posts   BIGINT NOT NULL,
    user_threads  BIGINT NOT NULL,
    user_posts    BIGINT NOT NULL,
    user_likes    BIGINT NOT NULL,
    PRIMARY KEY (change, user_id)
);
