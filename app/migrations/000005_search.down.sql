DROP TABLE search_progress;
DROP TABLE search_word_parts;
DROP TABLE search_words;
DROP TABLE search_index;
DROP TABLE search_entries;
