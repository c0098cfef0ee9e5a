#include "sekimori/assess/plant_list.h"

#include "sekimori/bytes/error.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace sekimori::test {
namespace {

struct Case {
  std::string name, kind, text, says;  // `says`: what was read, or the error
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.kind << ": " << c.name;
}

std::string said(const std::string& kind, const std::string& text) {
  try {
    std::string all;
    for (const auto& entry : parse_list(kind, text, "x.csv").entries) {
      all += std::to_string(entry.row) + ':';
      for (const auto& cell : entry.cells) all += ' ' + (cell.empty() ? "-" : cell);
      all += ';';
    }
    return all;
  } catch (const Error& error) {
    return error.what();
  }
}

// 2026-04-06T00:00Z, a Monday, is 1775433600.
const std::vector<Case> cases{
    {"a row", "exceptions", "client,server,transport,port,note\n10.1.1.5,10.2.2.7,tcp,502,why\n",
     "2: 10.1.1.5 10.2.2.7 tcp 502 why;"},
    {"'' is any", "exceptions", "client,server,transport,port,note\n,10.2.2.7,,,\n",
     "2: - 10.2.2.7 - - -;"},
    {"columns in any order, a mark, CRLF, blanks, capitals", "exceptions",
     "\xef\xbb\xbfserver,client,port,Transport\r\n 10.2.2.7 ,Office,443,TCP\r\n\r\n",
     "2: Office 10.2.2.7 tcp 443 -;"},
    {"a quoted note", "exceptions", "client,server,note\na,b,\"one, \"\"two\"\"\nthree\"\n",
     "2: a b - - one, \"two\"\nthree;"},
    {"an address in its usual form", "exceptions", "client,server\nFD00:0::7,\n",
     "2: fd00::7 - - - -;"},
    {"JSON", "exceptions",
     R"([{"client": "a", "server": "b", "transport": "udp", "port": 53, "note": null}])",
     "1: a b udp 53 -;"},
    {"semicolons, as some spreadsheets write", "engineering", "host;note\nEWS-01;x\n",
     "2: EWS-01 x;"},
    {"CP932", "engineering", "host,note\n\x95\xdb\x8e\xe7\x92\x5b\x96\x96,x\n", "2: 保守端末 x;"},
    {"addresses of an asset", "assets",
     "name,ip,mac,isolated,reviewed\nPLC-1,010.0.0.1,,,\n,10.0.0.1,00-80-F4-40-00-11,はい,no\n",
     "x.csv: row 2: ip: \"010.0.0.1\" is no address such as 10.30.0.11"},
    {"an asset", "assets", "name,ip,mac,isolated,reviewed\n,10.0.0.1,00-80-F4-40-00-11,はい,no\n",
     "2: - 10.0.0.1 00:80:f4:40:00:11 - - - - - 1 - -;"},
    {"a block", "flows", "client,server,port,protocol\n10.10.0.0/24,Control,443,tls\n",
     "2: 10.10.0.0/24 Control - 443 tls -;"},
    {"hours", "remote-access", "client,hours\nvendor,08:00-18:00+09:00\nvendor,22:00 - 02:30 Z\n",
     "2: vendor - - - - - 1380-540 - -;3: vendor - - - - - 1320-150 - -;"},
    {"times", "changes",
     "since,until,host,kind,what\n2026-04-06 09:00 +09:00,2026-04-06T12:30:00Z,PLC,,load\n",
     "2: 1775433600 1775478600 PLC change load;"},
    {"days", "changes", "since,until,what\n2026/04/06,2026-04-06,load\n",
     "2: 1775383200 1775563200 - change load;"},
    {"no offset", "approvals", "client,since,until\na,2026-04-06 09:00,2026-04-07\n",
     "x.csv: row 2: since: \"2026-04-06 09:00\" is no time with its offset from UTC, such as "
     "2026-04-06T09:00+09:00, and no day"},
    {"no such day", "leavers", "account,left_on\nx,2026-02-30\n",
     "x.csv: row 2: left_on: \"2026-02-30\" is no time with its offset from UTC, such as "
     "2026-04-06T09:00+09:00, and no day"},
    {"no hours", "remote-access", "client,hours\nvendor,8 to 5\n",
     "x.csv: row 2: hours: \"8 to 5\" are no hours with their offset from UTC, such as "
     "08:00-18:00+09:00"},
    {"neither yes nor no", "assets", "ip,isolated\n10.0.0.1,perhaps\n",
     "x.csv: row 2: isolated: \"perhaps\" is neither yes nor no"},
    {"no kind of change", "changes", "since,until,what,kind\n2026-04-06,2026-04-06,x,projct\n",
     "x.csv: row 2: kind: \"projct\" is none of change, project, acceptance, risk, incident; did "
     "you mean \"project\"?"},
    {"what is needed", "engineering", "host,note\n,x\n", "x.csv: row 2: host: is needed"},
    {"no block", "third-parties", "address\n130.225.0.0/33\n",
     "x.csv: row 2: address: \"130.225.0.0/33\" is no block of addresses such as 130.225.0.0/24"},
    {"an unknown column", "exceptions", "client,sever\n",
     "x.csv: row 1: no such column: \"sever\"; did you mean \"server\"?"},
    {"a column twice", "exceptions", "client,client\n",
     "x.csv: row 1: the column \"client\" stands twice"},
    {"too many cells", "exceptions", "client,server\na,b,c\n",
     "x.csv: row 2: 3 cells, but the header has 2"},
    {"no such transport", "exceptions", "client,transport\na,http\n",
     "x.csv: row 2: transport: \"http\" is none of tcp, udp, ip, ethernet, llc, snap, wlan; did "
     "you mean \"tcp\"?"},
    {"no port", "exceptions", "client,port\na,50x\n",
     "x.csv: row 2: port: not a port: \"50x\"; 0 to 65535, or empty for any"},
    {"a port too high", "exceptions", "client,port\na,65536\n",
     "x.csv: row 2: port: not a port: \"65536\"; 0 to 65535, or empty for any"},
    {"everything", "exceptions", "client,server,port\n,,502\n",
     "x.csv: row 2: all of client, server are empty: the entry would cover anything"},
    {"an open quote", "exceptions", "client\n\"a\n", "x.csv: row 2: a quote is never closed"},
    {"text behind a quote", "exceptions", "client\n\"a\"b\n",
     "x.csv: row 2: something follows a closing quote"},
    {"nothing", "exceptions", "", "x.csv: empty: the first row names the columns"},
    {"a header alone: there is nothing of the kind", "remote-access", "client,server\n", ""},
    {"a JSON object", "exceptions", R"({"client": "a"})", "x.csv: not a JSON array of objects"},
    {"JSON with an unknown key", "exceptions", R"([{"banana": "a"}])",
     "x.csv: row 1: no such column: \"banana\""},
    {"JSON with a list", "exceptions", R"([{"client": ["a"]}])",
     "x.csv: row 1: client: neither text nor a whole number"},
    {"another list", "asets", "ip\n", "no such list: \"asets\"; did you mean \"assets\"?"},
};

TEST_CASE("Lists: what is read, and what is refused", "[lists]") {
  const auto& c = GENERATE(from_range(cases));
  CAPTURE(c);
  CHECK(said(c.kind, c.text) == c.says);
}

TEST_CASE("Lists: each kind has its table, column for column", "[lists]") {
  Database model{":memory:", Database::Mode::create};
  model.execute(schema_sql());
  for (const auto& kind : list_kinds()) {
    CAPTURE(kind.name);
    std::vector<PlantList> lists;
    lists.push_back({&kind, {{2, std::vector<std::string>(kind.columns.size())}}});
    CHECK_NOTHROW(write_lists(lists, model));
    auto row = model.prepare("SELECT COUNT(*) FROM " + std::string{kind.table});
    REQUIRE(row.step());
    CHECK(row.integer(0) == 1);
  }
}

TEST_CASE("Lists: README names every one with its columns", "[lists]") {
  std::ifstream in{SEKIMORI_SOURCE_DIR "/README.md"};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  for (const auto& kind : list_kinds()) {
    std::string columns;
    for (const auto& column : kind.columns)
      columns += (columns.empty() ? "" : ", ") + std::string{column.name};
    CAPTURE(kind.name, columns);
    CHECK(text.find("| `--" + std::string{kind.name} + "` | ") != std::string::npos);
    CHECK(text.find("| " + columns + " |") != std::string::npos);
  }
}

TEST_CASE("Lists: a port is compared as the number that it is", "[lists]") {
  Database model{":memory:", Database::Mode::create};
  model.execute(schema_sql());
  write_lists({parse_list("exceptions", "client,port\na,502\na,\n", "x.csv")}, model);
  auto row = model.prepare(
      "SELECT COUNT(*) FILTER (WHERE port = 502), COUNT(*) FILTER (WHERE port = '') FROM "
      "exception");
  REQUIRE(row.step());
  CHECK(row.integer(0) == 1);
  CHECK(row.integer(1) == 1);
}

/// Two hosts of two zones in one conversation, and a third that says its name.
void fill(Database& model) {
  model.execute(schema_sql());
  const auto insert = [&](const std::string& table, const std::string& names,
                          const std::string& values) {
    model.execute("INSERT INTO " + table + " (" + names + ") VALUES (" + values + ")");
  };
  insert("zone", "zone, name, kind, side, declared, confidence, reason",
         "1, 'Office', 'office', 'IT', 1, 100, ''), (2, 'Control', 'control', 'OT', 1, 100, ''");
  const std::string asset{
      "asset, kind, name, zone, role, role_confidence, role_reason, level_confidence, "
      "level_reason, zone_confidence, zone_reason, vendor, model, firmware, serial, os, "
      "is_controller"};
  const std::string rest{", '', 0, '', 0, '', 0, '', '', '', '', '', '', 0"};
  insert("asset", asset, "1, 'device', 'PC-1', 1" + rest);
  insert("asset", asset, "2, 'device', 'PLC-1', 2" + rest);
  insert("address", "asset, mac, ip, segment, on_link",
         "1, '00:00:00:00:00:01', '10.1.0.1', '', 1), "
         "(2, '00:00:00:00:00:02', '10.2.0.2', '', 1");
  insert("conversation",
         "conversation, client, client_ip, client_mac, server, server_ip, server_mac, transport, "
         "port, number, protocol, segment, client_zone, server_zone, direction_reason, attempted, "
         "established, refused, unanswered, resumed, packets, bytes, client_packets, "
         "server_packets, client_bytes, server_bytes, strength, encrypted, requests_seen, "
         "replies_seen, clear_flows, encrypted_flows, longest_ns",
         "7, 1, '10.1.0.1', '00:00:00:00:00:01', 2, '10.2.0.2', '00:00:00:00:00:02', 'tcp', 443, "
         "443, 'tls', '', 1, 2, '', 1, 1, 0, 0, 0, 9, 900, 4, 5, 1, 1, 'S3', 1, 1, 1, 0, 1, 0");
  insert("event", "kind, conversation, detail, count",
         "'server-name', 7, 'eu.vendor.example', 1), "
         "('certificate', 7, 'self-signed CN=gate.vendor.example, O=V', 1");
}

TEST_CASE("Lists: an entry covers what it says, and nothing else", "[lists]") {
  struct Entry {
    std::string kind, header, row;
    bool covers;
  };
  const auto& entry = GENERATE(from_range(std::vector<Entry>{
      {"flows", "client,server", "10.1.0.1,10.2.0.2", true},
      {"flows", "client,server", "10.2.0.2,10.1.0.1", false},
      {"flows", "client,server", "10.1.0.0/16,Control", true},
      {"flows", "client,server", "10.3.0.0/16,Control", false},
      {"flows", "client,server", "pc-1,plc-1", true},
      {"flows", "client,server", "office,", true},
      {"flows", "client,server", "00-00-00-00-00-01,", true},
      {"flows", "client,server,port", ",10.2.0.2,443", true},
      {"flows", "client,server,port", ",10.2.0.2,44", false},
      {"flows", "client,server,transport", ",10.2.0.2,udp", false},
      {"flows", "client,server,protocol", ",10.2.0.2,TLS", true},
      {"flows", "client,server,protocol", ",10.2.0.2,http", false},
      {"remote-access", "client", "10.1.0.1", true},
      {"approvals", "client,since,until", "10.1.0.1,2026-04-06,2026-04-06", true},
      {"third-parties", "address", "10.1.0.0/24", true},
      {"third-parties", "address", "10.9.0.0/24", false},
      {"third-parties", "server_name", "eu.vendor.example", true},
      {"third-parties", "server_name", "*.vendor.example", true},
      {"third-parties", "server_name", "vendor.example", false},
      {"third-parties", "server_name", "*.dor.example", false},
      {"third-parties", "certificate", "gate.vendor.example", true},
      {"third-parties", "certificate", "vendor.example", false},
      {"assets", "ip", "10.2.0.2", true},
      {"assets", "name", "plc-1", true},
      {"assets", "mac", "00:00:00:00:00:02", true},
      {"assets", "ip,name", "10.9.9.9,PLC-2", false},
      {"engineering", "host", "10.1.0.0/24", true},
      {"engineering", "host", "EWS-1", false},
      {"changes", "since,until,host,what", "2026-04-06,2026-04-06,Control,x", true},
  }));
  CAPTURE(entry.kind, entry.row);
  Database model{":memory:", Database::Mode::create};
  fill(model);
  write_lists({parse_list(entry.kind, entry.header + '\n' + entry.row + '\n', "x.csv")}, model);
  auto rows = model.prepare("SELECT list, entry FROM listing");
  REQUIRE(rows.step() == entry.covers);
  if (!entry.covers) return;
  CHECK(rows.text(0) == entry.kind);
  CHECK(rows.integer(1) == 2);
  CHECK_FALSE(rows.step());
  write_lists({}, model);
  auto none = model.prepare("SELECT 1 FROM listing UNION ALL SELECT 1 FROM list");
  CHECK_FALSE(none.step());
}

}  // namespace
}  // namespace sekimori::test
