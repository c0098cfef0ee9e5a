// Databases as historians, reports and alarms use them.

#include "captures.h"
#include "wire.h"

#include <string>

namespace sekimori::captures {
namespace {

// ------------------------------------------------------------------------------ [MS-TDS]

Payload tds(unsigned type, const Payload& body) {
  return joined({u8(type), u8(1), be16(body.size() + 8), hex("0000 01 00"), body});
}

Payload tds_token(unsigned type, const Payload& body) {
  return joined({u8(type), le16(body.size()), body});
}

/// ERROR or INFO (2.2.7.10, 2.2.7.13).
Payload tds_told(unsigned type, unsigned number, unsigned severity, std::string_view words) {
  return tds_token(type, joined({le32(number), u8(1), u8(severity), le16(words.size()),
                                 utf16(words), u8(7), utf16("HIST-01"), u8(0), le32(1)}));
}

/// Halves changed over, then 0xa5 (2.2.6.4).
Payload tds_hidden(std::string_view secret) {
  auto bytes = utf16(secret);
  for (auto& byte : bytes) {
    const unsigned value = byte;
    byte = static_cast<std::uint8_t>(((value >> 4U) | ((value << 4U) & 0xf0U)) ^ 0xa5U);
  }
  return bytes;
}

Payload tds_login(std::string_view host, std::string_view user, std::string_view secret) {
  constexpr std::size_t kFixed = 94;
  Payload offsets;
  Payload texts;
  const auto add = [&](const Payload& text) {
    offsets = offsets + le16(kFixed + texts.size()) + le16(text.size() / 2);
    texts = texts + text;
  };
  add(utf16(host));
  add(utf16(user));
  add(tds_hidden(secret));
  add(utf16("TrendView"));
  add(utf16("HIST-01"));
  add({});
  add(utf16("ODBC"));
  add({});
  add(utf16("plant"));
  offsets = offsets + hex("020000000000");
  add({});
  add({});
  add({});
  const auto front =
      hex("04000074 00100000 00000007 01000000 00000000 e000 0000 00000000 09040000");
  const auto rest = front + offsets + le32(0) + texts;
  return tds(0x10, le32(rest.size() + 4) + rest);
}

Payload tds_batch(std::string_view text) {
  return tds(1, hex("16000000 12000000 0200 0000000000000000 01000000") + utf16(text));
}

void tds_historian(Plant& p) {
  const auto ask = tds(0x12, hex("00 000b 0006 / 01 0011 0001 / ff / 0c00 0fa0 0000 / 02"));
  const auto tell = tds(4, hex("00 000b 0006 / 01 0011 0001 / ff / 0f00 07d0 0000 / 02"));
  const auto done = hex("fd 0000 c100 0000000000000000");
  const auto in =
      tds(4, joined({tds_told(0xab, 5701, 0, "context is plant"),
                     tds_token(0xad, joined({hex("01 74000004"), u8(20),
                                             utf16("Microsoft SQL Server"), hex("0f0007d0")})),
                     done}));
  auto guess = p.scene.connect(p.office_pc, p.historian, 1433);
  guess.say(ask).answer(tell);
  guess.say(tds_login("OFFICE-33", "sa", "sa"))
      .answer(tds(4, tds_told(0xaa, 18456, 14, "Login failed for user 'sa'.") + done));
  guess.close();
  auto session = p.scene.connect(p.scada, p.historian, 1433);
  session.say(ask).answer(tell);
  session.say(tds_login("SCADA-01", "writer", "kura-no-kagi-7")).answer(in);
  session.say(tds_batch("SELECT tag, value FROM live"))
      .answer(tds(4, hex("81 0100") + noise(40, 5)));
  session.say(tds_batch("INSERT INTO live VALUES (1, 42)")).answer(tds(4, done));
  session.say(tds_batch("DROP TABLE live"))
      .answer(tds(4, tds_told(0xaa, 3701, 14, "Cannot drop the table.") + done));
  session.close();
}

// ------------------------------------------------------------------------ MySQL Internals manual

Payload mysql_packet(unsigned number, const Payload& body) {
  return joined({little(body.size(), 3), u8(number), body});
}

Payload zero_ended(std::string_view words) {
  return text(words) + u8(0);
}

Payload mysql_greeting() {
  return mysql_packet(0, joined({u8(10), zero_ended("5.7.44-log"), le32(7), noise(8, 3),
                                 hex("00 ffff 21 0200 ffc1 15"), zeros(10), noise(12, 4), u8(0),
                                 zero_ended("mysql_native_password")}));
}

void mysql_reports(Plant& p) {
  const auto ok = hex("00 00 00 0200 0000");
  auto session = p.scene.connect(p.historian, p.collector, 3306);
  session.answer(mysql_greeting());
  session
      .say(mysql_packet(1, joined({hex("0da20800 00000001 21"), zeros(23), zero_ended("report"),
                                   counted(1, noise(20, 9)), zero_ended("batch"),
                                   zero_ended("mysql_native_password")})))
      .answer(mysql_packet(2, ok));
  session.say(mysql_packet(0, u8(3) + text("SELECT * FROM batch")))
      .answer(mysql_packet(1, hex("01")) + mysql_packet(2, zero_ended("def")));
  session.say(mysql_packet(0, u8(3) + text("UPDATE batch SET seen = 1")))
      .answer(mysql_packet(1, ok));
  session.say(mysql_packet(0, u8(3) + text("DROP TABLE batch")))
      .answer(mysql_packet(1, hex("ff 7604") + text("#42000denied")));
  session.say(mysql_packet(0, hex("01")));
  session.close();
  auto sealed = p.scene.connect(p.office_pc, p.collector, 3306);
  sealed.answer(mysql_greeting());
  sealed.say(mysql_packet(1, hex("0daa0800 00000001 21") + zeros(23)));
  sealed.say(hex("160301 0020") + noise(32, 6)).answer(hex("160303 0020") + noise(32, 7));
  sealed.close();
}

// ------------------------------------------------------------- PostgreSQL's manual, 53.7

Payload pg_message(char letter, const Payload& body) {
  return joined({u8(static_cast<unsigned char>(letter)), be32(body.size() + 4), body});
}

Payload pg_startup(std::string_view user, std::string_view database) {
  const auto pairs = joined(
      {zero_ended("user"), zero_ended(user), zero_ended("database"), zero_ended(database), u8(0)});
  return joined({be32(pairs.size() + 8), be32(0x00030000), pairs});
}

void postgresql_logins(Plant& p) {
  const auto ssl = hex("00000008 04d2162f");
  const auto ready = pg_message('Z', hex("49"));
  const auto in = pg_message('R', be32(0)) +
                  pg_message('S', zero_ended("server_version") + zero_ended("14.11")) + ready;
  auto clear = p.scene.connect(p.hmi, p.collector, 5432);
  clear.say(ssl).answer(text("N"));
  clear.say(pg_startup("alarms", "plant")).answer(pg_message('R', be32(3)));
  clear.say(pg_message('p', zero_ended("postgres"))).answer(in);
  clear.say(pg_message('Q', zero_ended("SELECT * FROM alarm")))
      .answer(pg_message('T', be16(0)) + pg_message('C', zero_ended("SELECT 0")) + ready);
  clear.say(pg_message('Q', zero_ended("DELETE FROM alarm")))
      .answer(
          pg_message('E', joined({text("S"), zero_ended("ERROR"), text("C"), zero_ended("42501"),
                                  text("M"), zero_ended("permission denied"), u8(0)})) +
          ready);
  clear.say(pg_message('X', {}));
  clear.close();
  auto proven = p.scene.connect(p.scada, p.collector, 5432);
  proven.say(pg_startup("scada", "plant"))
      .answer(pg_message('R', be32(10) + zero_ended("SCRAM-SHA-256") + u8(0)));
  proven.say(pg_message('p', zero_ended("SCRAM-SHA-256") + counted(4, text("n,,n=,r=abc"))))
      .answer(pg_message('R', be32(11) + text("r=abcdef,s=c2FsdA==,i=4096")));
  proven.say(pg_message('p', text("c=biws,r=abcdef,p=cHJvb2Y=")))
      .answer(pg_message('R', be32(12) + text("v=c2lnbg==")) + in);
  proven.say(pg_message('X', {}));
  proven.close();
  auto trusted = p.scene.connect(p.office_pc, p.collector, 5432);
  trusted.say(pg_startup("postgres", "postgres")).answer(in);
  trusted.say(pg_message('X', {}));
  trusted.close();
}

// ------------------------------------------------------------------------------- Oracle Net

Payload tns_packet(unsigned type, const Payload& body) {
  return joined({be16(body.size() + 8), be16(0), u8(type), hex("00 0000"), body});
}

Payload tns_connect(std::string_view words) {
  return tns_packet(1, joined({hex("013a 012c 0c41 2000 ffff 7f08 0000 0001"), be16(words.size()),
                               be16(58), hex("00000800 4141"), zeros(24), text(words)}));
}

std::string tns_description(std::string_view service, std::string_view host = "HMI-01") {
  return "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=" + std::string{service} +
         ")(CID=(PROGRAM=C:\\Trend\\trend.exe)(HOST=" + std::string{host} +
         ")(USER=operator)))"
         "(ADDRESS=(PROTOCOL=tcp)(HOST=10.30.0.30)(PORT=1521)))";
}

void tns_listener(Plant& p) {
  const auto accept = tns_packet(2, hex("013a 0000 2000 7fff 0100 0000 0020 61 61"));
  auto good = p.scene.connect(p.hmi, p.collector, 1521);
  good.say(tns_connect(tns_description("hist"))).answer(tns_packet(11, {}));
  good.say(tns_connect(tns_description("hist"))).answer(accept);
  good.say(tns_packet(6, be16(0) + noise(40, 1))).answer(tns_packet(6, be16(0) + noise(60, 2)));
  good.close();
  const std::string refusal{
      "(DESCRIPTION=(TMP=)(VSNNUM=186646784)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4)))"
      ")"};
  auto bad = p.scene.connect(p.hmi, p.collector, 1521);
  bad.say(tns_connect(tns_description("old")))
      .answer(tns_packet(4, joined({hex("2200"), be16(refusal.size()), text(refusal)})));
  bad.close();
  const std::string elsewhere{"(ADDRESS=(PROTOCOL=tcp)(HOST=10.30.0.31)(PORT=1526))"};
  auto sent = p.scene.connect(p.scada, p.collector, 1521);
  sent.say(tns_connect(tns_description("cluster", "SCADA-01")))
      .answer(tns_packet(5, be16(elsewhere.size()) + text(elsewhere)));
  sent.close();
  auto asked = p.scene.connect(p.office_pc, p.collector, 1521);
  asked.say(tns_connect("(CONNECT_DATA=(COMMAND=status))")).answer(accept);
  asked.close();
}

const ProtocolRecipe sql_server{{"tds-historian", tds_historian}};
const ProtocolRecipe mysql{{"mysql-reports", mysql_reports}};
const ProtocolRecipe postgresql{{"postgresql-logins", postgresql_logins}};
const ProtocolRecipe oracle{{"tns-listener", tns_listener}};

}  // namespace
}  // namespace sekimori::captures
