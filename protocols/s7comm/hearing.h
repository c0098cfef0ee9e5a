#pragma once

// What one message says, once its frame is known: jobs, their answers, and userdata.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include "asked.h"
#include "blocks.h"
#include "items.h"
#include "operations.h"
#include "pdu.h"
#include "szl.h"

#include <algorithm>
#include <array>

namespace sekimori::s7comm {

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

}  // namespace sekimori::s7comm
