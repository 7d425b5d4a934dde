ALTER TABLE users DROP COLUMN last_name;
ALTER TABLE users DROP COLUMN first_name;
ALTER TABLE users DROP COLUMN gender;
ALTER TABLE users DROP COLUMN age_stated_at;
ALTER TABLE users DROP COLUMN age;
