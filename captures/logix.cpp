#include "logix.h"

#include "captures.h"

#include <algorithm>
#include <utility>

namespace sekimori::captures {
namespace {

constexpr std::uint32_t kToTarget = 0x00a50000;
constexpr std::uint32_t kToOriginator = 0x80fe0000;
constexpr std::uint32_t kOriginatorSerial = 0x0bad5eed;
constexpr std::uint16_t kIoPort = 2222;

Payload identity_of(const CipDevice& device) {
  return joined({le16(device.vendor), le16(device.type), le16(device.product), u8(device.major),
                 u8(device.minor), le16(device.status), le32(device.serial),
                 counted(1, text(device.name))});
}

Payload header(unsigned command, std::size_t length, std::uint32_t session, std::uint64_t context) {
  return joined({le16(command), le16(length), le32(session), le32(0), little(context, 8), le32(0)});
}

/// Volume 2, 2-4.3: the item of one device; its socket address is big endian.
Payload identity_list(std::string_view ip, const CipDevice& device) {
  const auto item =
      joined({le16(1), be16(2), be16(44818), ip_bytes(ip), zeros(8), identity_of(device), u8(3)});
  return joined({le16(1), le16(0x0c), le16(item.size()), item});
}

}  // namespace

CipDevice logix_controller() {
  return {.name = "1756-L61/B LOGIX5561"};
}

CipDevice logix_bridge() {
  return {.type = 0x0c,
          .product = 58,
          .major = 4,
          .minor = 7,
          .status = 0x30,
          .serial = 0x0051aec3,
          .name = "1756-ENBT/A"};
}

Payload Logix::path(unsigned of, unsigned instance, std::optional<unsigned> attribute) {
  auto bytes = of < 256 ? u8(0x20) + u8(of) : hex("21 00") + le16(of);
  bytes = bytes + (instance < 256 ? u8(0x24) + u8(instance) : hex("25 00") + le16(instance));
  return attribute ? bytes + u8(0x30) + u8(*attribute) : bytes;
}

/// `Program:Main.Level[3]`: names between dots, an index in brackets.
Payload Logix::tag_path(std::string_view tag) {
  Payload bytes;
  while (!tag.empty()) {
    const auto end = tag.substr(0, tag.find_first_of(".["));
    bytes = bytes + u8(0x91) + counted(1, text(end));
    if (end.size() % 2 != 0) bytes = bytes + u8(0);
    tag.remove_prefix(end.size());
    if (tag.starts_with('[')) {
      const auto close = tag.find(']');
      const auto index = static_cast<unsigned>(std::stoul(std::string{tag.substr(1, close - 1)}));
      bytes = bytes + u8(0x28) + u8(index);
      tag.remove_prefix(close + 1);
    }
    if (tag.starts_with('.')) tag.remove_prefix(1);
  }
  return bytes;
}

Payload Logix::request(unsigned service, const Payload& path, const Payload& data) {
  return joined({u8(service), u8(path.size() / 2), path, data});
}

Payload Logix::reply(unsigned service, const Payload& data, unsigned status) {
  return joined({u8(service | 0x80U), u8(0), u8(status), u8(0), data});
}

Payload Logix::wrapped(unsigned command, const Payload& body) const {
  return header(command, body.size(), handle_, exchange_) + body;
}

/// Interface handle and time-out, then two items: no address, and the message.
Payload Logix::unconnected(const Payload& message) {
  return joined({le32(0), le16(10), le16(2), le32(0), le16(0xb2), le16(message.size()), message});
}

Payload Logix::connected(const Payload& message, bool to_target) {
  const auto id = (to_target ? kToTarget : kToOriginator) + serial_;
  return joined({le32(0), le16(0), le16(2), le16(0xa1), le16(4), le32(id), le16(0xb1),
                 le16(message.size() + 2), le16(sequence_), message});
}

/// Volume 1, 3-5.5.4: through port 1, the backplane, to the slot.
Payload Logix::routed(const Payload& request) const {
  const auto pad = request.size() % 2 != 0 ? u8(0) : Payload{};
  return Logix::request(
      0x52, path(6, 1),
      joined({hex("06 9a"), le16(request.size()), request, pad, hex("01 00 01"), u8(slot_)}));
}

Logix& Logix::exchange(unsigned command, const Payload& request, const Payload& answer) {
  session_.say(wrapped(command, request)).answer(wrapped(command, answer));
  ++exchange_;
  return *this;
}

Logix& Logix::ask_bridge(const Payload& request, const Payload& data, unsigned status) {
  return exchange(0x6f, unconnected(request), unconnected(reply(request.at(0), data, status)));
}

Logix& Logix::ask(const Payload& request, const Payload& data, unsigned status) {
  const auto said = reply(request.at(0), data, status);
  if (!connected_) return exchange(0x6f, unconnected(routed(request)), unconnected(said));
  ++sequence_;
  const auto quiet = std::exchange(exchange_, 0);  // SendUnitData has no context of its own
  exchange(0x70, connected(request, true), connected(said, false));
  exchange_ = quiet;
  return *this;
}

Logix::Logix(Scene& scene, Station& client, Station& server, unsigned slot, std::uint16_t port)
    : session_(scene.connect(client, server, port)), slot_(slot) {
  const auto body = hex("0100 0000");
  session_.say(wrapped(0x65, body));
  handle_ = 0x10020100;
  session_.answer(wrapped(0x65, body));
  exchange_ = 1;
}

Logix& Logix::list_identity(const CipDevice& device) {
  return exchange(0x63, {}, identity_list("10.40.0.31", device));
}

Logix& Logix::list_services() {
  const auto item = joined({le16(1), le16(0x0120), text("Communications"), zeros(2)});
  return exchange(0x04, {}, joined({le16(1), le16(0x100), le16(item.size()), item}));
}

Logix& Logix::forward_open() {
  ++serial_;
  const auto way = joined({u8(1), u8(slot_), path(2, 1)});
  const auto whose = joined({le16(serial_), le16(0x4d), le32(kOriginatorSerial)});
  const auto asked = joined({hex("07 9b"), le32(0), le32(kToOriginator + serial_), whose,
                             hex("02 000000"), le32(2'000'000), le16(0x43f4), le32(2'000'000),
                             le16(0x43f4), u8(0xa3), u8(way.size() / 2), way});
  ask_bridge(request(0x54, path(6, 1), asked),
             joined({le32(kToTarget + serial_), le32(kToOriginator + serial_), whose,
                     le32(2'000'000), le32(2'000'000), hex("00 00")}));
  connected_ = true;
  return *this;
}

Logix& Logix::forward_close() {
  connected_ = false;
  const auto way = joined({u8(1), u8(slot_), path(2, 1)});
  const auto whose = joined({le16(serial_), le16(0x4d), le32(kOriginatorSerial)});
  return ask_bridge(
      request(0x4e, path(6, 1), joined({hex("07 9b"), whose, u8(way.size() / 2), u8(0), way})),
      whose + hex("00 00"));
}

Logix& Logix::identify_bridge(const CipDevice& device) {
  return ask_bridge(request(0x01, path(1, 1)), identity_of(device));
}

Logix& Logix::identify(const CipDevice& device) {
  return ask(request(0x01, path(1, 1)), identity_of(device));
}

Logix& Logix::read_name(std::string_view project) {
  return ask(request(0x01, path(0x64, 1)), joined({le16(project.size()), text(project), le16(0)}));
}

Logix& Logix::poll_status(unsigned status) {
  return ask(request(0x03, path(1, 1), le16(1) + le16(5)),
             joined({le16(1), le16(5), le16(0), le16(status)}));
}

Logix& Logix::read_tag(std::string_view tag, unsigned count) {
  Payload values;
  for (unsigned i = 0; i < count; ++i) values = values + le32(1000 + 17 * i + sequence_ % 9);
  return ask(request(0x4c, tag_path(tag), le16(count)), le16(0xc4) + values);
}

Logix& Logix::write_tag(std::string_view tag, unsigned value) {
  return ask(request(0x4d, tag_path(tag), joined({le16(0xc4), le16(1), le32(value)})));
}

Logix& Logix::read_tags(const std::vector<std::string_view>& tags) {
  const auto packet = [&](auto part) {
    Payload offsets = le16(tags.size());
    Payload parts;
    for (const auto tag : tags) {
      offsets = offsets + le16(2 + 2 * tags.size() + parts.size());
      parts = parts + part(tag);
    }
    return offsets + parts;
  };
  return ask(request(0x0a, path(2, 1), packet([](std::string_view tag) {
                       return request(0x4c, tag_path(tag), le16(1));
                     })),
             packet([](std::string_view tag) {
               return reply(0x4c, le16(0xc4) + le32(100 + tag.size()));
             }));
}

Logix& Logix::set_mode(bool run) {
  return ask(request(run ? 0x06 : 0x07, path(0x8e, 1)));
}

Logix& Logix::lock() {
  return ask(request(0x4b, path(0x8e, 1) + path(0x74, 1), u8(1)));
}

Logix& Logix::unlock() {
  return ask(request(0x4c, path(0x8e, 1) + path(0x74, 1)));
}

Logix& Logix::upload_program() {
  ask(request(0x4b, hex("20 68 25 00 00 00")), le32(0x2024));
  ask(request(0x4b, hex("20 6a 25 00 00 00")), le32(0x1bfa));
  return ask(request(0x4f, hex("20 6a 25 00 fa 1b"), le32(0) + le16(88)), noise(88, 21));
}

Logix& Logix::download_program() {
  return ask(request(0x08, path(0xac, 1), noise(40, 22)), le16(1));
}

Logix& Logix::set_clock() {
  return ask(request(0x04, path(0x8b, 1), joined({le16(1), le16(6), hex("c0325cfff3590400")})),
             joined({le16(1), le16(6), le16(0)}));
}

Logix& Logix::set_address(std::string_view ip) {
  auto address = ip_bytes(ip);
  std::ranges::reverse(address);
  const auto mask = hex("00ffffff");
  return ask_bridge(request(0x10, path(0xf5, 1, 5), joined({address, mask, zeros(14)})));
}

Logix& Logix::update_firmware(unsigned blocks) {
  ask_bridge(request(0x4b, path(0xa1, 1), hex("16ff1b0000000000")), hex("00007b145e0104030000"));
  for (unsigned i = 0; i < blocks; ++i)
    ask_bridge(request(0x4d, path(0xa1, 1), le32(350 * i) + noise(64, 30 + i)),
               le32(350 * i) + le16(2));
  return ask_bridge(request(0x05, path(1, 1), u8(0)));
}

Logix& Logix::refused(const Payload& request, unsigned status) {
  return ask(request, {}, status);
}

Logix& Logix::unanswered(const Payload& request) {
  ++sequence_;
  session_.say(connected_ ? wrapped(0x70, connected(request, true))
                          : wrapped(0x6f, unconnected(routed(request))));
  ++exchange_;
  return *this;
}

Logix& Logix::pccc(unsigned command, const Payload& data, const Payload& answer, unsigned status) {
  const auto who = joined({u8(7), le16(0x4d), le32(kOriginatorSerial)});
  const auto transaction = le16(0xc500U + exchange_);
  return ask_bridge(
      request(0x4b, path(0x67, 1), joined({who, u8(command), u8(0), transaction, data})),
      joined({who, u8(command | 0x40U), u8(status), transaction, answer}));
}

void Logix::close() {
  session_.say(wrapped(0x66, {}));
  session_.close();
}

void discover_logix(Scene& scene, Station& asks, std::string_view broadcast, Station& answers,
                    const CipDevice& device) {
  const auto port = asks.next_port++;
  scene.datagram(asks, std::string{broadcast}, "ff:ff:ff:ff:ff:ff", port, 44818,
                 header(0x63, 0, 0, 77));
  const auto list = identity_list(answers.ip, device);
  scene.datagram(answers, asks, 44818, port, header(0x63, list.size(), 0, 77) + list);
}

void exchange_io(Scene& scene, Station& scanner, Station& adapter, unsigned packets) {
  const auto packet = [](std::uint32_t id, unsigned number, const Payload& values) {
    const auto data = le16(number) + values;
    return joined({le16(2), le16(0x8002), le16(8), le32(id), le32(number), le16(0xb1),
                   le16(data.size()), data});
  };
  for (unsigned i = 1; i <= packets; ++i) {
    scene.datagram(scanner, adapter, kIoPort, kIoPort,
                   packet(0x00b60001, i, le32(1) + noise(8, i)));
    scene.datagram(adapter, scanner, kIoPort, kIoPort, packet(0x80fd0002, i, noise(12, 100 + i)));
    scene.wait(0.02);
  }
}

namespace {

void enip_identity(Plant& p) {
  discover_logix(p.scene, p.ews, Plant::kControlBroadcast, p.hmi, logix_bridge());
  Logix talk{p.scene, p.ews, p.plc2};
  talk.list_services().list_identity(logix_bridge()).close();
}

void enip_io(Plant& p) {
  exchange_io(p.scene, p.plc1, p.plc2, 5);
}

void enip_other_port(Plant& p) {
  Logix{p.scene, p.scada, p.plc2, 0, 44820}.read_tag("Level").read_tag("Flow").close();
}

void cip_tags(Plant& p) {
  Logix talk{p.scene, p.scada, p.plc2};
  talk.identify_bridge(logix_bridge()).identify(logix_controller());
  talk.read_name("BoilerHouse").read_tag("Level");
  talk.forward_open()
      .read_tag("Program:Main.Tank[3].Level")
      .read_tag("Trend[10]", 5)
      .read_tag("Recipe", 20)
      .write_tag("Setpoint", 450)
      .read_tags({"Level", "Flow", "Pump[2].Runs"})
      .refused(Logix::request(0x4c, Logix::tag_path("NoSuchTag"), le16(1)), 0x04)
      .unanswered(Logix::request(0x4c, Logix::tag_path("Level"), le16(1)))
      .forward_close()
      .close();
}

void cip_engineering(Plant& p) {
  Logix talk{p.scene, p.ews, p.plc2};
  talk.forward_open().identify(logix_controller()).lock().upload_program();
  talk.set_mode(false).poll_status(0x3070).download_program().set_clock();
  talk.set_mode(true).poll_status(0x3060).unlock();
  talk.refused(Logix::request(0x06, Logix::path(0x8e, 1)), 0x10).forward_close().close();
}

void cip_firmware(Plant& p) {
  Logix talk{p.scene, p.ews, p.plc2};
  talk.identify_bridge(logix_bridge()).update_firmware(6).set_address("10.40.0.77").close();
}

void pccc_slc(Plant& p) {
  Logix talk{p.scene, p.ews, p.plc2};
  // Diagnostic status of a MicroLogix 1400 in remote run.
  talk.pccc(0x06, hex("03"), hex("00 ee 4a 9f 23") + text("1766-LEC   ") + hex("0000 2600 00"));
  talk.pccc(0x0f, hex("a2 14 07 89 0a 00"), noise(20, 41));             // N7:10, 20 bytes
  talk.pccc(0x0f, hex("aa 02 07 89 0a 00 2c01"), {});                   // N7:10 = 300
  talk.pccc(0x0f, hex("ab 02 03 85 00 00 0100 0100"), {}, 0x10);        // B3:0/0, refused
  talk.pccc(0x0f, hex("80 01"), {}).pccc(0x0f, hex("50"), {});          // program mode, download
  talk.pccc(0x0f, hex("52"), {}).pccc(0x0f, hex("80 06"), {}).close();  // done, run mode
}

const ProtocolRecipe kIdentity{{"enip-identity", enip_identity}};
const ProtocolRecipe kIo{{"enip-io", enip_io}};
const ProtocolRecipe kOtherPort{{"enip-other-port", enip_other_port}};
const ProtocolRecipe kTags{{"cip-tags", cip_tags}};
const ProtocolRecipe kEngineering{{"cip-engineering", cip_engineering}};
const ProtocolRecipe kFirmware{{"cip-firmware", cip_firmware}};
const ProtocolRecipe kSlc{{"pccc-slc", pccc_slc}};

}  // namespace
}  // namespace sekimori::captures
