#include "dnp3.h"

#include "captures.h"

#include <algorithm>

namespace sekimori::captures {
namespace {

constexpr std::size_t kSegment = 249;  // and the transport octet
constexpr unsigned kResponse = 129;
constexpr unsigned kUnsolicited = 130;
constexpr unsigned kWhole = 0xc0;  // a fragment that is first and last
constexpr unsigned kConfirmMe = 0x20;
constexpr unsigned kAsUnsolicited = 0x10;
constexpr std::uint64_t kTime = 1776000000000ULL;  // 2026-04-12, ms since 1970
constexpr std::uint32_t kHandle = 0x12345678;

/// 9.2: each bit of each octet, the low one first.
Payload crc_of(const Payload& bytes) {
  unsigned crc = 0;
  for (const unsigned byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xa6bcU : 0U);
  }
  return le16(~crc & 0xffffU);
}

Payload part(const Payload& bytes, std::size_t at, std::size_t size) {
  const auto end = std::min(bytes.size(), at + size);
  return {bytes.begin() + static_cast<std::ptrdiff_t>(at),
          bytes.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// An object with its size before it, the one of its header.
Payload sized(unsigned group, unsigned variation, const Payload& object) {
  return joined({u8(group), u8(variation), hex("5b 01"), le16(object.size()), object});
}

/// Points behind an index of one octet each.
Payload indexed(unsigned group, unsigned variation, unsigned point, const Payload& object) {
  return joined({u8(group), u8(variation), hex("17 01"), u8(point), object});
}

Payload ranged(unsigned group, unsigned variation, unsigned first, unsigned last) {
  return joined({u8(group), u8(variation), hex("00"), u8(first), u8(last)});
}

/// Control code, once, 100 ms on, 0 off.
Payload control_block(unsigned control, unsigned status) {
  return joined({u8(control), u8(1), le32(100), le32(0), u8(status)});
}

Payload classes(std::initializer_list<unsigned> variations) {
  Payload objects;
  for (const auto variation : variations)
    objects = objects + joined({u8(60), u8(variation), hex("06")});
  return objects;
}

/// Group 70, variation 3.
Payload file_command(std::string_view name, unsigned mode, std::size_t size) {
  return sized(70, 3,
               joined({le16(26), le16(name.size()), little(kTime, 6), le16(0x1a4), le32(0),
                       le32(size), le16(mode), le16(1024), le16(1), text(name)}));
}

/// Variation 4.
Payload file_status(std::size_t size, unsigned status) {
  return sized(70, 4, joined({le32(kHandle), le32(size), le16(1024), le16(1), u8(status)}));
}

/// Variation 5: the first block, which is the last too where it has content.
Payload file_block(std::string_view content) {
  return sized(70, 5,
               joined({le32(kHandle), le32(content.empty() ? 0 : 0x80000000U), text(content)}));
}

}  // namespace

Payload Dnp3::frame(unsigned control, unsigned destination, unsigned source, const Payload& data) {
  auto bytes =
      joined({hex("0564"), u8(5 + data.size()), u8(control), le16(destination), le16(source)});
  bytes = bytes + crc_of(bytes);
  for (std::size_t at = 0; at < data.size(); at += 16) {
    const auto block = part(data, at, 16);
    bytes = bytes + block + crc_of(block);
  }
  return bytes;
}

void Dnp3::put(From from, const Payload& frame) {
  const auto bytes = noise_ + frame;
  noise_.clear();
  if (from == From::master)
    session_.say(bytes);
  else
    session_.answer(bytes);
}

/// A fragment in as many segments as it takes.
void Dnp3::send(From from, unsigned application, unsigned function, const Payload& objects) {
  auto fragment = u8(application) + u8(function);
  if (from == From::outstation) fragment = fragment + le16(indications_);
  fragment = fragment + objects;
  auto& segment = segment_.at(static_cast<std::size_t>(from));
  for (std::size_t at = 0; at < fragment.size(); at += kSegment) {
    const unsigned octet = (at == 0 ? 0x40U : 0U) |
                           (at + kSegment >= fragment.size() ? 0x80U : 0U) | (segment++ & 0x3fU);
    const auto data = u8(octet) + part(fragment, at, kSegment);
    put(from, from == From::master ? frame(0xc4, outstation_, kMaster, data)
                                   : frame(0x44, kMaster, outstation_, data));
  }
}

Dnp3& Dnp3::of(unsigned outstation) {
  outstation_ = outstation;
  return *this;
}

Dnp3& Dnp3::indicating(unsigned indications) {
  indications_ = indications;
  return *this;
}

Dnp3& Dnp3::noise_before(const Payload& bytes) {
  noise_ = bytes;
  return *this;
}

Dnp3& Dnp3::link(unsigned function, unsigned answer) {
  put(From::master, frame(0xc0U | function, outstation_, kMaster));
  put(From::outstation, frame(answer, kMaster, outstation_));
  return *this;
}

Dnp3& Dnp3::link_status() {
  return link(9, 11);
}

Dnp3& Dnp3::reset_link() {
  return link(0, 0);
}

Dnp3& Dnp3::exchange(unsigned function, const Payload& objects, const Payload& answer) {
  const auto application = kWhole | (sequence_++ & 15U);
  send(From::master, application, function, objects);
  send(From::outstation, application, kResponse, answer);
  return *this;
}

Dnp3& Dnp3::unanswered(unsigned function, const Payload& objects) {
  send(From::master, kWhole | (sequence_++ & 15U), function, objects);
  return *this;
}

Dnp3& Dnp3::integrity_poll() {
  // 16 binary inputs, 8 analog inputs, 4 counters and 2 outputs, values that drift.
  Payload values = ranged(1, 2, 0, 15);
  for (unsigned i = 0; i < 16; ++i) values = values + u8(i % 3 == 0 ? 0x81 : 0x01);
  values = values + ranged(30, 2, 0, 7);
  for (unsigned i = 0; i < 8; ++i) values = values + u8(1) + le16(1200 + 7 * i + sequence_ % 5);
  values = values + ranged(20, 1, 0, 3);
  for (unsigned i = 0; i < 4; ++i) values = values + u8(1) + le32(90000 + 311 * i + sequence_);
  values = values + ranged(10, 2, 0, 1) + hex("01 81");
  return exchange(1, classes({2, 3, 4, 1}), values);
}

Dnp3& Dnp3::event_poll(unsigned events) {
  const auto application = kWhole | (sequence_++ & 15U);
  send(From::master, application, 1, classes({2, 3, 4}));
  Payload told;
  for (unsigned i = 0; i < events; ++i)
    told = told + indexed(2, 2, i, u8(0x81) + little(kTime + 250ULL * i, 6));
  send(From::outstation, application | (events > 0 ? kConfirmMe : 0U), kResponse, told);
  if (events > 0) send(From::master, application, 0, {});
  return *this;
}

Dnp3& Dnp3::read(unsigned group, unsigned variation, unsigned first, unsigned last,
                 const Payload& answer) {
  return exchange(1, ranged(group, variation, first, last), answer);
}

Dnp3& Dnp3::command(unsigned function, unsigned point, unsigned control, unsigned status) {
  return exchange(function, indexed(12, 1, point, control_block(control, 0)),
                  indexed(12, 1, point, control_block(control, status)));
}

Dnp3& Dnp3::select(unsigned point, unsigned control, unsigned status) {
  return command(3, point, control, status);
}

Dnp3& Dnp3::operate(unsigned point, unsigned control, unsigned status) {
  return command(4, point, control, status);
}

Dnp3& Dnp3::direct_operate(unsigned point, unsigned control, unsigned status) {
  return command(5, point, control, status);
}

Dnp3& Dnp3::direct_operate_no_ack(unsigned point, unsigned control) {
  return unanswered(6, indexed(12, 1, point, control_block(control, 0)));
}

Dnp3& Dnp3::set_analog(unsigned point, unsigned value, unsigned status) {
  return exchange(5, indexed(41, 2, point, le16(value) + u8(0)),
                  indexed(41, 2, point, le16(value) + u8(status)));
}

Dnp3& Dnp3::freeze_counters(bool clear) {
  return exchange(clear ? 9 : 7, hex("14 00 06"));
}

Dnp3& Dnp3::cold_restart() {
  return exchange(13, {}, hex("34 02 07 01") + le16(5000));
}

Dnp3& Dnp3::warm_restart() {
  return exchange(14, {}, hex("34 02 07 01") + le16(1500));
}

Dnp3& Dnp3::write_time() {
  return exchange(2, hex("32 01 07 01") + little(kTime, 6));
}

Dnp3& Dnp3::clear_restart() {
  return exchange(2, ranged(80, 1, 7, 7) + u8(0));
}

Dnp3& Dnp3::enable_unsolicited() {
  return exchange(20, classes({2, 3, 4}));
}

Dnp3& Dnp3::disable_unsolicited() {
  return exchange(21, classes({2, 3, 4}));
}

Dnp3& Dnp3::unsolicited(unsigned point, bool on) {
  const auto application = kWhole | kAsUnsolicited | (unsolicited_++ & 15U);
  send(From::outstation, application | kConfirmMe, kUnsolicited,
       indexed(2, 2, point, u8(on ? 0x81 : 0x01) + little(kTime, 6)));
  send(From::master, application, 0, {});
  return *this;
}

Dnp3& Dnp3::identify(const std::vector<Attribute>& attributes) {
  Payload told;
  for (const auto& attribute : attributes)
    told = told +
           joined({ranged(0, attribute.variation, 0, 0), u8(1), counted(1, text(attribute.value))});
  return exchange(1, ranged(0, 254, 0, 0), told);
}

Dnp3& Dnp3::open_file(std::string_view name, unsigned mode, std::size_t size) {
  return exchange(25, file_command(name, mode, size), file_status(size, 0));
}

Dnp3& Dnp3::close_file() {
  return exchange(26, file_status(0, 0), file_status(0, 0));
}

Dnp3& Dnp3::read_file(std::string_view name, std::string_view content) {
  open_file(name, 1, content.size());
  return exchange(1, file_block({}), file_block(content)).close_file();
}

Dnp3& Dnp3::write_file(std::string_view name, std::string_view content) {
  open_file(name, 2, content.size());
  return exchange(2, file_block(content),
                  sized(70, 6, joined({le32(kHandle), le32(0x80000000U), u8(0)})))
      .close_file();
}

Dnp3& Dnp3::delete_file(std::string_view name, unsigned status) {
  return exchange(27, file_command(name, 0, 0), file_status(0, status));
}

Dnp3& Dnp3::login_for_files(std::string_view user, std::string_view password) {
  const auto credentials = [](std::string_view name, std::string_view word, std::uint32_t key) {
    return sized(70, 2,
                 joined({le16(12), le16(name.size()), le16(12 + name.size()), le16(word.size()),
                         le32(key), text(name), text(word)}));
  };
  return exchange(29, credentials(user, password, 0), credentials({}, {}, 0x00c0ffee));
}

Dnp3& Dnp3::challenged_operate(unsigned point, unsigned control, unsigned user, unsigned error) {
  constexpr unsigned kAuthenticationResponse = 131;
  const auto application = kWhole | (sequence_++ & 15U);
  send(From::master, application, 5, indexed(12, 1, point, control_block(control, 0)));
  // HMAC SHA-256 of 16 octets, because the function is critical; four octets to answer.
  send(From::outstation, application, kAuthenticationResponse,
       sized(120, 1, joined({le32(7), le16(0), u8(4), u8(1), noise(4, 41)})));
  send(From::master, application, 32, sized(120, 2, joined({le32(7), le16(user), noise(16, 42)})));
  if (error == 0)
    send(From::outstation, application, kResponse,
         indexed(12, 1, point, control_block(control, 0)));
  else
    send(From::outstation, application, kAuthenticationResponse,
         sized(120, 7, joined({le32(7), le16(user), le16(0), u8(error), little(kTime, 6)})));
  return *this;
}

namespace {

void outstation(Plant& p) {
  Dnp3 talk{p.scene, p.scada, p.gateway};
  talk.indicating(Dnp3::kRestart | Dnp3::kNeedTime)
      .disable_unsolicited()
      .integrity_poll()
      .indicating(Dnp3::kNeedTime)
      .clear_restart()
      .indicating(0)
      .write_time()
      .enable_unsolicited()
      .identify({{252, "Moxa"},
                 {250, "ioPAC 8020"},
                 {242, "2.1"},
                 {243, "B"},
                 {248, "TAIAB1234"},
                 {247, "RTU-WELL-3"},
                 {245, "Well 3"},
                 {249, "2:2009"}})
      .event_poll()
      .event_poll(2)
      .unsolicited(4, true)
      .read(30, 2, 0, 1, hex("1e 02 00 00 01 01 b004 01 b704"))
      .freeze_counters()
      .link_status()
      .close();
}

void commands(Plant& p) {
  Dnp3 talk{p.scene, p.scada, p.gateway};
  talk.select(3, 0x81)
      .operate(3, 0x81)
      .select(4, 0x41, 7)
      .indicating(Dnp3::kLocal)
      .direct_operate(5, 0x03, 7)
      .indicating(0)
      .direct_operate(5, 0x03)
      .direct_operate_no_ack(6, 0x01)
      .operate(3, 0x81, 2)
      .set_analog(1, 1500)
      .set_analog(9, 1500, 4)
      .indicating(Dnp3::kNoFunction)
      .exchange(31, {})
      .indicating(0)
      .warm_restart()
      .cold_restart()
      .unanswered(1, hex("3c 01 06"))
      .close();
}

void files(Plant& p) {
  Dnp3 talk{p.scene, p.ews, p.gateway};
  talk.login_for_files("config", "default")
      .read_file("log/events.csv", std::string(600, '7'))
      .write_file("pump.cfg", "high=1450\nlow=200\n")
      .delete_file("old.cfg")
      .delete_file("boot.cfg", 1)
      .close();
}

void authentication(Plant& p) {
  Dnp3 talk{p.scene, p.scada, p.gateway};
  talk.challenged_operate(3, 0x41, 1).challenged_operate(3, 0x81, 2, 1).close();
}

/// Two outstations on the line behind a terminal server that knows nothing of frames.
void serial_tunnel(Plant& p) {
  Dnp3 talk{p.scene, p.scada, p.gateway, 4001};
  talk.reset_link()
      .event_poll()
      .noise_before(hex("00 ff"))
      .of(11)
      .event_poll(1)
      .of(10)
      .noise_before(hex("05 64 0a"))
      .direct_operate(2, 0x04)
      .close();
}

/// By datagrams, to one outstation and to all.
void datagrams(Plant& p) {
  const auto port = p.scada.next_port++;
  const auto ask = [](const Payload& fragment, unsigned outstation) {
    return Dnp3::frame(0xc4, outstation, Dnp3::kMaster, u8(0xc0) + fragment);
  };
  p.scene.datagram(p.scada, p.gateway, port, 20000, ask(hex("c0 01 3c 02 06"), 10));
  p.scene.datagram(p.gateway, p.scada, 20000, port,
                   Dnp3::frame(0x44, Dnp3::kMaster, 10, u8(0xc0) + hex("c0 81 0000")));
  p.scene.datagram(p.scada, p.gateway, port, 20000,
                   ask(hex("c1 02 32 01 07 01") + little(kTime, 6), 0xffff));
}

const ProtocolRecipe outstation_recipe{{"dnp3-outstation", outstation}};
const ProtocolRecipe commands_recipe{{"dnp3-commands", commands}};
const ProtocolRecipe files_recipe{{"dnp3-files", files}};
const ProtocolRecipe authentication_recipe{{"dnp3-authentication", authentication}};
const ProtocolRecipe tunnel_recipe{{"dnp3-serial-tunnel", serial_tunnel}};
const ProtocolRecipe datagrams_recipe{{"dnp3-datagrams", datagrams}};

}  // namespace
}  // namespace sekimori::captures
