-- By what checks and reports look up what is derived from facts.
CREATE INDEX IF NOT EXISTS address_mac ON address (mac);
CREATE INDEX IF NOT EXISTS address_asset ON address (asset);
