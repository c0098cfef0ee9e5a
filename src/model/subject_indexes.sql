-- As operation_indexes.sql, of properties and events.
CREATE INDEX IF NOT EXISTS property_asset ON property (asset);
CREATE INDEX IF NOT EXISTS event_conversation ON event (conversation);
CREATE INDEX IF NOT EXISTS event_kind ON event (kind);
CREATE INDEX IF NOT EXISTS event_asset ON event (asset);
