#pragma once

// SMB 1: [MS-CIFS], with the extended security of [MS-SMB].

#include "sekimori/dissect/web_login.h"

#include "operations.h"
#include "session.h"

namespace sekimori::smb {

inline constexpr std::size_t kHeader1 = 32;  // [MS-CIFS] 2.2.3.1
inline constexpr int kMostChained = 16;

inline constexpr std::uint8_t kReplyFlag1 = 0x80;
inline constexpr std::uint16_t kUnicode1 = 0x8000;
inline constexpr std::uint16_t kNtStatus = 0x4000;
inline constexpr std::uint16_t kOplockBreak = 0xffff;  // multiplex id (2.2.1.6.3)

struct Header1 {
  std::uint8_t command = 0;
  std::uint32_t status = 0;
  std::uint8_t flags = 0;
  std::uint16_t flags2 = 0;
  std::uint16_t tree = 0;
  std::uint32_t process = 0;
  std::uint16_t multiplex = 0;

  [[nodiscard]] bool is_unicode() const noexcept { return (flags2 & kUnicode1) != 0; }
  /// An oplock break is a request that the server sends.
  [[nodiscard]] bool is_oplock_break() const noexcept {
    return command == one::kLocking && multiplex == kOplockBreak;
  }
  [[nodiscard]] bool is_reply() const noexcept { return (flags & kReplyFlag1) != 0; }
  [[nodiscard]] bool is_rejection() const noexcept {
    return (flags2 & kNtStatus) != 0 ? is_error(status) : (status & 0xffU) != 0;
  }
};

[[nodiscard]] inline Header1 read_header1(ByteCursor& cursor) noexcept {
  Header1 header;
  cursor.skip(4);
  header.command = cursor.u8();
  header.status = cursor.le32();
  header.flags = cursor.u8();
  header.flags2 = cursor.le16();
  const std::uint32_t high = cursor.le16();
  cursor.skip(10);  // signature, reserved
  header.tree = cursor.le16();
  header.process = (high << 16U) | cursor.le16();
  cursor.skip(2);  // user
  header.multiplex = cursor.le16();
  return header;
}

/// Parameters and data of one command of a chain (2.2.3.2, 2.2.3.3).
struct Block1 {
  ByteCursor words{Bytes{}};
  std::size_t count = 0;  ///< of words
  Bytes data;
  std::size_t data_at = 0;  ///< from the header: texts are aligned by it
  bool whole = false;
};

/// Reads the texts of a block, one behind the other.
class Texts1 {
 public:
  Texts1(const Header1& header, const Block1& block) noexcept
      : unicode_(header.is_unicode()), data_(block.data), data_at_(block.data_at) {}

  Bytes raw(std::size_t count) noexcept { return data_.take(count); }

  SmallText text() noexcept {
    if (!unicode_) return ascii();
    align();
    const auto rest = data_.rest();
    std::size_t size = 0;
    while (size + 1 < rest.size() && (rest[size] != 0 || rest[size + 1] != 0)) size += 2;
    SmallText found;
    found.utf16le(rest.first(size));
    data_.skip(std::min(size + 2, rest.size()));
    return found;
  }

  SmallText ascii() noexcept {
    const auto rest = data_.rest();
    const auto end = std::ranges::find(rest, std::uint8_t{0});
    const auto size = static_cast<std::size_t>(end - rest.begin());
    const SmallText found{view_of(rest.first(size))};
    data_.skip(std::min(size + 1, rest.size()));
    return found;
  }

  void align() noexcept {
    if (unicode_ && (data_at_ + data_.offset()) % 2 != 0) data_.skip(1);
  }
  [[nodiscard]] bool ok() const noexcept { return data_.ok(); }

 private:
  bool unicode_;
  ByteCursor data_;
  std::size_t data_at_;
};

/// A message of SMB 1: a header and a chain of commands.
class Message1 {
 public:
  Message1(const Header1& header, Bytes bytes, State& state, const Context& context,
           Observer& out) noexcept
      : header_(header), bytes_(bytes), state_(state), context_(context), out_(out) {}

  /// False where it was cut before all was said.
  bool hear() {
    auto command = header_.command;
    std::size_t at = kHeader1;
    for (int i = 0; i < kMostChained; ++i) {
      const auto block = block_at(command, at);
      if (!block.whole) return false;
      const auto link = next(command, block);
      const bool last = link.command == one::kNoMore;
      if (header_.is_reply()) {
        reply(command, block, key(i, command), last);
      } else {
        request(command, block, key(i, command));
      }
      // A chain runs forwards, or it would have no end.
      if (last || link.at <= at) return true;
      command = link.command;
      at = link.at;
    }
    return true;
  }

 private:
  struct Link {
    std::uint8_t command = one::kNoMore;
    std::size_t at = 0;
  };

  /// Those of which a cut would leave half a name. Of the others' data nothing is said, and those
  /// that carry a file's content are not kept whole.
  [[nodiscard]] static bool has_texts(std::uint8_t command) noexcept {
    return command == one::kNegotiate || command == one::kSessionSetup ||
           command == one::kTreeConnect || command == one::kNtCreate ||
           command == one::kTransaction;
  }

  [[nodiscard]] Block1 block_at(std::uint8_t command, std::size_t at) const noexcept {
    ByteCursor cursor{bytes_};
    cursor.skip(at);
    Block1 block;
    block.count = cursor.u8();
    block.words = cursor.nested(2 * block.count);
    const auto size = cursor.le16();
    block.data_at = cursor.offset();
    block.data = cursor.rest().first(std::min<std::size_t>(size, cursor.remaining()));
    block.whole = cursor.ok() && (block.data.size() == size || !has_texts(command));
    return block;
  }

  // 2.2.3.4: the commands that may be followed by another.
  [[nodiscard]] static Link next(std::uint8_t command, const Block1& block) noexcept {
    constexpr auto kChaining =
        std::to_array<std::uint8_t>({one::kLocking, 0x2d, 0x2e, 0x2f, one::kSessionSetup, 0x74,
                                     one::kTreeConnect, one::kNtCreate});
    if (block.count < 2 || std::ranges::find(kChaining, command) == kChaining.end()) return {};
    auto words = block.words;
    const auto following = words.u8();
    words.skip(1);
    return {following, words.le16()};
  }

  /// The answer of SMB 2 to a negotiation in SMB 1 has message id 0; so has this. The high bit
  /// keeps the two families apart.
  [[nodiscard]] std::uint64_t key(int index, std::uint8_t command) const noexcept {
    if (command == one::kNegotiate) return 0;
    return (std::uint64_t{1} << 62U) | (static_cast<std::uint64_t>(index) << 48U) |
           (std::uint64_t{header_.process} << 16U) | header_.multiplex;
  }

  void request(std::uint8_t command, const Block1& block, std::uint64_t key) {
    switch (command) {
      case one::kTreeConnect:
        return tree_connect(block, key);
      case one::kNtCreate:
        return create(block, key);
      case one::kTransaction:
        return transaction(block, key);
      case one::kRead:
        return read(block, key);
      case one::kWrite:
        return write(block, key);
      case one::kNtCancel:
      case one::kTransactionSecondary:
      case one::kTransaction2Secondary:
      case one::kNtTransactSecondary:
        return out_.notice(command, {});
      case one::kSessionSetup:
        out_.request(command, {}, key);
        return session_setup(block);
      default:
        if (header_.is_oplock_break()) return out_.notice(command, {});
        return out_.request(command, {}, key);
    }
  }

  void reply(std::uint8_t command, const Block1& block, std::uint64_t key, bool last) {
    // Of a chain that fails, the last answer is the one that failed (2.2.3.4).
    const bool rejected = last && header_.is_rejection();
    const auto context = out_.reply(key, rejected ? Outcome::rejected : Outcome::executed,
                                    rejected ? header_.status : 0);
    if (command == one::kTreeConnect && !rejected && context.value_or(0) != 0)
      state_.pipes(header_.tree);
    if (command == one::kSessionSetup) session_answer(block, rejected);
    if (command == one::kNegotiate && !rejected) negotiated(block);
    if (rejected || context.value_or(0) == 0) return;
    if (command == one::kRead) was_read(block, *context);
    if (command == one::kTransaction) transacted(block, *context);
  }

  void tree_connect(const Block1& block, std::uint64_t key) {  // 2.2.4.55.1
    auto words = block.words;
    words.skip(6);
    const auto password = words.le16();
    Texts1 texts{header_, block};
    texts.raw(password);
    const auto path = texts.text();
    out_.request(one::kTreeConnect, Target{.name = path.bytes()}, key, is_ipc(path.view()) ? 1 : 0);
  }

  void create(const Block1& block, std::uint64_t key) {  // 2.2.4.64.1
    auto words = block.words;
    words.skip(5);
    const auto length = words.le16();
    words.skip(28);
    const auto disposition = words.le32();
    const auto options = words.le32();
    Texts1 texts{header_, block};
    texts.align();
    Opening opening;
    opening.name = ntlm_text(texts.raw(length), header_.is_unicode());
    opening.creates = words.ok() && creates_file(disposition, options);
    opening.pipe =
        state_.knows_pipes() ? state_.is_pipes(header_.tree) : is_known_pipe(opening.name.view());
    say_opening(one::kNtCreate, opening, key, out_);
  }

  void transaction(const Block1& block, std::uint64_t key) {  // 2.2.4.33.1
    Texts1 texts{header_, block};
    const auto name = texts.text();
    const bool pipe = begins_with(name.view(), "\\PIPE\\");
    auto words = block.words;
    words.skip(22);
    const auto length = words.le16();
    const auto offset = words.le16();
    const auto setup = words.u8();
    words.skip(1);
    constexpr std::uint16_t kTransceive = 0x26;  // TRANS_TRANSACT_NMPIPE, 2.2.5.6
    const bool transceives = setup == 2 && words.le16() == kTransceive;
    const auto file = words.le16();
    const auto known = pipe && transceives && words.ok() ? pipe_of(file) : 0;
    out_.request(one::kTransaction, pipe ? Target{.name = name.bytes()} : Target{}, key, known);
    if (known != 0) say_pipe(piece(offset, length), known, context_, out_);
  }

  [[nodiscard]] static constexpr std::uint64_t pipe_of(std::uint16_t file) noexcept {
    return file | 0x40000000U;
  }

  /// What stands at an offset from the header, as far as it was kept.
  [[nodiscard]] Bytes piece(std::size_t offset, std::size_t length) const noexcept {
    if (offset >= bytes_.size()) return {};
    return bytes_.subspan(offset, std::min(length, bytes_.size() - offset));
  }

  [[nodiscard]] bool may_be_pipe() const noexcept {
    return !state_.knows_pipes() || state_.is_pipes(header_.tree);
  }

  void transacted(const Block1& block, std::uint64_t pipe) {  // 2.2.4.33.2
    auto words = block.words;
    words.skip(12);
    const auto length = words.le16();
    const auto offset = words.le16();
    if (words.ok()) say_pipe(piece(offset, length), pipe, context_, out_);
  }

  void read(const Block1& block, std::uint64_t key) {  // 2.2.4.42.1
    auto words = block.words;
    words.skip(4);
    const auto file = words.le16();
    out_.request(one::kRead, {}, key, words.ok() && may_be_pipe() ? pipe_of(file) : 0);
  }

  void was_read(const Block1& block, std::uint64_t pipe) {  // 2.2.4.42.2
    auto words = block.words;
    words.skip(10);
    const auto length = words.le16();
    const auto offset = words.le16();
    if (words.ok()) say_pipe(piece(offset, length), pipe, context_, out_);
  }

  void write(const Block1& block, std::uint64_t key) {  // 2.2.4.43.1
    out_.request(one::kWrite, {}, key);
    auto words = block.words;
    words.skip(4);
    const auto file = words.le16();
    words.skip(14);
    const auto length = words.le16();
    const auto offset = words.le16();
    if (words.ok() && may_be_pipe()) say_pipe(piece(offset, length), pipe_of(file), context_, out_);
  }

  // 2.2.4.53.1, and [MS-SMB] 2.2.4.6.1 for the form of twelve words.
  void session_setup(const Block1& block) {
    auto words = block.words;
    words.skip(4 + 2 + 2 + 2 + 4);  // chain, buffer, multiplex, circuit, session
    const auto first = words.le16();
    const auto second = words.le16();
    Texts1 texts{header_, block};
    if (block.count == 12) {
      if (say_credentials(texts.raw(first), out_)) state_.set(State::logging_in);
    } else if (block.count == 13) {
      const auto oem = texts.raw(first);
      const auto unicode = texts.raw(second);
      account(oem, unicode, texts);
    } else if (block.count == 10) {
      account(texts.raw(first), {}, texts);
    } else {
      return;
    }
    say(out_, Property::os, texts.text());
    say(out_, Property::software, texts.text());
  }

  void account(Bytes oem, Bytes unicode, Texts1& texts) {
    const auto user = texts.text();
    const auto domain = texts.text();
    if (!texts.ok()) return;
    state_.set(State::logging_in);
    if (user.empty()) {
      out_.event(Event::login, "SMB null session");
    } else if (state_.is(State::plain_passwords) && !(oem.empty() && unicode.empty())) {
      const auto secret = unicode.empty() ? SmallText{view_of(oem)} : ntlm_text(unicode, true);
      auto word = secret.view();
      if (word.ends_with('\0')) word.remove_suffix(1);
      say_cleartext_login("SMB", user.bytes(), bytes_of(word), out_);
    } else {
      SmallText text{"SMB "};
      if (!domain.empty()) text.add(domain.view()).add('\\');
      out_.event(Event::login, text.add(user.view()).view());
    }
  }

  void session_answer(const Block1& block, bool rejected) {  // 2.2.4.53.2, [MS-SMB] 2.2.4.6.2
    if (rejected) {
      if (state_.is(State::logging_in)) say_login_rejected(header_.status, out_);
      state_.clear(State::logging_in);
      return;
    }
    auto words = block.words;
    words.skip(4);
    const auto action = words.le16();
    Texts1 texts{header_, block};
    if (block.count == 4) {
      say_ntlm(texts.raw(words.le16()), out_);
    } else if (block.count != 3) {
      return;
    }
    if (header_.status == 0) {
      state_.clear(State::logging_in);
      if ((action & 1U) != 0) out_.event(Event::anonymous_login, "SMB guest");
    }
    say(out_, Property::os, texts.text());
    say(out_, Property::software, texts.text());
    say(out_, Property::domain, texts.text());
  }

  void negotiated(const Block1& block) {  // 2.2.4.52.2, [MS-SMB] 2.2.4.5.2
    constexpr std::uint16_t kNone = 0xffff;
    auto words = block.words;
    const auto dialect = words.le16();
    if (!words.ok() || dialect == kNone) return;
    if (state_.first(State::version_told)) out_.event(Event::version, "SMB 1");
    if (block.count != 17) return;
    constexpr std::uint8_t kEncrypts = 2;
    if ((words.u8() & kEncrypts) == 0) state_.set(State::plain_passwords);
    words.skip(16);
    const auto capabilities = words.le32();
    words.skip(10);
    const auto challenge = words.u8();
    constexpr std::uint32_t kExtended = 0x80000000;
    Texts1 texts{header_, block};
    if ((capabilities & kExtended) != 0) {
      const auto guid = texts.raw(16);
      if (texts.ok()) say_guid("smb-server-guid", guid, out_);
      return;
    }
    // These two are not aligned.
    const auto rest = block.data.subspan(std::min<std::size_t>(challenge, block.data.size()));
    say_names(rest);
  }

  void say_names(Bytes rest) {
    Block1 block;
    block.data = rest;
    Texts1 texts{header_, block};
    say(out_, Property::domain, texts.text());
    say(out_, Property::name, texts.text());
  }

  const Header1& header_;
  Bytes bytes_;
  State& state_;
  const Context& context_;
  Observer& out_;
};

inline void hear1(ByteCursor& message, State& state, const Context& context, Observer& out) {
  const auto bytes = message.rest();
  auto peek = message;
  const auto header = read_header1(peek);
  if (!peek.ok()) return fail(message);
  if (header.command != one::kNegotiate && state.first(State::version_told))
    out.event(Event::version, "SMB 1");
  if (!Message1{header, bytes, state, context, out}.hear()) return fail(message);
  message.skip(bytes.size());
}

}  // namespace sekimori::smb
