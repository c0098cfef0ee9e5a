-- The model file (.sekimori). Contract: names and columns change only with the schema version.
-- Times are UTC seconds since the epoch as REAL. `frame` counts from 1 within its capture.
-- A REAL holds a time of today to some 200 ns, so facts carry it in whole nanoseconds too (`*_ns`):
-- a merge of files must choose the same first frame as one observation does.
-- `capture` counts from 1; where nothing was seen, capture and frame are NULL.
-- Columns marked (derived) are recomputed from the facts after every observation and merge.

PRAGMA application_id = 0x534b4d52;  -- "SKMR"
PRAGMA user_version = 1;             -- the schema version

-- ---------------------------------------------------------------- facts: they merge by addition

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

-- What was read, and how well.
CREATE TABLE capture (
  capture INTEGER PRIMARY KEY,
  name TEXT NOT NULL,            -- last part of the path
  sha256 TEXT NOT NULL UNIQUE,
  format TEXT NOT NULL,
  link_type TEXT NOT NULL,
  packets INTEGER NOT NULL,
  bytes INTEGER NOT NULL,        -- on the wire
  first_seen REAL,
  last_seen REAL,
  vantage TEXT NOT NULL DEFAULT '',   -- letters of merge-rules 5.2: B C D F R M W; '' not told
  undecoded INTEGER NOT NULL,    -- packets of which not even the link layer could be read
  stopped INTEGER NOT NULL,      -- packets that stopped before their end; reasons in `stop`
  duplicates INTEGER NOT NULL,   -- mirror duplicates removed
  fragments_lost INTEGER NOT NULL,
  stream_gaps INTEGER NOT NULL,  -- holes in TCP streams that never filled
  gap_bytes INTEGER NOT NULL,
  one_way INTEGER NOT NULL,      -- TCP flows with payload of which only one direction was seen
  two_way INTEGER NOT NULL,      -- TCP flows with payload of which both were
  kernel_drops INTEGER NOT NULL,
  resumed INTEGER NOT NULL,      -- flows taken up in mid-stream
  cut_requests INTEGER NOT NULL, -- requests still open when observation of their flow ended
  cut_flows INTEGER NOT NULL,    -- flows still alive at the end
  orphan_replies INTEGER NOT NULL,   -- answers to requests that were not seen
  overlap_conflicts INTEGER NOT NULL, -- retransmitted bytes that differ from the first copy
  damage TEXT NOT NULL DEFAULT '',   -- where and why reading stopped early
  path_hint TEXT NOT NULL DEFAULT '', -- where `evidence` looks first; never in a report
  first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL
);

-- The files of a capture that no one file has whole (`live --raw-cap`), as far as they were there.
CREATE TABLE piece (
  capture INTEGER NOT NULL, first_frame INTEGER NOT NULL, frames INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,              -- of the first `bytes` bytes; more may have been added since
  bytes INTEGER NOT NULL,            -- of the file, headers and all
  path_hint TEXT NOT NULL,           -- as that of `capture`
  PRIMARY KEY (capture, first_frame, frames, name, sha256, bytes, path_hint)) WITHOUT ROWID;

-- Why packets stopped: a row for each layer, reason and limit met.
CREATE TABLE stop (capture INTEGER, layer TEXT, reason TEXT, limited_by TEXT, packets INTEGER,
                   frame INTEGER, PRIMARY KEY (capture, layer, reason, limited_by)) WITHOUT ROWID;

-- Bounds of the engine that were reached, and how often.
CREATE TABLE cap (name TEXT PRIMARY KEY, bound INTEGER, reached INTEGER) WITHOUT ROWID;

-- Which MAC was seen sending from which address.
CREATE TABLE binding (
  mac TEXT, ip TEXT, segment TEXT,   -- ip '' where the station sent no IP
  claims INTEGER NOT NULL,           -- ARP, neighbour discovery, DHCP: the station says it has ip
  packets INTEGER NOT NULL,
  ttl_low INTEGER, ttl_high INTEGER,
  first_seen REAL, last_seen REAL, capture INTEGER, frame INTEGER,
  last_capture INTEGER, last_frame INTEGER, first_ns INTEGER, last_ns INTEGER,
  PRIMARY KEY (mac, ip, segment)) WITHOUT ROWID;

CREATE TABLE property (
  asset INTEGER,                     -- (derived)
  name TEXT NOT NULL, value TEXT NOT NULL,
  source TEXT NOT NULL,              -- protocol that said it
  confidence INTEGER NOT NULL,       -- percent
  mac TEXT, ip TEXT, segment TEXT, unit INTEGER,   -- about whom; unit NULL: the station itself
  count INTEGER NOT NULL,
  first_seen REAL, last_seen REAL, capture INTEGER, frame INTEGER,
  last_capture INTEGER, last_frame INTEGER, first_ns INTEGER, last_ns INTEGER);

CREATE TABLE conversation (
  conversation INTEGER PRIMARY KEY,
  client INTEGER, client_ip TEXT,    -- asset (derived); ip NULL below IP
  server INTEGER, server_ip TEXT,
  client_mac TEXT, server_mac TEXT,
  transport TEXT NOT NULL,           -- tcp, udp, ip, ethernet, llc, snap, wlan
  port,                              -- INTEGER; '' below UDP and TCP
  protocol TEXT NOT NULL,            -- '' where no dissector accepted it
  segment TEXT NOT NULL,
  client_zone INTEGER, server_zone INTEGER,   -- (derived)
  direction_reason TEXT NOT NULL,    -- payload, handshake, port, first
  attempted INTEGER NOT NULL, established INTEGER NOT NULL, refused INTEGER NOT NULL,
  unanswered INTEGER NOT NULL, resumed INTEGER NOT NULL,
  packets INTEGER NOT NULL, bytes INTEGER NOT NULL,   -- on the wire, both directions
  client_packets INTEGER NOT NULL, server_packets INTEGER NOT NULL,
  client_bytes INTEGER NOT NULL, server_bytes INTEGER NOT NULL,   -- payload
  first_seen REAL, last_seen REAL,
  longest REAL NOT NULL DEFAULT 0,   -- seconds that the longest flow lived
  strength TEXT NOT NULL,            -- S1, S2, S3 of merge-rules 5.3
  encrypted INTEGER NOT NULL,        -- 1 where all of it is, as far as seen
  copy_of INTEGER,                   -- (derived) the same packets seen again behind a router
  capture INTEGER, frame INTEGER, last_capture INTEGER, last_frame INTEGER,
  number INTEGER NOT NULL,           -- port, EtherType, SAP, IP protocol ...: what `transport` counts in
  requests_seen INTEGER NOT NULL, replies_seen INTEGER NOT NULL,     -- messages decoded
  clear_flows INTEGER NOT NULL, encrypted_flows INTEGER NOT NULL,    -- with payload
  longest_ns INTEGER NOT NULL, first_ns INTEGER, last_ns INTEGER);

CREATE TABLE operation (
  operation INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL,
  protocol TEXT NOT NULL,            -- the conversation's, or one inside it (CIP in EtherNet/IP)
  code TEXT NOT NULL, name TEXT NOT NULL,
  access TEXT NOT NULL, target TEXT NOT NULL,
  sender TEXT NOT NULL,              -- client, or server where the server asks
  requests INTEGER NOT NULL,         -- = executed + rejected + unanswered + unconfirmed
  executed INTEGER NOT NULL, rejected INTEGER NOT NULL, unanswered INTEGER NOT NULL,
  unconfirmed INTEGER NOT NULL,      -- no answer is expected
  unit INTEGER, object TEXT, low INTEGER, high INTEGER,   -- the parts of target
  first_seen REAL, last_seen REAL,
  capture INTEGER, frame INTEGER, last_capture INTEGER, last_frame INTEGER,
  number INTEGER NOT NULL,           -- the code as a number
  first_ns INTEGER, last_ns INTEGER);

-- Reasons of rejections, in the protocol's own numbers.
CREATE TABLE rejection (operation INTEGER, reason INTEGER, count INTEGER,
                        capture INTEGER, frame INTEGER, first_ns INTEGER,
                        PRIMARY KEY (operation, reason)) WITHOUT ROWID;

CREATE TABLE event (
  event INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  conversation INTEGER,
  asset INTEGER,                     -- (derived) whom it is about
  detail TEXT NOT NULL,
  mac TEXT, ip TEXT, segment TEXT, unit INTEGER,
  count INTEGER NOT NULL,
  first_seen REAL, last_seen REAL,
  capture INTEGER, frame INTEGER, last_capture INTEGER, last_frame INTEGER,
  first_ns INTEGER, last_ns INTEGER);

-- ICMP's word that a packet was not delivered.
CREATE TABLE blocked (
  by_ip TEXT, source_ip TEXT, destination_ip TEXT, segment TEXT, transport TEXT, port INTEGER,
  type INTEGER, code INTEGER, count INTEGER, first_seen REAL, last_seen REAL,
  capture INTEGER, frame INTEGER, last_capture INTEGER, last_frame INTEGER,
  first_ns INTEGER, last_ns INTEGER);

-- ------------------------------------------------------- derived: recomputed after every merge

CREATE TABLE asset (
  asset INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                -- device, unit (behind another's address), external, group
  name TEXT NOT NULL,                -- best name known, else address
  role TEXT NOT NULL,                -- plc rtu ied io safety_controller hmi historian
                                     -- engineering_station scada_server opc_server workstation
                                     -- server router switch firewall access_point gateway
                                     -- jump_host printer camera external unknown
  role_confidence INTEGER NOT NULL,  -- percent
  role_reason TEXT NOT NULL,         -- the facts that decided, and the runner-up
  level REAL, level_confidence INTEGER NOT NULL, level_reason TEXT NOT NULL,   -- Purdue, 0 to 5 with 3.5
  zone INTEGER, zone_confidence INTEGER NOT NULL, zone_reason TEXT NOT NULL,
  vendor TEXT NOT NULL, model TEXT NOT NULL, firmware TEXT NOT NULL, serial TEXT NOT NULL,
  os TEXT NOT NULL,
  is_controller INTEGER NOT NULL,    -- role is plc, rtu, ied, io or safety_controller
  first_seen REAL, last_seen REAL, capture INTEGER, frame INTEGER);

CREATE TABLE address (asset INTEGER, mac TEXT, ip TEXT, segment TEXT, on_link INTEGER);

-- on_link: 1 the MAC is the asset's own, 0 it is a router's, NULL cannot tell.

CREATE TABLE service (
  asset INTEGER, transport TEXT, port, protocol TEXT, confidence INTEGER, encrypted INTEGER,
  clients INTEGER, strength TEXT, capture INTEGER, frame INTEGER);

CREATE TABLE zone (
  zone INTEGER PRIMARY KEY, name TEXT NOT NULL,
  kind TEXT NOT NULL,                -- office dmz control field safety remote management wireless
                                     -- external unknown
  side TEXT NOT NULL,                -- IT DMZ OT SIS REMOTE MGMT EXT, '' unknown (merge-rules 5.2)
  level REAL, declared INTEGER NOT NULL, confidence INTEGER NOT NULL, reason TEXT NOT NULL,
  name_ja TEXT NOT NULL DEFAULT ''); -- '': as name

CREATE TABLE conduit (
  conduit INTEGER PRIMARY KEY, from_zone INTEGER, to_zone INTEGER,
  conversations INTEGER, services INTEGER, protocols TEXT, packets INTEGER, bytes INTEGER,
  two_way INTEGER, controls INTEGER, -- operations that change state
  first_seen REAL, last_seen REAL, capture INTEGER, frame INTEGER);

-- Is there a filter between two zones? verdict: present, absent, unknown.
CREATE TABLE wall (
  from_zone INTEGER, to_zone INTEGER, verdict TEXT NOT NULL, confidence INTEGER NOT NULL,
  signs TEXT NOT NULL,               -- JSON: [{"sign":…, "count":…, "capture":…, "frame":…}]
  capture INTEGER, frame INTEGER, PRIMARY KEY (from_zone, to_zone)) WITHOUT ROWID;

CREATE TABLE check_result (
  check_id TEXT PRIMARY KEY, ruleset TEXT NOT NULL,
  result TEXT NOT NULL,              -- violated, met, unseen
  findings INTEGER NOT NULL, note TEXT NOT NULL DEFAULT '') WITHOUT ROWID;

CREATE TABLE finding (
  finding TEXT PRIMARY KEY,          -- `SEG-01.1`: the check's id and a running number
  check_id TEXT NOT NULL, subject TEXT NOT NULL, severity TEXT NOT NULL,   -- critical high medium low info
  text_en TEXT NOT NULL, text_ja TEXT NOT NULL,
  client INTEGER, server INTEGER, asset INTEGER, conversation INTEGER, operation INTEGER,
  client_zone INTEGER, server_zone INTEGER,
  first_seen REAL, last_seen REAL,
  strength TEXT, count INTEGER,
  capture INTEGER, frame INTEGER) WITHOUT ROWID;

-- The frames that prove a finding; the first of them also stands in `finding`.
CREATE TABLE proof (finding TEXT, capture INTEGER, frame INTEGER,
                    PRIMARY KEY (finding, capture, frame)) WITHOUT ROWID;

CREATE TABLE verdict (
  question TEXT NOT NULL, area TEXT NOT NULL,
  claimed TEXT NOT NULL,             -- yes partial no na, '' unanswered
  evidence TEXT NOT NULL,            -- strong limited silent supporting uncovered, '' no rule
  adjusted TEXT NOT NULL, verdict TEXT NOT NULL,   -- merge-rules 5.4
  weight REAL NOT NULL, note_en TEXT NOT NULL, note_ja TEXT NOT NULL, flag INTEGER NOT NULL,
  system INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (question, system)) WITHOUT ROWID;

-- What a verdict rests on.
CREATE TABLE verdict_fact (
  question TEXT, rule TEXT, kind TEXT,   -- against, for, flag
  strength TEXT, text_en TEXT, text_ja TEXT, finding TEXT, conversation INTEGER,
  capture INTEGER, frame INTEGER, last_capture INTEGER, last_frame INTEGER,
  system INTEGER NOT NULL DEFAULT 1);

-- The systems that have answers of their own, in the order of the site file; none where one sheet
-- is for the whole site, which then is system 1.
CREATE TABLE system (
  system INTEGER PRIMARY KEY, name TEXT NOT NULL, name_ja TEXT NOT NULL,
  kind TEXT NOT NULL,                -- ics, telemetry
  zones TEXT NOT NULL, captures TEXT NOT NULL);   -- numbers with commas; '' all

-- ------------------------------------------------ knowledge: the same rows in every model file

-- Protocols that steer or read a process, its devices or its drives.
CREATE TABLE industrial_protocol (protocol TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO industrial_protocol VALUES
  ('modbus'), ('modbus_rtu'), ('umas'), ('s7comm'), ('s7comm_plus'), ('enip'), ('cip'), ('cip_io'), ('pccc'),
  ('csp'), ('dnp3'), ('iec104'), ('mms'), ('goose'), ('sv'), ('opcua'), ('opcda'), ('bacnet'), ('fins'),
  ('slmp'), ('melsoft'), ('cclink_ie'), ('hart_ip'), ('srtp'), ('egd'), ('fox'), ('codesys'), ('crimson'),
  ('pcworx'), ('proconos'), ('ads'), ('c37118'), ('knxnet'), ('c1222'), ('roc_plus'), ('bsap'), ('genisys'),
  ('tristation'), ('tsaa'), ('ff_hse'), ('sbus'), ('esio'), ('atg'), ('trdp'), ('pcom'), ('hap'), ('dlms'),
  ('lontalk'), ('vnetip'), ('fam3'), ('ehv'), ('toyopuc'), ('flnet'), ('kv'), ('mewtocol'), ('xgt'), ('fatek'),
  ('profinet'), ('profinet_dcp'), ('profinet_cm'), ('profinet_rt'), ('ethercat'), ('powerlink'), ('sercos'),
  ('mechatrolink'), ('df1'), ('mqtt'), ('melsec'), ('ge_srtp'), ('codesys_v2'), ('codesys_v3'), ('ether_s_bus'),
  ('ether_s_io'), ('sel_fast'), ('knxnet_ip'), ('opc_da');

-- Protocols that carry what they manage, and often a password, readable.
CREATE TABLE cleartext_protocol (protocol TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO cleartext_protocol VALUES
  ('telnet'), ('ftp'), ('tftp'), ('http'), ('snmp'), ('vnc'), ('smtp'), ('pop3'), ('imap'), ('ldap'),
  ('rlogin'), ('rsh'), ('rexec'), ('nfs'), ('x11'), ('mqtt'), ('sip'), ('irc'), ('syslog');

-- Protocols by which somebody works on, or tunnels to, a machine elsewhere.
CREATE TABLE remote_protocol (protocol TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO remote_protocol VALUES
  ('rdp'), ('vnc'), ('ssh'), ('telnet'), ('rlogin'), ('rsh'), ('x11'), ('winrm'), ('teamviewer'), ('anydesk'),
  ('openvpn'), ('ike'), ('esp'), ('wireguard'), ('pptp'), ('l2tp'), ('gre'), ('ip-in-ip'), ('6in4'), ('socks');

-- What usually rides where; only for what no dissector accepted, and never proof.
CREATE TABLE known_service (transport TEXT, number INTEGER, protocol TEXT NOT NULL,
                            PRIMARY KEY (transport, number)) WITHOUT ROWID;
INSERT INTO known_service VALUES
  ('tcp', 21, 'ftp'), ('tcp', 22, 'ssh'), ('tcp', 23, 'telnet'), ('tcp', 25, 'smtp'), ('tcp', 53, 'dns'),
  ('tcp', 80, 'http'), ('tcp', 88, 'kerberos'), ('tcp', 110, 'pop3'), ('tcp', 111, 'rpcbind'),
  ('tcp', 135, 'msrpc'), ('tcp', 139, 'smb'), ('tcp', 143, 'imap'), ('tcp', 389, 'ldap'), ('tcp', 443, 'tls'),
  ('tcp', 445, 'smb'), ('tcp', 465, 'smtp'), ('tcp', 512, 'rexec'), ('tcp', 513, 'rlogin'), ('tcp', 514, 'rsh'),
  ('tcp', 587, 'smtp'), ('tcp', 601, 'syslog'), ('tcp', 636, 'ldap'), ('tcp', 993, 'imap'), ('tcp', 995, 'pop3'), ('tcp', 1080, 'socks'),
  ('tcp', 1194, 'openvpn'), ('tcp', 1433, 'tds'), ('tcp', 1521, 'tns'), ('tcp', 1723, 'pptp'),
  ('tcp', 2049, 'nfs'), ('tcp', 3128, 'proxy'), ('tcp', 3268, 'ldap'), ('tcp', 3306, 'mysql'), ('tcp', 3389, 'rdp'),
  ('tcp', 5432, 'postgresql'), ('tcp', 5900, 'vnc'), ('tcp', 5901, 'vnc'), ('tcp', 5902, 'vnc'),
  ('tcp', 5938, 'teamviewer'), ('tcp', 5985, 'winrm'), ('tcp', 5986, 'winrm'), ('tcp', 6000, 'x11'),
  ('tcp', 6568, 'anydesk'), ('tcp', 8080, 'http'), ('tcp', 8443, 'tls'),
  ('udp', 53, 'dns'), ('udp', 67, 'dhcp'), ('udp', 69, 'tftp'), ('udp', 88, 'kerberos'), ('udp', 111, 'rpcbind'),
  ('udp', 123, 'ntp'), ('udp', 137, 'nbns'), ('udp', 138, 'nbdgm'), ('udp', 161, 'snmp'), ('udp', 162, 'snmp'),
  ('udp', 389, 'ldap'), ('udp', 443, 'quic'), ('udp', 500, 'ike'), ('udp', 514, 'syslog'), ('udp', 547, 'dhcpv6'),
  ('udp', 1194, 'openvpn'), ('udp', 1434, 'mssql'), ('udp', 1645, 'radius'), ('udp', 1646, 'radius'),
  ('udp', 1701, 'l2tp'), ('udp', 1812, 'radius'), ('udp', 1813, 'radius'), ('udp', 1985, 'hsrp'),
  ('udp', 2049, 'nfs'), ('udp', 4500, 'ike'), ('udp', 5246, 'capwap'), ('udp', 5247, 'capwap'),
  ('udp', 51820, 'wireguard'), ('ip', 4, 'ip-in-ip'), ('ip', 41, '6in4'), ('ip', 47, 'gre'), ('ip', 50, 'esp'), ('ip', 51, 'ah'), ('ip', 112, 'vrrp'),
  ('ip', 115, 'l2tp');

-- ------------------------------------------------------------------------------- views for rules

-- What rides inside a more general protocol and is told by what was said: remote management of
-- Windows by its door in HTTP, AnyDesk by the names in its TLS.
CREATE VIEW told_service AS
  SELECT conversation, 'winrm' AS service FROM operation WHERE protocol = 'http' AND object = 'wsman'
  UNION
  SELECT conversation, 'anydesk' FROM event
  WHERE (kind = 'certificate' AND (detail LIKE '%CN=AnyDesk Client%' OR detail LIKE '%CN=AnyNet Relay%'))
     OR (kind = 'server-name' AND detail LIKE '%.net.anydesk.com');

-- A conversation with both ends spelled out; copies behind a router left out.
CREATE VIEW talk AS
  SELECT c.*, COALESCE(ca.name, c.client_ip, c.client_mac) AS client_name, ca.role AS client_role, ca.is_controller AS client_is_controller,
         ca.level AS client_level, ca.kind AS client_kind,
         COALESCE(sa.name, c.server_ip, c.server_mac) AS server_name, sa.role AS server_role, sa.is_controller AS server_is_controller,
         sa.level AS server_level, sa.kind AS server_kind,
         cz.name AS client_zone_name, cz.kind AS client_zone_kind, cz.side AS client_side, cz.declared AS client_zone_declared,
         sz.name AS server_zone_name, sz.kind AS server_zone_kind, sz.side AS server_side, sz.declared AS server_zone_declared,
         (c.strength <> 'S1') AS two_way,
         (c.client_zone <> c.server_zone) AS crosses,
         -- the protocol where its bytes proved it, else what usually rides there; '' unknown
         COALESCE(told.service, NULLIF(c.protocol, ''),
                  (SELECT k.protocol FROM known_service k
                   WHERE k.transport = c.transport AND k.number = c.number), '') AS service,
         -- the same for people: transport/number where it is unknown
         COALESCE(told.service, NULLIF(c.protocol, ''),
                  (SELECT k.protocol FROM known_service k
                   WHERE k.transport = c.transport AND k.number = c.number),
                  c.transport || '/' || c.number) AS service_name,
         EXISTS (SELECT 1 FROM exception) AND
         EXISTS (SELECT 1 FROM exception e
                 WHERE e.client IN ('', c.client_ip, ca.name, cz.name)
                   AND e.server IN ('', c.server_ip, sa.name, sz.name)
                   AND e.transport IN ('', c.transport) AND e.port IN ('', c.port)) AS excepted
  FROM conversation c
  LEFT JOIN asset ca ON ca.asset = c.client LEFT JOIN asset sa ON sa.asset = c.server
  LEFT JOIN zone cz ON cz.zone = c.client_zone LEFT JOIN zone sz ON sz.zone = c.server_zone
  -- winrm where both are told
  LEFT JOIN (SELECT conversation, MAX(service) AS service FROM told_service GROUP BY conversation) told
    ON told.conversation = c.conversation
  WHERE c.copy_of IS NULL;

-- A talk that anybody on the way can read. SNMP counts where v1 or v2c was decoded.
CREATE VIEW cleartext AS
  SELECT * FROM talk
  WHERE encrypted = 0 AND service IN (SELECT protocol FROM cleartext_protocol)
    AND (service <> 'snmp' OR EXISTS (SELECT 1 FROM event v
           WHERE v.conversation = talk.conversation AND v.kind = 'version'
             AND v.detail IN ('SNMP v1', 'SNMP v2c')));

-- A talk whose two ends lie in different zones.
CREATE VIEW crossing AS SELECT * FROM talk WHERE crosses = 1;

-- An operation with its talk. `changes` marks the accesses that change state.
CREATE VIEW action AS
  SELECT o.operation, o.protocol AS operation_protocol, o.code, o.name AS operation_name, o.access, o.target, o.sender, o.requests, o.executed,
         o.rejected, o.unanswered AS operation_unanswered, o.unconfirmed,
         o.first_seen AS operation_first_seen, o.last_seen AS operation_last_seen,
         o.capture AS operation_capture, o.frame AS operation_frame,
         o.last_capture AS operation_last_capture, o.last_frame AS operation_last_frame,
         (o.access IN ('write','force','control','program','firmware','file','configure','time')) AS changes,
         t.*
  FROM operation o JOIN talk t USING (conversation);

CREATE VIEW crossing_action AS SELECT * FROM action WHERE crosses = 1;

-- A login, with what became of it as far as its conversation tells: `refused` where there are as many
-- refusals as logins, `accepted` where it came after the last refusal or more often than they,
-- `unclear` where some were refused and it does not show which.
CREATE VIEW login AS
  SELECT e.*, CASE WHEN r.refusals IS NULL OR e.count > r.refusals OR e.last_ns > r.last_ns THEN 'accepted'
                   WHEN r.refusals >= (SELECT SUM(a.count) FROM event a
                                       WHERE a.kind IN ('login','cleartext-login','anonymous-login')
                                         AND a.conversation = e.conversation) THEN 'refused'
                   ELSE 'unclear' END AS outcome
  FROM event e
  LEFT JOIN (SELECT conversation, SUM(count) AS refusals, MAX(last_ns) AS last_ns FROM event
             WHERE kind = 'login-rejected' AND conversation IS NOT NULL GROUP BY conversation) r
    ON r.conversation = e.conversation
  WHERE e.kind IN ('login','cleartext-login','anonymous-login');

-- Protocols that steer or read a process.
CREATE VIEW industrial AS SELECT * FROM talk WHERE protocol IN (SELECT protocol FROM industrial_protocol);

-- Days that the captures span, and how well both directions were seen (merge-rules 5.3).
CREATE VIEW coverage AS
  SELECT COUNT(*) AS captures, SUM(packets) AS packets,
         (MAX(last_seen) - MIN(first_seen)) / 86400.0 AS span_days,
         -- what two captures saw at once counts once
         (SELECT SUM(MAX(w.last_seen - MAX(w.first_seen, COALESCE(w.seen_until, w.first_seen)), 0))
          FROM (SELECT first_seen, last_seen,
                       MAX(last_seen) OVER (ORDER BY first_seen, last_seen
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seen_until
                FROM capture) w) / 86400.0 AS seen_days,
         CASE WHEN SUM(one_way + two_way) > 0 THEN 1.0 * SUM(two_way) / SUM(one_way + two_way) END AS both_directions,
         1.0 * (SUM(kernel_drops) + SUM(stream_gaps) + SUM(fragments_lost)) /
           MAX(SUM(packets) + SUM(kernel_drops) + SUM(stream_gaps) + SUM(fragments_lost), 1) AS loss
  FROM capture;

-- ---------------------------------------- what the plant hands over: the lists of `assess`, as read
-- `entry` is the row of the file. An end is an address, a block of addresses, or the name of an
-- asset or zone; '' stands for any. Times are as everywhere; an hour is a minute of the day in UTC.

-- Which lists were given: one without entries says that there is nothing of the kind.
CREATE TABLE list (list TEXT PRIMARY KEY, entries INTEGER NOT NULL) WITHOUT ROWID;

-- (derived) Which entry covers which conversation or asset.
CREATE TABLE listing (list TEXT NOT NULL, entry INTEGER NOT NULL, conversation INTEGER, asset INTEGER);
CREATE INDEX listing_place ON listing (list, entry, conversation, asset);
CREATE INDEX listing_conversation ON listing (list, conversation);

-- Flows declared as exceptions from a rule.
CREATE TABLE exception (client TEXT, server TEXT, transport TEXT, port, note TEXT);
CREATE TABLE listed_asset (
  entry INTEGER, name TEXT, ip TEXT, mac TEXT, role TEXT, kind TEXT, vendor TEXT, model TEXT, firmware TEXT,
  isolated INTEGER,                  -- 1: has listed control peers only
  reviewed INTEGER,                  -- 1: the last review of vulnerabilities names it
  note TEXT);
-- The firewall's matrix.
CREATE TABLE listed_flow (entry INTEGER, client TEXT, server TEXT, transport TEXT, port, protocol TEXT, note TEXT);
-- Paths of remote access.
CREATE TABLE listed_path (
  entry INTEGER, client TEXT, server TEXT, transport TEXT, port, protocol TEXT,
  kind TEXT,                         -- vpn, dial-up, cellular ... as the plant calls it
  hours_from INTEGER, hours_until INTEGER,   -- over midnight where `until` is smaller; NULL any
  reviewed INTEGER, note TEXT);
CREATE TABLE listed_station (entry INTEGER, host TEXT, note TEXT);   -- engineering stations
CREATE TABLE listed_party (entry INTEGER, name TEXT, address TEXT, certificate TEXT, server_name TEXT, note TEXT);
CREATE TABLE listed_change (
  entry INTEGER, since REAL, until REAL, host TEXT,
  kind TEXT,                         -- change project acceptance risk incident
  what TEXT);
CREATE TABLE listed_approval (entry INTEGER, client TEXT, server TEXT, since REAL, until REAL, note TEXT);
CREATE TABLE listed_leaver (entry INTEGER, account TEXT, left_on REAL, note TEXT);
