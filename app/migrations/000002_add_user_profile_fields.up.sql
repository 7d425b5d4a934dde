-- works with: 1
-- What a person says of themselves when registering. Empty for accounts from before and for imported ones.
-- `age` is stored with the time it was stated, since it goes on from there.
ALTER TABLE users ADD COLUMN age BIGINT;
ALTER TABLE users ADD COLUMN age_stated_at BIGINT;
ALTER TABLE users ADD COLUMN gender TEXT;
ALTER TABLE users ADD COLUMN first_name TEXT;
ALTER TABLE users ADD COLUMN last_name TEXT;
