DROP TABLE blocks;
DROP TABLE conversation_marks;
DROP TABLE message_reactions;
DROP TABLE message_edits;
DROP TABLE messages;
DROP TABLE memberships;
DROP TABLE conversations;
