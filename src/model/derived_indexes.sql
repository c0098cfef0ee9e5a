-- By what checks and reports look up what is derived from facts.
CREATE INDEX IF NOT EXISTS address_mac ON address (mac);
CREATE INDEX IF NOT EXISTS address_asset ON address (asset);
CREATE INDEX IF NOT EXISTS property_asset ON property (asset);
CREATE INDEX IF NOT EXISTS conversation_client ON conversation (client);
CREATE INDEX IF NOT EXISTS conversation_server ON conversation (server);
CREATE INDEX IF NOT EXISTS event_asset ON event (asset);
