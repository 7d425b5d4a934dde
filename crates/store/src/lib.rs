//! One SQL text on SQLite or PostgreSQL: reads, batches, migrations; knows no table.
