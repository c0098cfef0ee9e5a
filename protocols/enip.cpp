// EtherNet/IP: CIP over TCP and UDP behind an encapsulation header, and CIP's cyclic I/O over UDP,
// which has none. The CIP Networks Library, volume 2 (ODVA): 2-3 (the header), 2-4 (commands), 2-6
// (the common packet format), 3-3 (I/O). All little endian but the socket addresses.
//
// Codes are written as the command in four hexadecimal digits, `0x0065`; `io` is a packet of cyclic
// I/O. CIP itself is handed over to the dissector of that name.

#include "sekimori/bytes/hash.h"
#include "sekimori/dissect/cip_identity.h"
#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori::enip {
namespace {

constexpr std::size_t kHeader = 24;
constexpr std::uint64_t kIoPort = 2222;
constexpr int kMostItems = 16;

constexpr auto kSeats =
    std::to_array<Seat>({{Over::tcp, 44818}, {Over::udp, 44818}, {Over::udp, kIoPort}});

// Commands, 2-4; 0x0001 is the makers' own from before the standard, and answered with an address.
enum Command : std::uint16_t {
  nop = 0x0000,
  legacy_identify = 0x0001,
  list_services = 0x0004,
  list_identity = 0x0063,
  list_interfaces = 0x0064,
  register_session = 0x0065,
  unregister_session = 0x0066,
  send_rr_data = 0x006f,
  send_unit_data = 0x0070,
  indicate_status = 0x0072,
  cancel = 0x0073,
  start_dtls = 0x00c8,
};
constexpr std::uint16_t kHighestCommand = 0xff;  // all of the standard lie below
constexpr std::uint32_t kIo = 0x10000;

constexpr auto kOperations = std::to_array<Operation>({
    {send_unit_data, "send-unit-data", Access::session},
    {send_rr_data, "send-rr-data", Access::session},
    // Values that each end tells the other unasked; which of them are outputs is not in the packet.
    {kIo, "cyclic-io", Access::report, "io"},
    {nop, "nop", Access::session},
    {legacy_identify, "legacy-identify", Access::discover},
    {list_services, "list-services", Access::discover},
    {list_identity, "list-identity", Access::discover},
    {list_interfaces, "list-interfaces", Access::discover},
    {register_session, "register-session", Access::session},
    {unregister_session, "unregister-session", Access::session},
    {indicate_status, "indicate-status", Access::diagnose},
    {cancel, "cancel", Access::session},
    {start_dtls, "start-dtls", Access::session},
});

// Items of the common packet format, 2-6.
enum Item : std::uint16_t {
  null_address = 0x0000,
  identity_item = 0x000c,
  connected_address = 0x00a1,
  connected_data = 0x00b1,
  unconnected_data = 0x00b2,
  service_item = 0x0100,
  socket_o_to_t = 0x8000,
  socket_t_to_o = 0x8001,
  sequenced_address = 0x8002,
};

struct Header {
  std::uint16_t command = 0;
  std::uint16_t length = 0;
  std::uint32_t session = 0;
  std::uint32_t status = 0;
  std::uint64_t context = 0;  ///< the sender's, repeated in the answer
  std::uint32_t options = 0;
};

Header read_header(ByteCursor& bytes) noexcept {
  Header header;
  header.command = bytes.le16();
  header.length = bytes.le16();
  header.session = bytes.le32();
  header.status = bytes.le32();
  header.context = bytes.le64();
  header.options = bytes.le32();
  return header;
}

/// FlowState[1]: how many ListIdentity requests of this flow wait for their answers. What answers a
/// broadcast comes in a flow of its own, and is an answer to nothing there.
bool awaits_identity(const Context& context) noexcept {
  if (context.state == nullptr) return true;
  auto& waiting = (*context.state)[1];
  if (waiting == 0) return false;
  --waiting;
  return true;
}
void await_identity(const Context& context) noexcept {
  if (context.state != nullptr) ++(*context.state)[1];
}

/// FlowState[0]: set once the core has handed over a message, so once the flow is known.
enum Kind : std::uint64_t { unsure = 0, encapsulated = 1, io = 2 };

std::uint64_t kind_of(const Context& context) noexcept {
  return context.state != nullptr ? (*context.state)[0] : unsure;
}
void settle(const Context& context, Kind kind) noexcept {
  if (context.state != nullptr) (*context.state)[0] = kind;
}

bool is_command(std::uint16_t command) noexcept {
  return find_operation(kOperations, command).access != Access::unknown;
}

/// 2-3.5.
bool is_status(std::uint32_t status) noexcept {
  return status <= 3 || status == 0x64 || status == 0x65 || status == 0x69 || status == 0x6a;
}

/// What a body says of itself as far as it is there.
enum class Fit : std::uint8_t { yes, no, more };

bool fits_item(std::uint16_t type, std::uint16_t length) noexcept {
  switch (type) {
    case null_address:
      return length == 0;
    case connected_address:
      return length == 4;
    case connected_data:
    case unconnected_data:
      return length >= 2;
    case socket_o_to_t:
    case socket_t_to_o:
      return length == 16;
    case sequenced_address:
      return length == 8;
    default:
      return false;
  }
}

/// A count, then of each item its type, its length and its data, to the last byte of the body.
Fit fits_items(ByteCursor body, std::size_t size, bool listing) noexcept {
  const auto count = body.le16();
  std::size_t used = 2;
  for (int i = 0; i < count && body.ok(); ++i) {
    const auto type = body.le16();
    const auto length = body.le16();
    if (!body.ok()) break;
    if (i >= kMostItems || (!listing && !fits_item(type, length))) return Fit::no;
    used += 4U + length;
    if (used > size) return Fit::no;
    body.skip(length);
  }
  if (!body.ok()) return Fit::more;
  return used == size ? Fit::yes : Fit::no;
}

/// Interface handle, which is 0 for CIP, and a time-out; then the items.
Fit fits_data(ByteCursor body, std::size_t size) noexcept {
  const auto interface = body.le32();
  body.skip(2);
  if (!body.ok()) return size < 6 ? Fit::no : Fit::more;
  if (interface != 0 || size < 16) return Fit::no;
  return fits_items(body, size - 6, false);
}

Fit fits_body(const Header& header, ByteCursor body) noexcept {
  const std::size_t size = header.length;
  switch (header.command) {
    case legacy_identify:
    case list_services:
    case list_identity:
    case list_interfaces:
      return size == 0 ? Fit::yes : fits_items(body, size, true);
    case register_session: {
      const auto version = body.le16();
      const auto options = body.le16();
      if (size != 4 || (body.ok() && (version != 1 || options != 0))) return Fit::no;
      return body.ok() ? Fit::yes : Fit::more;
    }
    case unregister_session:
      return size == 0 ? Fit::yes : Fit::no;
    case send_rr_data:
    case send_unit_data:
      return header.status != 0 && size == 0 ? Fit::yes : fits_data(body, size);
    default:
      return Fit::no;
  }
}

/// Two items: the connection with its sequence, and the data. Nothing else of a datagram is left.
bool is_io(Bytes bytes) noexcept {
  ByteCursor io{bytes};
  const bool front = io.le16() == 2 && io.le16() == sequenced_address && io.le16() == 8;
  io.skip(8);
  const bool data = io.le16() == connected_data;
  const auto length = io.le16();
  return front && data && io.ok() && io.remaining() == length;
}

/// For the first bytes of a stream, too few for a header: what they can no longer become.
Extent extent_of_few(Bytes bytes, const Context& context) noexcept {
  const auto at = [bytes](std::size_t i) { return i < bytes.size() ? bytes[i] : std::uint8_t{0}; };
  if (at(1) != 0 || (bytes.size() > 20 && (at(20) | at(21) | at(22) | at(23)) != 0))
    return Extent::foreign();
  const bool known = kind_of(context) == encapsulated || bytes.empty() ||
                     (is_command(at(0)) && (at(0) != nop || context.on_seat));
  return known ? Extent::incomplete() : Extent::foreign();
}

/// A NOP says nothing, and is no proof: a row of zeros looks like one. Before the flow is known it
/// has to be empty, on the seat, and followed by a command that is none.
Extent extent_of_nop(const Header& header, ByteCursor behind, const Context& context) noexcept {
  if (!context.on_seat || context.over != Over::tcp || header.length != 0 || header.status != 0)
    return Extent::foreign();
  if (behind.remaining() < kHeader) return Extent::incomplete();
  const auto next = read_header(behind);
  const bool sound = next.command != nop && is_command(next.command) && is_status(next.status) &&
                     next.options == 0;
  return sound ? Extent::of(kHeader) : Extent::foreign();
}

/// A flow that is known is taken by its framing alone. Before that, the command, the status and the
/// options must be the standard's, and off the seat the whole body too.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto bytes = stream.rest();
  const auto kind = kind_of(context);
  if (context.over == Over::udp && kind != encapsulated && is_io(bytes))
    return Extent::of(bytes.size());
  if (kind == io || (context.seat == kIoPort && context.on_seat)) return Extent::foreign();
  if (bytes.size() < kHeader) return extent_of_few(bytes, context);
  const auto header = read_header(stream);
  if (header.command > kHighestCommand || header.options != 0) return Extent::foreign();
  const auto whole = Extent::of(kHeader + header.length);
  if (kind == encapsulated) return whole;
  if (header.command == nop) return extent_of_nop(header, stream, context);
  if (!is_command(header.command) || !is_status(header.status)) return Extent::foreign();
  if (context.over == Over::udp && bytes.size() > whole.size()) return Extent::foreign();
  const auto fit = fits_body(header, stream);
  if (fit == Fit::no && !context.on_seat) return Extent::foreign();
  return fit == Fit::more && bytes.size() < whole.size() ? Extent::incomplete() : whole;
}

/// The data items of SendRRData and SendUnitData, with the address that stands before them.
struct Carried {
  std::uint16_t type = 0;
  std::uint32_t connection = 0;
  std::uint16_t sequence = 0;  ///< of a connected message
  Bytes message;               ///< what was captured of it
};

/// Calls `take` for each data item; false where the items break their own lengths. What the capture
/// cut off is no fault.
template <class Take>
bool for_each_carried(ByteCursor body, bool is_cut, Take take) {
  body.skip(4 + 2);
  const auto count = body.le16();
  Carried carried;
  for (int i = 0; i < count && i < kMostItems && body.ok(); ++i) {
    carried.type = body.le16();
    const std::size_t length = body.le16();
    if (!body.ok()) return is_cut;
    if (length > body.remaining() && !is_cut) return false;
    ByteCursor item = body.nested(std::min(length, body.remaining()));
    switch (carried.type) {
      case connected_address:
        carried.connection = item.le32();
        break;
      case connected_data:
        carried.sequence = item.le16();
        carried.message = item.rest();
        if (item.ok()) take(carried);
        break;
      case unconnected_data:
        carried.message = item.rest();
        take(carried);
        break;
      default:
        break;
    }
  }
  return body.ok() || is_cut;
}

constexpr std::uint8_t kAnswerBit = 0x80;  // of a CIP service

std::optional<Sender> sender_of_data(const Header& header, ByteCursor body) noexcept {
  std::optional<Sender> said;
  for_each_carried(body, body.remaining() < header.length, [&](const Carried& carried) {
    if (carried.message.empty()) return;
    said = (carried.message[0] & kAnswerBit) != 0 ? Sender::server : Sender::client;
  });
  return said;
}

std::optional<Sender> sender(ByteCursor message, const Context& context) noexcept {
  if (context.over == Over::udp && is_io(message.rest())) return std::nullopt;
  const auto header = read_header(message);
  if (!message.ok()) return std::nullopt;
  if (header.status != 0) return Sender::server;
  switch (header.command) {
    case legacy_identify:
    case list_services:
    case list_identity:
    case list_interfaces:
      return header.length == 0 ? Sender::client : Sender::server;
    case register_session:
      return header.session == 0 ? Sender::client : Sender::server;
    case unregister_session:
      return Sender::client;
    case send_rr_data:
    case send_unit_data:
      return sender_of_data(header, message);
    default:
      return std::nullopt;
  }
}

SmallText notate(std::uint32_t code) {
  return SmallText{}.hex(code, 4);
}

/// 2-4.2 to 2-4.8: these alone are answered; the others are told, and so is what asks everybody.
bool is_answered(std::uint16_t command, const Context& context) noexcept {
  switch (command) {
    case legacy_identify:
    case list_services:
    case list_identity:
    case list_interfaces:
      return !context.to_group;
    case register_session:
    case send_rr_data:
      return true;
    default:
      return false;
  }
}

/// 2-4.3: the version, the socket address that the device believes to have, its identity, its
/// state. The address is not said: the sender's own is known, and behind a NAT they differ.
void tell_identity(ByteCursor item, Observer& out) {
  item.skip(2 + 16);
  const auto identity = CipIdentity::read(item);
  if (!item.ok()) return;
  tell_cip_identity(identity, Subject{}, out);
  const auto state = item.u8();
  if (!item.ok()) return;
  if (state == 1) out.event(Event::device_state, "self-testing");  // volume 1, 5A-2.1.8
  if (state == 2) out.event(Event::device_state, "standby");
}

void tell_identities(ByteCursor body, Observer& out) {
  const auto count = body.le16();
  for (int i = 0; i < count && i < kMostItems && body.ok(); ++i) {
    const auto type = body.le16();
    const std::size_t length = body.le16();
    if (!body.ok()) return;
    const auto item = body.nested(std::min(length, body.remaining()));
    if (type == identity_item) tell_identity(item, out);
  }
}

/// The answer to an unconnected message repeats the sender's context, that to a connected one the
/// sequence count; the dissector of CIP knows which two connection ids belong together.
void carry_data(const Header& header, ByteCursor body, const Context& context, Observer& out) {
  const bool is_cut = body.remaining() < header.length;
  const bool sound = for_each_carried(body, is_cut, [&](const Carried& carried) {
    auto inside = context;
    const bool connected = carried.type == connected_data;
    inside.exchange = connected ? carried.sequence : header.context;
    inside.channel = connected ? carried.connection : 0;
    ByteCursor message{carried.message};
    out.carry("cip", message, inside);
  });
  if (!sound) out.event(Event::malformed, SmallText{"items of "}.hex(header.command, 4).view());
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  if (context.over == Over::udp && is_io(message.rest())) {
    settle(context, io);
    out.notice(kIo, {});
    return message.skip(message.remaining());
  }
  const auto header = read_header(message);
  if (!message.ok()) return;
  settle(context, encapsulated);
  // Two commands with one context are two exchanges.
  const auto key = mix(header.context, header.command);
  const bool answered = is_answered(header.command, context);
  if (context.sender == Sender::client) {
    if (answered)
      out.request(header.command, {}, key);
    else
      out.notice(header.command, {});
    if (answered && header.command == list_identity) await_identity(context);
  } else if (answered && (header.command != list_identity || awaits_identity(context))) {
    out.reply(key, header.status == 0 ? Outcome::executed : Outcome::rejected, header.status);
  }
  switch (header.command) {
    case list_identity:
      if (header.length > 0) tell_identities(message, out);
      break;
    case send_rr_data:
    case send_unit_data:
      if (header.length > 0) carry_data(header, message, context, out);
      break;
    default:
      break;
  }
  message.skip(header.length);
}

const Registration registration{{
    .name = "enip",
    .title = "EtherNet/IP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::enip
