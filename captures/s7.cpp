#include "s7.h"

#include "captures.h"

#include <algorithm>
#include <array>
#include <string>

namespace sekimori::captures {
namespace {

Payload tpkt(const Payload& tpdu) {
  return joined({hex("0300"), be16(tpdu.size() + 4), tpdu});
}

/// Class 0, no options but the TSAPs and TPDUs of 1024 bytes (X.224, 13.3).
Payload connection(unsigned type, unsigned destination, unsigned source, unsigned calling,
                   unsigned called) {
  return tpkt(counted(1, joined({u8(type), be16(destination), be16(source), u8(0), hex("c0 01 0a"),
                                 hex("c1 02"), be16(calling), hex("c2 02"), be16(called)})));
}

Payload sizes(const Payload& parameter, const Payload& data) {
  return be16(parameter.size()) + be16(data.size());
}
Payload job(unsigned reference, const Payload& parameter, const Payload& data = {}) {
  return joined({hex("32 01 0000"), be16(reference), sizes(parameter, data), parameter, data});
}
Payload done(unsigned reference, const Payload& parameter, const Payload& data = {}) {
  return joined(
      {hex("32 03 0000"), be16(reference), sizes(parameter, data), be16(0), parameter, data});
}
Payload userdata(unsigned reference, const Payload& parameter, const Payload& data) {
  return joined({hex("32 07 0000"), be16(reference), sizes(parameter, data), parameter, data});
}
Payload envelope(const Payload& content) {
  return joined({hex("ff 09"), counted(2, content)});
}
Payload nothing() {
  return hex("0a 00 0000");
}

Payload head(unsigned type, unsigned group, unsigned sub) {
  return joined({hex("000112 04 11"), u8(type << 4U | group), u8(sub), u8(0)});
}
Payload long_head(unsigned type, unsigned group, unsigned sub, unsigned unit, bool more,
                  unsigned error) {
  return joined({hex("000112 08 12"), u8(type << 4U | group), u8(sub), u8(1), u8(unit),
                 u8(more ? 1 : 0), be16(error)});
}

/// An any pointer to bytes.
Payload pointer(unsigned block, unsigned first, unsigned count) {
  const unsigned area = block == 0 ? 0x83 : 0x84;
  return joined({hex("12 0a 10 02"), be16(count), be16(block), u8(area), big(first * 8, 3)});
}

Payload padded(std::string_view value, std::size_t size, std::uint8_t with) {
  auto bytes = text(value);
  bytes.resize(size, with);
  return bytes;
}

Payload list(unsigned id, unsigned index, std::size_t size, const std::vector<Payload>& records) {
  auto all = joined({be16(id), be16(index), be16(size), be16(records.size())});
  for (const auto& record : records) all = all + record;
  return all;
}

Payload component(unsigned index, std::string_view value) {
  return be16(index) + padded(value, 32, 0);
}

/// `DB1` as its file name: `_0A00001P`.
std::string file_of(std::string_view block, char system) {
  constexpr auto kTypes =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"SDB", "0B"},
                                                                    {"SFC", "0D"},
                                                                    {"SFB", "0F"},
                                                                    {"OB", "08"},
                                                                    {"DB", "0A"},
                                                                    {"FC", "0C"},
                                                                    {"FB", "0E"}});
  const auto* const type = std::ranges::find_if(
      kTypes, [block](const auto& row) { return block.starts_with(row.first); });
  const auto number = std::string{block.substr(type->first.size())};
  return std::string{type->second} + std::string(5 - number.size(), '0') + number + system;
}

}  // namespace

S7::S7(Scene& scene, Station& client, Station& server, Kind kind, unsigned slot, std::uint16_t port)
    : session_(scene.connect(client, server, port)) {
  const auto kind_byte = static_cast<unsigned>(kind) << 8U;
  session_.say(connection(0xe0, 0, 9, 0x0100, kind_byte | slot))
      .answer(connection(0xd0, 9, 3, 0x0100, kind_byte | slot));
  exchange(hex("f0 00 0001 0001 01e0"), {}, hex("f0 00 0001 0001 00f0"), {});
}

S7& S7::in_parts_of(std::size_t size) {
  part_ = size;
  return *this;
}

Payload S7::carried(const Payload& tsdu) const {
  Payload all;
  for (std::size_t at = 0; at < tsdu.size(); at += part_) {
    const auto end = std::min(tsdu.size(), at + part_);
    const Payload part(tsdu.begin() + static_cast<std::ptrdiff_t>(at),
                       tsdu.begin() + static_cast<std::ptrdiff_t>(end));
    all = all + tpkt(joined({hex("02 f0"), u8(end == tsdu.size() ? 0x80 : 0), part}));
  }
  return all;
}

S7& S7::say(const Payload& tsdu) {
  session_.say(carried(tsdu));
  return *this;
}

S7& S7::answer(const Payload& tsdu) {
  session_.answer(carried(tsdu));
  return *this;
}

S7& S7::exchange(const Payload& parameter, const Payload& data, const Payload& answer_parameter,
                 const Payload& answer_data) {
  ++reference_;
  return say(job(reference_, parameter, data))
      .answer(done(reference_, answer_parameter, answer_data));
}

S7& S7::read(unsigned block, unsigned first, unsigned count) {
  // Values that drift a little from poll to poll.
  Payload values;
  for (unsigned i = 0; i < count; ++i)
    values.push_back(static_cast<std::uint8_t>(i % 2 == 0 ? 0x02 : 0x40 + (i + reference_) % 9));
  return exchange(hex("04 01") + pointer(block, first, count), {}, hex("04 01"),
                  joined({hex("ff 04"), be16(count * 8), values}));
}

S7& S7::write(unsigned block, unsigned first, const Payload& values) {
  const auto count = static_cast<unsigned>(values.size());
  return exchange(hex("05 01") + pointer(block, first, count),
                  joined({hex("00 04"), be16(count * 8), values}), hex("05 01"), hex("ff"));
}

S7& S7::refused_read(unsigned block, unsigned first, unsigned count, unsigned code) {
  return exchange(hex("04 01") + pointer(block, first, count), {}, hex("04 01"),
                  u8(code) + hex("00 0000"));
}

S7& S7::refused(const Payload& parameter, unsigned error) {
  ++reference_;
  return say(job(reference_, parameter))
      .answer(joined({hex("32 02 0000"), be16(reference_), hex("0000 0000"), be16(error)}));
}

S7& S7::unanswered_read(unsigned block, unsigned first, unsigned count) {
  return say(job(++reference_, hex("04 01") + pointer(block, first, count)));
}

S7& S7::ask(unsigned group, unsigned sub, const Payload& data, const Payload& told,
            unsigned error) {
  ++reference_;
  return say(userdata(reference_, head(4, group, sub), data))
      .answer(userdata(reference_, long_head(8, group, sub, 0, false, error), told));
}

/// In two parts where it does not fit into a PDU of 240 bytes.
S7& S7::read_list(unsigned id, unsigned index, const Payload& list) {
  const auto asked = envelope(be16(id) + be16(index));
  constexpr std::size_t kMost = 214;
  if (list.size() <= kMost) return ask(4, 1, asked, envelope(list));
  constexpr unsigned kUnit = 213;
  const auto border = list.begin() + static_cast<std::ptrdiff_t>(kMost);
  ++reference_;
  say(userdata(reference_, head(4, 4, 1), asked))
      .answer(userdata(reference_, long_head(8, 4, 1, kUnit, true, 0),
                       envelope({list.begin(), border})));
  ++reference_;
  return say(userdata(reference_, long_head(4, 4, 1, 0, false, 0), nothing()))
      .answer(userdata(reference_, long_head(8, 4, 1, kUnit, false, 0),
                       envelope({border, list.end()})));
}

S7& S7::identify(const S7Identity& identity) {
  const auto record = [&](unsigned index, std::string_view order, const Payload& version) {
    return joined({be16(index), padded(order, 20, ' '), hex("00c0"), version});
  };
  Payload version = u8('V');
  for (const char letter : identity.firmware)
    if (letter != '.') version.push_back(static_cast<std::uint8_t>(letter - '0'));
  read_list(0x0011, 0,
            list(0x0011, 0, 28,
                 {record(1, identity.order, hex("0003 0001")),
                  record(6, identity.order, hex("0003 0001")), record(7, "", version),
                  record(0x81, "Boot Loader", hex("4120 0909"))}));
  return read_list(0x001c, 0,
                   list(0x001c, 0, 34,
                        {component(1, identity.station), component(2, identity.name),
                         component(3, identity.plant), component(4, "Original Siemens Equipment"),
                         component(5, identity.serial), component(7, identity.type),
                         component(8, "MMC 5F8A21C0"), hex("0009 002a f600 0001") + zeros(26),
                         component(10, ""), component(11, "")}));
}

S7& S7::ask_mode(unsigned mode) {
  return read_list(
      0x0424, 0,
      list(0x0424, 0, 20, {joined({hex("5144 ff"), u8(mode), zeros(8), hex("2602081451375692")})}));
}

S7& S7::ask_protection(unsigned level, unsigned position) {
  return read_list(
      0x0232, 4,
      list(0x0232, 4, 40,
           {joined({hex("0004 0001"), be16(level), be16(level), be16(position), zeros(30)})}));
}

S7& S7::stop() {
  return exchange(hex("29 0000000000") + counted(1, text("P_PROGRAM")), {}, hex("29"), {});
}

S7& S7::start(bool cold) {
  return invoke("P_PROGRAM", cold ? text("C ") : Payload{});
}

S7& S7::invoke(std::string_view service, const Payload& argument) {
  return exchange(
      joined({hex("28 000000000000fd"), counted(2, argument), counted(1, text(service))}), {},
      hex("28"), {});
}

S7& S7::indicate_mode(unsigned mode) {
  return answer(userdata(0, long_head(0, 0, mode, 0, false, 0), nothing()));
}

S7& S7::download(std::string_view block, unsigned parts) {
  const auto file = text("_" + file_of(block, 'P'));
  exchange(
      joined({hex("1a 00 0100 00000000"), counted(1, file), counted(1, text("1000500000040"))}), {},
      hex("1a"), {});
  for (unsigned i = 0; i < parts; ++i) {
    controllers_reference_ += 0x100;
    answer(job(controllers_reference_, hex("1b 00 0000 00000000") + counted(1, file)));
    const auto content = hex("7070 0101") + noise(96, i);
    say(done(controllers_reference_, u8(0x1b) + u8(i + 1 < parts ? 1 : 0),
             joined({be16(content.size()), hex("00fb"), content})));
  }
  controllers_reference_ += 0x100;
  answer(job(controllers_reference_, hex("1c 00 0000 00000000") + counted(1, file)));
  say(done(controllers_reference_, hex("1c")));
  return invoke("_INSE", hex("01 00") + text(file_of(block, 'P')));
}

S7& S7::upload(std::string_view block, unsigned parts) {
  const auto id = be32(7);
  exchange(hex("1d 00 0000 00000000") + counted(1, text("_" + file_of(block, 'A'))), {},
           joined({hex("1d 00 0100"), id, counted(1, text("0000216"))}), {});
  for (unsigned i = 0; i < parts; ++i) {
    const auto content = hex("7070 0101") + noise(96, i);
    exchange(hex("1e 00 0000") + id, {}, u8(0x1e) + u8(i + 1 < parts ? 1 : 0),
             joined({be16(content.size()), hex("00fb"), content}));
  }
  return exchange(hex("1f 00 0000") + id, {}, hex("1f"), {});
}

S7& S7::password(std::string_view password, unsigned error) {
  auto hidden = padded(password, 8, ' ');
  for (std::size_t i = 0; i < hidden.size(); ++i)
    hidden[i] = static_cast<std::uint8_t>(hidden[i] ^ 0x55U ^ (i < 2 ? 0U : hidden[i - 2]));
  return ask(5, 1, envelope(hidden), nothing(), error);
}

S7& S7::set_clock() {
  return ask(7, 2, envelope(hex("00 19 26 02 08 14 51 37 91 62")), nothing());
}

S7& S7::modify(unsigned flag, unsigned value, bool force) {
  const auto before = hex("00000000 00010006 00010001 00010001 00010000");
  const auto variables =
      joined({be16(1), hex("02 01 0000"), be16(flag), hex("0009 0002"), be16(value)});
  const unsigned function = force ? 9 : 8;
  ask(1, function,
      envelope(joined({be16(before.size()), be16(variables.size()), before, variables})),
      nothing());
  return ask(1, 14, envelope(joined({be16(before.size()), be16(2), before, u8(function), u8(1)})),
             nothing());
}

namespace {

constexpr S7Identity kPress{.order = "6ES7 315-2EH14-0AB0",
                            .firmware = "3.2.7",
                            .station = "PRESS-LINE-3",
                            .name = "PLC_PRESS",
                            .plant = "P3",
                            .serial = "S C-X4U421302009",
                            .type = "CPU 315-2 PN/DP"};

/// What panels and historians do all day, and where it fails.
void variables(Plant& p) {
  S7{p.scene, p.hmi, p.plc2, S7::Kind::operator_panel}
      .read(10, 0, 32)
      .read(10, 32, 32)
      .read(0, 100, 2)
      .write(10, 8, hex("01f4"))
      .refused_read(99, 0, 4, 0x0a)
      .refused(hex("04 01 12 0a 10 02 0400 0001 84 000000"), 0x8500)
      .unanswered_read(10, 0, 32)
      .close();
}

void identity(Plant& p) {
  S7{p.scene, p.ews, p.plc2, S7::Kind::programming_device}
      .identify(kPress)
      .ask_mode(8)
      .ask_protection(1, 2)
      .close();
}

/// A change of the program: password, upload, stop, download, start.
void engineering(Plant& p) {
  S7{p.scene, p.ews, p.plc2, S7::Kind::programming_device}
      .password("kanri", 0xd602)
      .password("seki-815")
      .upload("OB1", 2)
      .stop()
      .indicate_mode(0)
      .download("DB10", 2)
      .invoke("_DELE", hex("01 00") + text("0C00007P"))
      .invoke("_MODU", text("EP"))
      .start()
      .indicate_mode(2)
      .modify(4, 1500)
      .modify(6, 1, true)
      .set_clock()
      .close();
}

/// Off its port, in TPDUs of 16 bytes.
void other_port(Plant& p) {
  S7{p.scene, p.scada, p.plc2, S7::Kind::basic, 2, 10102}
      .in_parts_of(16)
      .read(10, 0, 32)
      .write(10, 8, hex("01f4"))
      .close();
}

const ProtocolRecipe variables_recipe{{"s7comm-variables", variables}};
const ProtocolRecipe identity_recipe{{"s7comm-identity", identity}};
const ProtocolRecipe engineering_recipe{{"s7comm-engineering", engineering}};
const ProtocolRecipe other_port_recipe{{"s7comm-other-port", other_port}};

}  // namespace
}  // namespace sekimori::captures
