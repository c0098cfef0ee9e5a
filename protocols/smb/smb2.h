#pragma once

// SMB 2 and 3: [MS-SMB2].

#include "operations.h"
#include "session.h"

namespace sekimori::smb {

inline constexpr std::size_t kHeader2 = 64;  // 2.2.1
inline constexpr int kMostCompound = 128;

// 2.2.1.2.
inline constexpr std::uint32_t kReplyFlag = 1;
inline constexpr std::uint32_t kPending = 0x00000103;  // an interim answer (3.3.4.2)
inline constexpr std::uint64_t kUnasked = UINT64_MAX;  // of an oplock break notification

struct Header2 {
  std::uint32_t status = 0;
  std::uint16_t command = 0;
  std::uint32_t flags = 0;
  std::uint32_t next = 0;
  std::uint64_t message = 0;
  std::uint32_t tree = 0;

  [[nodiscard]] bool is_reply() const noexcept { return (flags & kReplyFlag) != 0; }
};

[[nodiscard]] inline Header2 read_header2(ByteCursor& cursor) noexcept {
  Header2 header;
  cursor.skip(8);  // protocol, size, credit charge
  header.status = cursor.le32();
  header.command = cursor.le16();
  cursor.skip(2);  // credits
  header.flags = cursor.le32();
  header.next = cursor.le32();
  header.message = cursor.le64();
  cursor.skip(4);
  header.tree = cursor.le32();
  cursor.skip(24);  // session, signature
  return header;
}

/// One message of a compound. Offsets in its body count from its header.
class Element2 {
 public:
  Element2(const Header2& header, Bytes bytes, State& state, const Context& context,
           Observer& out) noexcept
      : header_(header), bytes_(bytes), body_(bytes), state_(state), context_(context), out_(out) {
    body_.skip(kHeader2);
  }

  /// False where it was cut before all was said.
  bool request() {
    const auto code = kTwo | header_.command;
    switch (header_.command) {
      case two::kTreeConnect:
        return tree_connect(code);
      case two::kCreate:
        return create(code);
      case two::kCancel:
        out_.notice(code, {});
        return true;
      case two::kNegotiate:
        out_.request(code, {}, header_.message);
        return client_guid();
      case two::kSessionSetup:
        out_.request(code, {}, header_.message);
        return credentials();
      case two::kRead:
        return read();
      case two::kWrite:
        out_.request(code, {}, header_.message);
        return written();
      case two::kIoctl:
        return control(code);
      default:
        out_.request(code, {}, header_.message);
        return true;
    }
  }

  bool reply() {
    if (header_.status == kPending || header_.message == kUnasked) return true;
    const bool error = is_error(header_.status);
    const auto context =
        out_.reply(header_.message, error ? Outcome::rejected : Outcome::executed, header_.status);
    if (header_.command == two::kTreeConnect && !error && context.value_or(0) != 0)
      state_.pipes(header_.tree);
    if (header_.command == two::kSessionSetup) return outcome_of_login(error);
    if (header_.command == two::kNegotiate && !error) return negotiated();
    if (header_.command == two::kRead && !error) return was_read(context.value_or(0));
    if (header_.command == two::kIoctl && !error) return controlled(context.value_or(0));
    return true;
  }

 private:
  [[nodiscard]] Bytes at(std::size_t offset, std::size_t length, ByteCursor& cut) const noexcept {
    ByteCursor cursor{bytes_};
    cursor.skip(offset);
    const auto found = cursor.take(length);
    if (!cursor.ok()) fail(cut);
    return found;
  }

  bool tree_connect(std::uint32_t code) {  // 2.2.9
    body_.skip(4);
    const auto offset = body_.le16();
    const auto length = body_.le16();
    const auto path = at(offset, length, body_);
    if (!body_.ok()) return false;
    const auto name = SmallText{}.utf16le(path);
    out_.request(code, Target{.name = name.bytes()}, header_.message, is_ipc(name.view()) ? 1 : 0);
    return true;
  }

  bool create(std::uint32_t code) {  // 2.2.13
    body_.skip(36);                  // up to the disposition
    const auto disposition = body_.le32();
    const auto options = body_.le32();
    const auto offset = body_.le16();
    const auto length = body_.le16();
    const auto path = length == 0 ? Bytes{} : at(offset, length, body_);
    if (!body_.ok()) return false;
    Opening opening;
    opening.name.utf16le(path);
    opening.creates = creates_file(disposition, options);
    opening.pipe =
        state_.knows_pipes() ? state_.is_pipes(header_.tree) : is_known_pipe(opening.name.view());
    say_opening(code, opening, header_.message, out_);
    return true;
  }

  /// What stands at an offset, as far as it was kept.
  [[nodiscard]] Bytes piece(std::size_t offset, std::size_t length) const noexcept {
    if (offset >= bytes_.size()) return {};
    return bytes_.subspan(offset, std::min(length, bytes_.size() - offset));
  }

  [[nodiscard]] bool may_be_pipe() const noexcept {
    return !state_.knows_pipes() || state_.is_pipes(header_.tree);
  }

  bool written() {  // 2.2.21
    body_.skip(2);
    const auto offset = body_.le16();
    const auto length = body_.le32();
    body_.skip(8);
    const auto pipe = take_pipe(body_);
    if (body_.ok() && may_be_pipe()) say_pipe(piece(offset, length), pipe, context_, out_);
    return body_.ok();
  }

  /// The answer to a read does not name the pipe.
  bool read() {  // 2.2.19
    body_.skip(16);
    const auto pipe = take_pipe(body_);
    out_.request(kTwo | two::kRead, {}, header_.message, body_.ok() ? pipe : 0);
    return true;
  }

  bool was_read(std::uint64_t pipe) {  // 2.2.20
    body_.skip(2);
    const auto offset = body_.u8();
    body_.skip(1);
    const auto length = body_.le32();
    if (body_.ok() && pipe != 0 && may_be_pipe())
      say_pipe(piece(offset, length), pipe, context_, out_);
    return body_.ok();
  }

  bool control(std::uint32_t code) {                   // 2.2.31
    constexpr std::uint32_t kTransceive = 0x0011c017;  // FSCTL_PIPE_TRANSCEIVE
    body_.skip(4);
    const auto kind = body_.le32();
    const auto pipe = take_pipe(body_);
    const auto offset = body_.le32();
    const auto length = body_.le32();
    const bool transceives = body_.ok() && kind == kTransceive;
    out_.request(code, {}, header_.message, transceives ? pipe : 0);
    if (transceives) say_pipe(piece(offset, length), pipe, context_, out_);
    return body_.ok();
  }

  bool controlled(std::uint64_t context) {  // 2.2.32
    if (context == 0) return true;
    body_.skip(32);  // up to the output
    const auto offset = body_.le32();
    const auto length = body_.le32();
    if (body_.ok()) say_pipe(piece(offset, length), context, context_, out_);
    return body_.ok();
  }

  bool client_guid() {  // 2.2.3
    body_.skip(12);
    const auto guid = body_.take(16);
    if (!body_.ok()) return false;
    say_guid("smb-client-guid", guid, out_);
    return true;
  }

  bool credentials() {  // 2.2.5
    body_.skip(12);
    const auto offset = body_.le16();
    const auto length = body_.le16();
    const auto token = at(offset, length, body_);
    if (!body_.ok()) return false;
    if (say_credentials(token, out_)) state_.set(State::logging_in);
    return true;
  }

  bool outcome_of_login(bool error) {  // 2.2.6
    if (error) {
      if (state_.is(State::logging_in)) say_login_rejected(header_.status, out_);
      state_.clear(State::logging_in);
      return true;
    }
    body_.skip(2);
    const auto flags = body_.le16();
    const auto offset = body_.le16();
    const auto length = body_.le16();
    const auto token = length == 0 ? Bytes{} : at(offset, length, body_);
    if (!body_.ok()) return false;
    if (header_.status == 0) {
      state_.clear(State::logging_in);
      if ((flags & 1U) != 0) out_.event(Event::anonymous_login, "SMB guest");
    }
    say_ntlm(token, out_);
    return true;
  }

  bool negotiated() {  // 2.2.4
    body_.skip(4);
    const auto dialect = body_.le16();
    body_.skip(2);
    const auto guid = body_.take(16);
    if (!body_.ok()) return false;
    constexpr std::uint16_t kAnyTwo = 0x02ff;  // the real one follows
    if (dialect != kAnyTwo) {
      state_.set(State::version_told);
      SmallText text{"SMB "};
      text.decimal(dialect >> 8U).add('.').decimal((dialect >> 4U) & 0xfU);
      const auto patch = dialect & 0xfU;
      if (dialect != 0x0210 && (dialect != 0x0300 || patch != 0)) text.add('.').decimal(patch);
      out_.event(Event::version, text.view());
    }
    say_guid("smb-server-guid", guid, out_);
    return true;
  }

  const Header2& header_;
  Bytes bytes_;
  ByteCursor body_;
  State& state_;
  const Context& context_;
  Observer& out_;
};

inline void hear2(ByteCursor& message, State& state, const Context& context, Observer& out) {
  for (int i = 0; i < kMostCompound && !message.empty(); ++i) {
    const auto bytes = message.rest();
    auto peek = message;
    const auto header = read_header2(peek);
    if (!peek.ok()) return fail(message);
    const bool last = header.next < kHeader2 || header.next > bytes.size();
    if (header.command != two::kNegotiate && state.first(State::version_told))
      out.event(Event::version, "SMB 2 or 3");
    Element2 element{header, last ? bytes : bytes.first(header.next), state, context, out};
    if (!(header.is_reply() ? element.reply() : element.request())) return fail(message);
    message.skip(last ? bytes.size() : header.next);
  }
}

}  // namespace sekimori::smb
