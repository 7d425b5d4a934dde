DROP TABLE count_changes;
