-- By what checks and reports look rows up. Without them a join of two large tables is a walk through
-- one for each row of the other.
CREATE INDEX IF NOT EXISTS address_mac ON address (mac);
CREATE INDEX IF NOT EXISTS address_asset ON address (asset);
CREATE INDEX IF NOT EXISTS property_asset ON property (asset);
CREATE INDEX IF NOT EXISTS conversation_client ON conversation (client);
CREATE INDEX IF NOT EXISTS conversation_server ON conversation (server);
CREATE INDEX IF NOT EXISTS operation_conversation ON operation (conversation);
CREATE INDEX IF NOT EXISTS event_conversation ON event (conversation);
CREATE INDEX IF NOT EXISTS event_asset ON event (asset);
CREATE INDEX IF NOT EXISTS operation_access ON operation (access);
CREATE INDEX IF NOT EXISTS event_kind ON event (kind);
