-- By what checks and reports look facts up. Without them a join of two large tables is a walk through
-- one for each row of the other.
CREATE INDEX IF NOT EXISTS operation_conversation ON operation (conversation);
CREATE INDEX IF NOT EXISTS operation_access ON operation (access);
