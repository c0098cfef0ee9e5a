// DCE/RPC, connection-oriented, version 5, over TCP or a pipe of SMB: C706 (The Open Group), 12.6
// and 13.2; [MS-RPCE] for what Windows adds. Codes are interface and operation: `svcctl/12`; `bind`
// and `alter` open one. The reason of a rejection is a fault's status, a bind's refusal, or the
// result that the operation itself gives.

#include "sekimori/dissect/dce_rpc.h"
#include "sekimori/dissect/ntlm.h"

#include "dcerpc/endpoints.h"
#include "dcerpc/interfaces.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

using dcerpc::kInterfaces;

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 135}});

constexpr std::uint64_t kKeyed = std::uint64_t{1} << 63U;
constexpr int kMostContexts = 32;           // of one bind
constexpr std::uint32_t kAccessDenied = 5;  // [MS-RPCE] 3.1.1.5.5: ERROR_ACCESS_DENIED as a fault

// Bits of the flow's third word; SMB has the first two for its own.
constexpr std::size_t kWord = 2;
constexpr std::uint64_t kPrivacySaid = 1;
constexpr std::uint64_t kLoggingIn = 2;

/// The interfaces that one side has heard being bound, by their context's number.
class Bindings {
 public:
  Bindings(Observer& out, std::uint64_t pipe)
      : buffer_(out.buffer((kShelf ^ pipe) & ~StreamBuffer::kShared)) {}

  struct Entry {
    std::uint16_t context = 0;
    std::uint32_t place = dcerpc::kUnbound;
    Uuid uuid;
  };

  void add(const Entry& entry) {
    if (buffer_.view().size() >= kMost * kSize) buffer_.clear();
    std::array<std::uint8_t, kSize> bytes{};
    std::size_t at = 0;
    const auto put = [&](std::uint64_t value, unsigned width) {
      for (unsigned i = width; i > 0; --i)
        bytes[at++] = static_cast<std::uint8_t>(value >> (8 * (i - 1)));
    };
    put(entry.context, 2);
    put(entry.place, 2);
    put(entry.uuid.low, 4);
    put(entry.uuid.middle, 2);
    put(entry.uuid.high, 2);
    put(entry.uuid.rest, 8);
    buffer_.append(bytes);
  }

  /// The newest of that number.
  [[nodiscard]] Entry find(std::uint16_t context) const noexcept {
    auto bytes = buffer_.view();
    while (bytes.size() >= kSize) {
      ByteCursor cursor{bytes.last(kSize)};
      Entry entry;
      entry.context = cursor.be16();
      entry.place = cursor.be16();
      entry.uuid = {cursor.be32(), cursor.be16(), cursor.be16(), cursor.be64()};
      if (entry.context == context) return entry;
      bytes = bytes.first(bytes.size() - kSize);
    }
    return {};
  }

 private:
  static constexpr std::uint64_t kShelf = 0xdce0000000000000;
  static constexpr std::size_t kSize = 20;
  static constexpr std::size_t kMost = 64;

  StreamBuffer& buffer_;
};

SmallText name_of(std::uint32_t place, const Uuid& uuid) noexcept {
  return place < kInterfaces.size() ? SmallText{kInterfaces[place].name} : to_text(uuid);
}

/// What the interfaces of a bind were, for its answer: number and place of the first four.
class Offer {
 public:
  explicit Offer(std::uint64_t packed = 0) noexcept : packed_(packed) {}

  void add(const Bindings::Entry& entry) noexcept {
    if (count_ == 4 || entry.context > 0xff) return;
    packed_ |= (std::uint64_t{entry.context} << 8U | (entry.place & 0xffU)) << (16 * count_++);
  }
  [[nodiscard]] Bindings::Entry at(unsigned i) const noexcept {
    const auto word = packed_ >> (16 * i);
    Bindings::Entry entry;
    entry.context = static_cast<std::uint16_t>((word >> 8U) & 0xffU);
    entry.place = static_cast<std::uint32_t>(word & 0xffU);
    return entry;
  }
  [[nodiscard]] std::uint64_t packed() const noexcept { return packed_; }

 private:
  std::uint64_t packed_;
  unsigned count_ = 0;
};

/// Windows answers with a result in the last four bytes; some say that more is to come.
bool refuses(dcerpc::Result kind, std::uint32_t result) noexcept {
  constexpr auto kMoreToCome = std::to_array<std::uint32_t>({234, 259});  // [MS-ERREF] 2.2
  switch (kind) {
    case dcerpc::Result::error:
      return result != 0 && std::ranges::find(kMoreToCome, result) == kMoreToCome.end();
    case dcerpc::Result::status:
      return result >> 30U == 3;
    case dcerpc::Result::hresult:
      return result >> 31U == 1;
  }
  return false;
}

/// A UTF-16 string with its three counts (C706, 14.3.4.2); empty where it is cut.
SmallText counted_text(ByteCursor& cursor) noexcept {
  constexpr std::uint32_t kMost = 512;
  cursor.skip(8);  // room, offset
  const auto count = cursor.le32();
  if (count == 0 || count > kMost) return {};
  const auto bytes = cursor.take(2 * std::size_t{count});
  SmallText text;
  if (bytes.size() < 2) return text;
  const bool zero = bytes[bytes.size() - 1] == 0 && bytes[bytes.size() - 2] == 0;
  return text.utf16le(zero ? bytes.first(bytes.size() - 2) : bytes);
}

SmallText argument(std::uint32_t code, const DcePdu& pdu) noexcept {
  constexpr std::size_t kHandle = 20;
  const auto where = dcerpc::name_at(code);
  if (where == dcerpc::NameAt::nowhere || pdu.is_sealed() || pdu.big_endian) return {};
  ByteCursor stub{pdu.stub};
  if (where == dcerpc::NameAt::behind_handle) stub.skip(kHandle);
  if (where == dcerpc::NameAt::behind_pointer && stub.le32() == 0) return {};
  return counted_text(stub);
}

class Fragment {
 public:
  Fragment(const DcePdu& pdu, ByteCursor body, Bytes all, const Context& context, Observer& out)
      : pdu_(pdu),
        body_(body),
        all_(all),
        context_(context),
        word_((*context.state)[kWord]),
        out_(out) {}

  /// False where it was cut before all was said.
  bool hear() {
    switch (pdu_.type) {
      case DcePdu::bind:
      case DcePdu::alter:
        return offer();
      case DcePdu::bind_ack:
      case DcePdu::alter_response:
        return answer();
      case DcePdu::bind_nak:
        return refusal();
      case DcePdu::request:
        return request();
      case DcePdu::response:
        return response();
      case DcePdu::fault:
        return fault();
      case DcePdu::auth3:
        say_security();
        return pdu_.whole;
      default:
        return true;
    }
  }

 private:
  [[nodiscard]] std::uint64_t key() const noexcept {
    return kKeyed | (context_.seat & 0x7fffffffU) << 32U | pdu_.call;
  }

  bool offer() {  // 12.6.4.3
    body_.skip(8);
    const int count = body_.u8();
    body_.skip(3);
    if (!body_.ok()) return false;
    Bindings bindings{out_, context_.seat};
    Offer offered;
    SmallText names;
    std::uint32_t last = dcerpc::kUnbound;
    for (int i = 0; i < count && i < kMostContexts; ++i) {
      Bindings::Entry entry;
      entry.context = pdu_.u16(body_);
      const std::size_t syntaxes = body_.u8();
      body_.skip(1);
      entry.uuid = pdu_.uuid(body_);
      body_.skip(4 + 20 * syntaxes);
      if (!body_.ok()) return false;
      entry.place = dcerpc::place_of(entry.uuid);
      bindings.add(entry);
      offered.add(entry);
      // One interface is offered once for each way to write its arguments.
      if (entry.place != last) names.add(names.empty() ? "" : ", ");
      if (entry.place != last) names.add(name_of(entry.place, entry.uuid).view());
      last = entry.place;
    }
    const auto code = pdu_.type == DcePdu::bind ? dcerpc::kBind : dcerpc::kAlter;
    out_.request(code, {.name = names.bytes()}, key(), offered.packed());
    say_security();
    return pdu_.whole;
  }

  bool answer() {  // 12.6.4.4
    body_.skip(8);
    const std::size_t address = pdu_.u16(body_);
    body_.skip(address + (4 - (2 + address) % 4) % 4);
    const int count = body_.u8();
    body_.skip(3);
    if (!body_.ok()) return false;
    std::uint32_t reason = 0;
    bool accepted = count == 0;
    std::uint32_t taken = 0;
    for (int i = 0; i < count && i < kMostContexts; ++i) {
      const auto result = pdu_.u16(body_);
      const auto why = pdu_.u16(body_);
      body_.skip(20);
      if (!body_.ok()) return false;
      if (result == 0) {
        accepted = true;
        taken |= 1U << static_cast<unsigned>(i);
      } else {
        reason = why;
      }
    }
    const auto context =
        out_.reply(key(), accepted ? Outcome::executed : Outcome::rejected, accepted ? 0 : reason);
    Bindings bindings{out_, context_.seat};
    const Offer offered{context.value_or(0)};
    for (unsigned i = 0; context.has_value() && i < 4; ++i)
      if ((taken & 1U << i) != 0) bindings.add(offered.at(i));
    say_security();
    return pdu_.whole;
  }

  bool refusal() {  // 12.6.4.5
    const auto reason = pdu_.u16(body_);
    if (!body_.ok()) return false;
    out_.reply(key(), Outcome::rejected, reason);
    return true;
  }

  bool request() {
    if (!pdu_.is_first()) return true;
    const auto bound = Bindings{out_, context_.seat}.find(pdu_.context);
    if (bound.place < kInterfaces.size() && is_carried(bound.place)) return hand_over(bound.place);
    const auto code = bound.place << 16U | pdu_.opnum;
    const auto name = argument(code, pdu_);
    if (!pdu_.whole && name.empty() && dcerpc::name_at(code) != dcerpc::NameAt::nowhere)
      return false;
    const auto unknown = bound.place == dcerpc::kUnknown ? to_text(bound.uuid) : SmallText{};
    out_.request(code, {.name = unknown.empty() ? name.bytes() : unknown.bytes()}, key(), code);
    say_privacy();
    return pdu_.whole;
  }

  bool response() {
    const auto bound = Bindings{out_, context_.seat}.find(pdu_.context);
    const bool known = bound.place < kInterfaces.size();
    if (known && is_carried(bound.place)) return hand_over(bound.place);
    // What the results tell stands in the first fragment, how it went in the last.
    const bool readable = pdu_.whole && !pdu_.is_sealed();
    if (pdu_.is_first() && readable && known) results(bound.place);
    if (!pdu_.is_last()) return true;
    if (!pdu_.whole) return false;
    std::uint32_t result = 0;
    if (known && readable && pdu_.stub.size() >= 4) {
      ByteCursor end{pdu_.stub.last(4)};
      result = pdu_.u32(end);
    }
    const bool refused = known && refuses(kInterfaces[bound.place].result, result);
    out_.reply(key(), refused ? Outcome::rejected : Outcome::executed, refused ? result : 0);
    say_privacy();
    return true;
  }

  void results(std::uint32_t place) {
    if (place << 16U == dcerpc::kEpmapper) dcerpc::say_towers(pdu_.stub, out_);
    if (place << 16U == dcerpc::kExporter || place << 16U == dcerpc::kActivator ||
        place << 16U == dcerpc::kActivation)
      dcerpc::say_bindings(pdu_.stub, out_);
  }

  bool fault() {
    const auto bound = Bindings{out_, context_.seat}.find(pdu_.context);
    if (bound.place < kInterfaces.size() && is_carried(bound.place)) return hand_over(bound.place);
    out_.reply(key(), Outcome::rejected, pdu_.status);
    if (pdu_.status == kAccessDenied && (word_ & kLoggingIn) != 0)
      out_.event(Event::login_rejected, "DCE/RPC access denied", {.kind = Subject::Kind::client});
    return true;
  }

  [[nodiscard]] static constexpr bool is_carried(std::uint32_t place) noexcept {
    return place << 16U >= dcerpc::kFirstOpc;
  }

  /// OPC speaks under its own name: the fragment goes on whole, with the interface for a seat.
  bool hand_over(std::uint32_t place) {
    auto about = context_;
    about.seat = place - (dcerpc::kFirstOpc >> 16U);
    ByteCursor message{all_};
    out_.carry("opcda", message, about);
    say_privacy();
    return pdu_.whole && message.ok();
  }

  /// Credentials in the verifier of a bind, its answer or what follows them (13.2.6).
  void say_security() {
    if (pdu_.token.empty()) return;
    if (has_kerberos(pdu_.token)) {
      out_.event(Event::login, "Kerberos");
      word_ |= kLoggingIn;
    } else if (say_ntlm(pdu_.token, out_)) {
      word_ |= kLoggingIn;
    }
  }

  void say_privacy() {
    if (!pdu_.is_sealed() || (word_ & kPrivacySaid) != 0) return;
    word_ |= kPrivacySaid;
    out_.event(Event::encrypted, "DCE/RPC privacy");
  }

  const DcePdu& pdu_;
  ByteCursor body_;
  Bytes all_;
  const Context& context_;
  std::uint64_t& word_;
  Observer& out_;
};

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto all = message.rest();
  const auto pdu = take_dce_pdu(message);
  if (!message.ok()) return;
  const bool heard = Fragment{pdu, message, all, context, out}.hear();
  message.skip(heard ? message.remaining() : SIZE_MAX);
}

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  return dce_extent(stream);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto type = message.rest().size() > 2 ? message.rest()[2] : std::uint8_t{0xff};
  switch (type) {
    case DcePdu::request:
    case DcePdu::bind:
    case DcePdu::alter:
    case DcePdu::auth3:
    case DcePdu::cancel:
    case DcePdu::orphaned:
      return Sender::client;
    case DcePdu::response:
    case DcePdu::fault:
    case DcePdu::bind_ack:
    case DcePdu::bind_nak:
    case DcePdu::alter_response:
    case DcePdu::shutdown:
      return Sender::server;
    default:
      return std::nullopt;
  }
}

const Registration registration{{
    .name = "dcerpc",
    .title = "DCE/RPC",
    .seats = kSeats,
    .operations = dcerpc::kOperations,
    .over_tcp = true,
    .alone = 2,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = dcerpc::notate,
}};

}  // namespace
}  // namespace sekimori
