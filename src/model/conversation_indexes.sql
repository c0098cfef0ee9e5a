-- As operation_indexes.sql, of conversations.
CREATE INDEX IF NOT EXISTS conversation_client ON conversation (client);
CREATE INDEX IF NOT EXISTS conversation_server ON conversation (server);
