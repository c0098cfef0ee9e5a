-- As operation_indexes.sql, of events.
CREATE INDEX IF NOT EXISTS event_conversation ON event (conversation);
CREATE INDEX IF NOT EXISTS event_kind ON event (kind);
