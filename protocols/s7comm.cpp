// S7comm: Siemens' protocol of the S7-200, 300 and 400, and what the 1200, 1500 and LOGO! still
// answer. It rides on ISO transport over TCP (RFC 1006; tpkt.h) and is unpublished: the layouts
// stand in s7comm/*.h with their sources, and hold on real captures.
//
// Codes are written as the function of a job, `0x05`; of userdata as group and subfunction, `4/1`;
// what a controller tells unasked as `push 4/17`. The PI services (program invocation) share
// `0x28`: their operations and names differ. A rejection's reason is error class << 8 | code, or
// the return code of the first item. A message of several items is executed where one of them was.
// Ranges are bytes of an area, numbers of counters, timers and blocks, or the index of a status
// list.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/tpkt.h"
#include "sekimori/dissect/web_login.h"

#include "s7comm/blocks.h"
#include "s7comm/items.h"
#include "s7comm/operations.h"
#include "s7comm/pdu.h"
#include "s7comm/szl.h"

#include <algorithm>
#include <array>

namespace sekimori::s7comm {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 102}});

// The flow's words. The first: what tpkt.h keeps, whether a message was heard, and the TSAPs of
// the connection; the second: the list of which parts are gathered; the third: the upload at hand.
constexpr std::uint64_t kKnown = 1U << 4U;
constexpr std::uint64_t kHasTsap = 1U << 5U;
constexpr unsigned kTsapShift = 32;
constexpr std::uint64_t kValid = 1ULL << 63U;

constexpr std::uint64_t kSzlBuffer = 0x535a4c;  // key of Observer::buffer
constexpr std::uint64_t kUserdataKey = 1U << 16U;
constexpr std::uint32_t kNextPart = 1U << 31U;  // in Asked::detail of a list

bool is_known(const Context& context) noexcept {
  return context.state != nullptr && ((*context.state)[0] & kKnown) != 0;
}

/// True where nothing in the first bytes of a TSDU speaks against S7comm.
bool may_begin(Bytes bytes) noexcept {
  const auto fits = [bytes](std::size_t at, std::uint8_t value) {
    return at >= bytes.size() || bytes[at] == value;
  };
  return fits(0, kProtocol) && fits(2, 0) && fits(3, 0) && (bytes.size() <= 1 || is_type(bytes[1]));
}

/// True where the TSDU at the front is S7comm, as far as it came: off the seat the function must be
/// possible, and the sizes must fill it.
bool is_message(const TsduFront& front, bool on_seat) noexcept {
  const auto bytes = front.payload;
  const bool more = front.extent.is_incomplete() || front.length > bytes.size();
  const auto pdu = read_pdu(bytes, false);
  if (!pdu) return more;
  const bool answer = pdu->type == Type::ack || pdu->type == Type::answer;
  const auto sizes = (bytes[6] << 8U | bytes[7]) + (bytes[8] << 8U | bytes[9]);
  const auto length = (answer ? kHeaderOfAnswer : kHeader) + static_cast<std::size_t>(sizes);
  if (front.extent.is_message() && (on_seat ? length > front.length : length != front.length))
    return false;
  if (on_seat || pdu->parameter.empty()) return true;
  return pdu->type == Type::userdata ? pdu->parameter[0] == 0
                                     : !find_operation(kOperations, pdu->parameter[0]).name.empty();
}

Extent extent_of_data(const TsduFront& front, bool on_seat) noexcept {
  if (!may_begin(front.payload)) return Extent::foreign();
  if (is_message(front, on_seat)) return front.extent;
  // On its own port one that ends within its header is a faulty device's; the next one decides.
  const bool stump = !front.payload.empty() && front.length < kHeader;
  return on_seat && stump ? front.extent.as_no_proof() : Extent::foreign();
}

/// Connections are opened alike for S7comm-plus, MMS, RDP and others, so only data proves.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (is_known(context)) return tpkt_extent(stream);
  const auto front = tsdu_front(stream);
  if (front.extent.is_foreign()) return front.extent;
  switch (front.type) {
    case Cotp::Type::connect_request:
    case Cotp::Type::connect_confirm:
      return front.extent.as_no_proof();
    case Cotp::Type::data:
      return extent_of_data(front, context.on_seat);
    case Cotp::Type::disconnect_request:
    case Cotp::Type::disconnect_confirm:
    case Cotp::Type::other:
    default:
      return front.extent.is_incomplete() ? front.extent : Extent::foreign();
  }
}

/// The controller asks only for the parts of a download.
Sender sender_of_job(std::uint8_t function) noexcept {
  return function == kDownloadBlock || function == kEndDownload ? Sender::server : Sender::client;
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto front = tsdu_front(message);
  if (front.type == Cotp::Type::connect_request) return Sender::client;
  if (front.type == Cotp::Type::connect_confirm) return Sender::server;
  if (front.type != Cotp::Type::data) return std::nullopt;
  const auto pdu = read_pdu(front.payload, false);
  if (!pdu) return std::nullopt;
  if (pdu->type == Type::userdata) {
    const auto head = read_head(pdu->parameter);
    // Either end of a connection between controllers may send a block.
    if (!head || head->group == kBsend || head->kind == Head::Kind::other) return std::nullopt;
    return head->kind == Head::Kind::request ? Sender::client : Sender::server;
  }
  if (pdu->parameter.empty()) return std::nullopt;
  const auto asks = sender_of_job(pdu->parameter[0]);
  return pdu->type == Type::job ? asks : other(asks);
}

/// What a request asks. `detail` comes back with the answer.
struct Asked {
  std::uint32_t code = 0;
  std::uint32_t detail = 0;
  SmallText name;
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  bool fits = true;
  bool complete = true;  ///< false where what it acts upon could not be read

  void aim(std::uint64_t from, std::uint64_t to) noexcept {
    first = from;
    last = to;
  }
  void aim(const Block& block) noexcept {
    name = name_of_type(block.type);
    aim(block.number, block.number);
  }
  void aim(const Items& items) noexcept {
    name = items.name();
    if (items.has_range()) aim(items.first(), items.last());
  }
};

/// Hears one message of the protocol.
class Hearing {
 public:
  Hearing(const Pdu& pdu, FlowState& words, Observer& out) noexcept
      : pdu_(pdu), words_(words), out_(out) {}

  void tell() {
    switch (pdu_.type) {
      case Type::job:
        job();
        break;
      case Type::ack:
      case Type::answer:
        answer();
        break;
      case Type::userdata:
        userdata_message();
        break;
    }
    if (!pdu_.fits) out_.event(Event::malformed, "sizes that do not fill the message");
  }

 private:
  void malformed(std::string_view what, std::uint32_t code) {
    out_.event(Event::malformed, SmallText{what}.add(notate(code).view()).view());
  }

  /// Of what the capture cut nothing is said; what the sender left out breaks the protocol.
  void request(Asked& asked, const ByteCursor& read, std::uint64_t key) {
    if (pdu_.cut && !(read.ok() && asked.complete)) return;
    Target target;
    target.name = asked.name.bytes();
    target.has_range = asked.first <= asked.last && read.ok();
    target.first = asked.first;
    target.last = asked.last;
    out_.request(asked.code, target, key, std::uint64_t{asked.detail} << 32U | asked.code);
    if (!read.ok() || !asked.fits) malformed("request of ", asked.code);
  }

  // Jobs.

  void job() {
    ByteCursor parameter{pdu_.parameter};
    Asked asked;
    asked.code = parameter.u8();
    if (!parameter.ok()) {
      if (!pdu_.cut) out_.event(Event::malformed, "job without a function");
      return;
    }
    switch (asked.code) {
      case kSetup:
        setup(parameter, asked);
        break;
      case kRead:
      case kWrite:
        items(parameter, asked);
        break;
      case kRequestDownload:
      case kDownloadBlock:
      case kEndDownload:
      case kStartUpload:
        name_block(parameter, asked);
        break;
      case kUpload:
      case kEndUpload:
        continue_upload(parameter, asked);
        break;
      case kPiService:
        invoke(parameter, asked);
        return;
      case kStop:
        parameter.skip(5);
        parameter.skip(parameter.u8());  // P_PROGRAM
        break;
      default:
        break;
    }
    request(asked, parameter, pdu_.reference);
  }

  /// Jobs in parallel, both ways, and the size of a PDU. The target is where in the rack the
  /// connection leads.
  void setup(ByteCursor& parameter, Asked& asked) const noexcept {
    parameter.skip(1 + 2 + 2 + 2);
    if ((words_[0] & kHasTsap) == 0) return;
    // TSAP: the kind of connection, then rack << 5 | slot (Siemens, ISO-on-TCP connections).
    const auto tsap = words_[0] >> kTsapShift & 0xffffU;
    const auto kind = tsap >> 8U;
    if (kind < 1 || kind > 3) return;
    constexpr auto kKinds = std::to_array<std::string_view>({"PG", "OP", "S7 basic"});
    asked.name.add(kKinds[kind - 1]).add(" to rack ").decimal(tsap >> 5U & 7U);
    asked.name.add(" slot ").decimal(tsap & 31U);
  }

  static void items(ByteCursor& parameter, Asked& asked) noexcept {
    Items items;
    for (auto left = parameter.u8(); left > 0 && parameter.ok(); --left) {
      items.take(parameter);
      // Items begin at even offsets.
      if (left > 1 && parameter.offset() % 2 != 0) parameter.skip(1);
    }
    asked.aim(items);
    asked.fits = items.fits();
  }

  /// Status, unknown (2), number (4), then the counted name.
  static void name_block(ByteCursor& parameter, Asked& asked) noexcept {
    parameter.skip(1 + 2 + 4);
    const auto name = parameter.take(parameter.u8());
    if (!parameter.ok() || name.empty()) return;
    const auto block = read_block(name.subspan(1));
    if (!block) {  // a file of an NC
      if (is_printable(view_of(name))) asked.name.add(view_of(name));
      return;
    }
    asked.aim(*block);
    asked.detail = packed(*block);
  }

  void continue_upload(ByteCursor& parameter, Asked& asked) const noexcept {
    parameter.skip(1 + 2);
    const auto id = parameter.be32();
    const auto block = unpacked(static_cast<std::uint32_t>(words_[2] >> 32U));
    if (parameter.ok() && block && static_cast<std::uint32_t>(words_[2]) == id) asked.aim(*block);
  }

  /// Seven bytes, an argument and the service's name, each counted.
  void invoke(ByteCursor& parameter, Asked& asked) {
    parameter.skip(7);
    const auto argument = parameter.take(parameter.be16());
    const auto name = view_of(parameter.take(parameter.u8()));
    if (parameter.ok() && is_printable(name)) {
      asked.code = pi_code(name);
      asked.name.add(name);
      describe(asked, argument);
    }
    request(asked, parameter, pdu_.reference);
    if (parameter.ok() && name == "_N_LOGIN_") log_in(argument);
  }

  /// Start: nothing for a warm restart, `C ` for a cold one. Blocks: how many, 0, and each in eight
  /// letters. An NC: counted texts.
  static void describe(Asked& asked, Bytes argument) noexcept {
    if (asked.code == kStart) {
      asked.detail = view_of(argument).starts_with('C') ? 1 : 0;
      asked.name.add(asked.detail == 1 ? ", cold restart" : ", warm restart");
    } else if (asked.code == kInsert || asked.code == kDelete) {
      ByteCursor blocks{argument};
      const auto count = blocks.u8();
      blocks.skip(1);
      const auto block = read_block(blocks.take(8));
      if (!blocks.ok() || !block) return;
      asked.name.add(' ').add(name_of_type(block->type).view());
      if (count == 1)
        asked.aim(block->number, block->number);
      else
        asked.name.add(" and more");
    } else if (asked.code != kNcLogin) {
      // The address (2) and what it is about: `_N_F_DELE` and a path.
      ByteCursor texts{argument};
      take_argument(texts);
      const auto about = view_of(take_argument(texts));
      if (texts.ok() && !about.empty() && is_printable(about)) asked.name.add(' ').add(about);
    }
  }

  /// Each begins at an even offset.
  static Bytes take_argument(ByteCursor& texts) noexcept {
    const auto text = texts.take(texts.u8());
    if (texts.offset() % 2 != 0 && !texts.empty()) texts.skip(1);
    return text;
  }

  void log_in(Bytes argument) {
    ByteCursor texts{argument};
    take_argument(texts);
    const auto secret = take_argument(texts);
    if (texts.ok()) say_cleartext_login("s7comm", {}, secret, out_);
  }

  // Answers to jobs.

  void answer() {
    if (pdu_.error != 0) {
      out_.reply(pdu_.reference, Outcome::rejected, pdu_.error);
      return;
    }
    std::uint32_t reason = 0;
    const auto function = pdu_.parameter.empty() ? std::uint8_t{0} : pdu_.parameter[0];
    const bool counts = pdu_.type == Type::answer && (function == kRead || function == kWrite);
    if (pdu_.type == Type::answer && pdu_.parameter.empty() && pdu_.cut) return;
    if (counts) {
      const auto read = read_codes(function, reason);
      if (!read) return;
      if (*read == Outcome::rejected) {
        out_.reply(pdu_.reference, Outcome::rejected, reason);
        return;
      }
    }
    const auto asked = out_.reply(pdu_.reference, Outcome::executed);
    if (asked)
      follow(static_cast<std::uint32_t>(*asked), static_cast<std::uint32_t>(*asked >> 32U));
  }

  /// Executed where one item was; nothing where the capture kept too little to tell.
  std::optional<Outcome> read_codes(std::uint8_t function, std::uint32_t& reason) const noexcept {
    ByteCursor data{pdu_.data};
    unsigned failed = 0;
    const unsigned most = pdu_.parameter.size() > 1 ? pdu_.parameter[1] : 255U;
    for (unsigned i = 0; i < most && !data.empty(); ++i) {
      const auto code = data.u8();
      if (code == kSuccess) return Outcome::executed;
      if (failed++ == 0) reason = code;
      if (function == kWrite) continue;
      // Bits count as one for each bit of a byte.
      const auto transport = data.u8();
      const auto size = data.be16();
      const bool in_bits = transport >= 3 && transport <= 5;
      data.skip(in_bits ? (size + 7U) / 8U : size);
      if (data.offset() % 2 != 0 && !data.empty()) data.skip(1);
    }
    if (pdu_.cut) return std::nullopt;
    return failed == 0 ? Outcome::executed : Outcome::rejected;
  }

  void follow(std::uint32_t code, std::uint32_t detail) {
    switch (code) {
      case kStop:
        return out_.event(Event::mode_change, "stop");
      case kStart:
        return out_.event(Event::mode_change, detail == 1 ? "cold restart" : "warm restart");
      case kRequestDownload:
        return tell_transfer("download of ", detail);
      case kStartUpload:
        begin_upload(detail);
        return tell_transfer("upload of ", detail);
      default:
        return;
    }
  }

  void tell_transfer(std::string_view way, std::uint32_t word) {
    const auto block = unpacked(word);
    if (!block) return;
    SmallText text{way};
    text.add(name_of_type(block->type).view()).decimal(block->number);
    out_.event(Event::transfer, text.view());
  }

  void begin_upload(std::uint32_t block) noexcept {
    ByteCursor parameter{pdu_.parameter};
    parameter.skip(1 + 1 + 2);
    const auto id = parameter.be32();
    if (parameter.ok()) words_[2] = std::uint64_t{block} << 32U | id;
  }

  // Userdata.

  void userdata_message() {
    const auto head = read_head(pdu_.parameter);
    if (!head) {
      if (!pdu_.cut) out_.event(Event::malformed, "userdata without its head");
      return;
    }
    switch (head->kind) {
      case Head::Kind::request:
        return ask(*head);
      case Head::Kind::answer:
        return reply(*head);
      case Head::Kind::push:
        return indicate(*head);
      case Head::Kind::other:
        out_.event(Event::malformed, "userdata of unknown kind");
        return;
    }
  }

  [[nodiscard]] std::uint64_t userdata_key() const noexcept {
    return kUserdataKey | pdu_.reference;
  }

  void ask(const Head& head) {
    Asked asked;
    asked.code = userdata(head.group, head.sub);
    const auto envelope = read_envelope(pdu_.data);
    if (!envelope && pdu_.cut) return;
    ByteCursor content{envelope ? envelope->content : Bytes{}};
    if (head.group == kCpu) ask_cpu(head, content, asked);
    if (head.group == kProgrammer) ask_programmer(content, asked);
    if (head.group == kBlocks) ask_blocks(content, asked);
    if (head.group == kCyclic) ask_cyclic(content, asked);
    request(asked, content, userdata_key());
    if (asked.code == kPassword && content.ok()) tell_password(content);
  }

  void ask_cpu(const Head& head, ByteCursor& content, Asked& asked) const noexcept {
    if (asked.code == kMessageService) {
      content.skip(2);  // which messages
      const auto user = view_of(content.take(8));
      if (content.ok() && is_printable(user)) asked.name.add("user ").add(trimmed(user));
    }
    if (asked.code != kReadSzl) return;
    std::uint16_t id = 0;
    if (content.empty() && !pdu_.cut) {  // the next part of the list at hand
      if (head.sequence == 0) return;
      asked.detail = kNextPart;
      if ((words_[1] & kValid) == 0) return;
      id = static_cast<std::uint16_t>(words_[1] >> 8U);
    } else {
      id = content.be16();
      const auto index = content.be16();
      asked.aim(index, index);
    }
    if (!content.ok()) return;
    asked.detail |= id;
    asked.name.add("szl ").hex(id, 4);
    if (tells_identity(id)) asked.code = kReadIdentity;
  }

  /// Size of a head (2), size of what follows (2), the head. What follows in `enable` are the
  /// function and the number of a job. Layouts as real programming devices send them.
  static void ask_programmer(ByteCursor content, Asked& asked) noexcept {
    const bool enables = asked.code == kEnableJob;
    if (!enables && asked.code != kModify && asked.code != kForce && asked.code != kVariableStatus)
      return;
    const auto size = content.be16();
    content.skip(2);
    content.skip(size);
    if (enables)
      enabled_job(content, asked);
    else
      variables(content, asked);
    asked.complete = content.ok();
  }

  static void enabled_job(ByteCursor& content, Asked& asked) noexcept {
    const auto job = userdata(kProgrammer, content.u8());
    if (!content.ok()) return;
    asked.name.add(find_operation(kOperations, job).name);
    if (job == kModify) asked.code = kEnableModify;
    if (job == kForce) asked.code = kEnableForce;
  }

  /// How many (2), then of each area and width, how many, block (2) and byte (2).
  static void variables(ByteCursor& content, Asked& asked) noexcept {
    Items items;
    for (auto left = content.be16(); left > 0 && content.ok(); --left) variable(content, items);
    if (content.ok()) asked.aim(items);
  }

  static void variable(ByteCursor& list, Items& items) noexcept {
    const auto code = list.u8();
    const auto count = list.u8();
    const auto block = list.be16();
    const auto byte = list.be16();
    if (!list.ok()) return;
    // The upper half is the area: M, I, Q, P, T, C, DB; the lower one the width.
    constexpr auto kAreas =
        std::to_array<std::uint8_t>({0x83, 0x81, 0x82, 0x80, 0, 0x1d, 0x1c, kDataBlock});
    const auto area = static_cast<std::size_t>(code >> 4U);
    const unsigned width = code & 0x0fU;
    if (area >= kAreas.size()) return;
    constexpr auto kTransports = std::to_array<std::uint8_t>({0x02, 0x02, 0x04, 0x06});
    const auto transport = width < kTransports.size() ? kTransports[width] : std::uint8_t{0x02};
    const bool numbered = kAreas[area] == 0x1c || kAreas[area] == 0x1d;
    items.span(kAreas[area], block, transport, count, numbered ? byte : byte * 8U);
  }

  static void ask_blocks(ByteCursor& content, Asked& asked) noexcept {
    if (asked.code == kBlockInfo) {
      const auto name = content.take(8);
      const auto block = read_block(name);
      if (content.ok() && block) asked.aim(*block);
    } else if (asked.code == kListOfType) {
      const auto type = hex_of(view_of(content.take(2)));
      if (content.ok() && type) asked.name = name_of_type(static_cast<std::uint8_t>(*type));
    }
  }

  /// How many items (2), the base and the factor of the interval, then items as of a read.
  static void ask_cyclic(ByteCursor list, Asked& asked) noexcept {
    if (asked.code != kCyclicRead && asked.code != kChangeDriven) return;
    auto left = list.be16();
    list.skip(2);
    Items items;
    for (; left > 0 && list.ok(); --left) {
      items.take(list);
      if (left > 1 && list.offset() % 2 != 0) list.skip(1);
    }
    asked.complete = list.ok();
    if (list.ok()) asked.aim(items);
  }

  /// Eight letters, of which each is mixed with 0x55 and with the one two before it: no secret from
  /// who reads the wire (Snap7's client does the same).
  void tell_password(ByteCursor& content) {
    const auto hidden = content.take(8);
    if (!content.ok()) return;
    std::array<std::uint8_t, 8> secret{};
    for (std::size_t i = 0; i < secret.size(); ++i) {
      const auto before = i < 2 ? std::uint8_t{0} : hidden[i - 2];
      secret[i] = static_cast<std::uint8_t>(hidden[i] ^ 0x55U ^ before);
    }
    Bytes shown{secret};
    while (!shown.empty() && (shown.back() == ' ' || shown.back() == 0))
      shown = shown.first(shown.size() - 1);
    say_cleartext_login("s7comm", {}, shown, out_);
  }

  void reply(const Head& head) {
    const auto envelope = read_envelope(pdu_.data);
    if (head.error == 0 && !envelope && pdu_.cut) return;
    const bool refused =
        head.error != 0 || (envelope && envelope->code != kSuccess && !envelope->empty);
    if (refused) {
      const std::uint32_t reason = head.error != 0 ? head.error : envelope->code;
      out_.reply(userdata_key(), Outcome::rejected, reason);
      if (userdata(head.group, head.sub) == kPassword) out_.event(Event::login_rejected, "s7comm");
      return;
    }
    const auto asked = out_.reply(userdata_key(), Outcome::executed);
    const auto code = userdata(head.group, head.sub);
    if (code == kMemoryReset) out_.event(Event::mode_change, "memory reset");
    if (code == kReadSzl && envelope) gather_szl(head, *envelope, asked);
  }

  /// A list that is longer than a PDU comes in parts, each asked for.
  void gather_szl(const Head& head, const Envelope& envelope, std::optional<std::uint64_t> asked) {
    const std::uint64_t unit = head.unit;
    const bool continues = asked && (*asked >> 32U & kNextPart) != 0;
    const bool begun =
        (words_[1] & kValid) != 0 && (words_[1] & 0xffU) == unit && (continues || !asked);
    const bool short_of = envelope.content.size() < envelope.size;
    if (!begun && !head.more) {
      words_[1] = 0;
      if (!continues) Szl{out_}.tell(envelope.content);
      return;
    }
    auto& buffer = out_.buffer(kSzlBuffer);
    if (!begun) {
      buffer.clear();
      const auto id = asked ? static_cast<std::uint16_t>(*asked >> 32U) : std::uint16_t{0};
      words_[1] = kValid | std::uint64_t{id} << 8U | unit;
    }
    if (short_of || !buffer.append(envelope.content)) {
      words_[1] = 0;
      return;
    }
    if (head.more) return;
    words_[1] = 0;
    if (is_whole_list(buffer.view())) Szl{out_}.tell(buffer.view());
  }

  /// False where a part is missing in the middle.
  static bool is_whole_list(Bytes list) noexcept {
    ByteCursor cursor{list};
    cursor.skip(4);
    const std::size_t size = cursor.be16();
    const std::size_t count = cursor.be16();
    return cursor.ok() && list.size() == kSzlHeader + size * count;
  }

  void indicate(const Head& head) {
    out_.notice(push(head.group, head.sub), {});
    if (head.group != kModeTransition) return;
    const auto mode = mode_text(head.sub);
    if (mode.empty()) return out_.event(Event::mode_change, notate(head.sub).view());
    out_.event(Event::mode_change, mode);
    out_.property({}, Property::mode, bytes_of(mode), Confidence::stated);
  }

  const Pdu& pdu_;
  FlowState& words_;
  Observer& out_;
};

/// The called TSAP says where in the rack the connection leads.
void remember_tsap(const Cotp& cotp, FlowState& words) noexcept {
  words[0] &= ~(kHasTsap | std::uint64_t{0xffff} << kTsapShift);
  if (cotp.called.size() != 2) return;
  const auto tsap = static_cast<std::uint64_t>(cotp.called[0]) << 8U | cotp.called[1];
  words[0] |= kHasTsap | tsap << kTsapShift;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  words[0] |= kKnown;
  while (!message.empty()) {
    auto tpkt = take_tpkt(message);
    const bool whole = message.ok();
    const auto cotp = read_cotp(tpkt);
    if (cotp.type == Cotp::Type::connect_request) remember_tsap(cotp, words);
    const auto tsdu = gather_tsdu(cotp, whole, context.sender, words[0], out);
    if (!tsdu) continue;
    const auto pdu = read_pdu(*tsdu, whole);
    if (pdu)
      Hearing{*pdu, words, out}.tell();
    else if (whole && !tsdu->empty() && tsdu->size() < kHeader && may_begin(*tsdu))
      out.event(Event::malformed, "message that ends within its header");
  }
}

const Registration registration{{
    .name = "s7comm",
    .title = "S7comm",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::s7comm
