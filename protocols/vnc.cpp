// RFB, the protocol of VNC: RFC 6143. Heard up to the server's greeting. Code: the security type,
// as a decimal number. The reason of a rejection is the security result.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats =
    std::to_array<Seat>({{Over::tcp, 5900}, {Over::tcp, 5901}, {Over::tcp, 5902}});

// RFC 6143, 8.1.2, and the registry of security types.
constexpr std::uint32_t kInvalid = 0;
constexpr std::uint32_t kNone = 1;
constexpr std::uint32_t kVncAuthentication = 2;
constexpr std::uint32_t kTls = 18;
constexpr std::uint32_t kVeNCrypt = 19;

constexpr auto kOperations = std::to_array<Operation>({
    {kNone, "none", Access::authenticate},
    {kVncAuthentication, "vnc-authentication", Access::authenticate},
    {5, "ra2", Access::authenticate},
    {6, "ra2ne", Access::authenticate},
    {16, "tight", Access::authenticate},
    {17, "ultra", Access::authenticate},
    {kTls, "tls", Access::authenticate},
    {kVeNCrypt, "vencrypt", Access::authenticate},
    {20, "sasl", Access::authenticate},
    {21, "md5-hash", Access::authenticate},
    {22, "xvp", Access::authenticate},
    {30, "apple-dh", Access::authenticate},
    {113, "ms-logon-ii", Access::authenticate},
    {129, "ra256", Access::authenticate},
});

constexpr std::string_view kMark = "RFB ";
constexpr std::size_t kBannerSize = 12;     // 7.1.1
constexpr std::size_t kChallengeSize = 16;  // 7.2.2
constexpr std::size_t kGreetingSize = 24;   // 7.3.2, without the name
constexpr std::uint32_t kLongestText = 1024;
constexpr std::uint8_t kMostTypes = 64;

/// What a side sends next. Client and server go through them in step.
enum class Stage : std::uint64_t {
  banner,     // both
  types,      // server: security types, or the one type of 3.3
  choice,     // client
  challenge,  // server: 16 bytes
  response,   // client: 16 bytes
  result,     // server
  shared,     // client: share flag
  greeting,   // server: screen and name
  failure,    // server: why not
  raw,
};

/// The flow's words: 0 and 1 the stages of client and server, 2 the minor version, 3 the type.
class State {
 public:
  explicit State(FlowState& words) noexcept : words_(words) {}

  [[nodiscard]] Stage stage(Sender sender) const noexcept {
    return static_cast<Stage>(words_[sender == Sender::client ? 0 : 1]);
  }
  void stage(Sender sender, Stage stage) noexcept {
    words_[sender == Sender::client ? 0 : 1] = static_cast<std::uint64_t>(stage);
  }
  void both(Stage client, Stage server) noexcept {
    stage(Sender::client, client);
    stage(Sender::server, server);
  }
  /// 3, 7 or 8: what both understand.
  [[nodiscard]] std::uint64_t version() const noexcept { return words_[2]; }
  void version(std::uint64_t version) noexcept { words_[2] = version; }
  [[nodiscard]] std::uint32_t type() const noexcept {
    return static_cast<std::uint32_t>(words_[3]);
  }
  void type(std::uint32_t type) noexcept { words_[3] = type; }

 private:
  FlowState& words_;
};

/// `RFB 003.008\n`
std::optional<std::string_view> banner_of(Bytes bytes) noexcept {
  const auto text = view_of(bytes.first(std::min(bytes.size(), kBannerSize)));
  constexpr std::string_view kForm = "RFB ddd.ddd\n";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool fits = kForm[at] == 'd' ? text[at] >= '0' && text[at] <= '9' : text[at] == kForm[at];
    if (!fits) return std::nullopt;
  }
  return text;
}

Extent counted_text_extent(ByteCursor stream, std::size_t before) noexcept {
  stream.skip(before);
  const auto length = stream.be32();
  if (!stream.ok()) return Extent::incomplete();
  if (length > kLongestText) return Extent::opaque();
  return Extent::of(before + 4 + length);
}

// 7.1.2: from 3.7 a list, in 3.3 one word; an empty list or a zero word comes with a reason.
Extent types_extent(ByteCursor stream, const State& state) noexcept {
  if (state.version() == 3) return Extent::of(4);
  const auto count = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  return count > kMostTypes ? Extent::opaque() : Extent::of(1 + std::size_t{count});
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  switch (state.stage(context.sender)) {
    case Stage::banner: {
      const auto banner = banner_of(stream.rest());
      if (!banner.has_value()) return Extent::foreign();
      return banner->size() < kBannerSize ? Extent::incomplete() : Extent::of(kBannerSize);
    }
    case Stage::types:
      return types_extent(stream, state);
    case Stage::choice:
    case Stage::shared:
      return Extent::of(1);
    case Stage::challenge:
    case Stage::response:
      return Extent::of(kChallengeSize);
    case Stage::result:
      return Extent::of(4);
    case Stage::failure:
      return counted_text_extent(stream, 0);
    case Stage::greeting:
      return counted_text_extent(stream, kGreetingSize - 4);
    case Stage::raw:
      return Extent::opaque();
  }
  return Extent::opaque();
}

void banner(ByteCursor& message, const Context& context, State& state, Observer& out) {
  const auto text = banner_of(message.take(kBannerSize));
  if (!message.ok() || !text.has_value()) return;
  out.event(Event::version, text->substr(0, kBannerSize - 1));
  const auto major = decimal_of(text->substr(4, 3)).value_or(0);
  const auto minor = decimal_of(text->substr(8, 3)).value_or(0);
  if (context.sender == Sender::server) {
    state.stage(Sender::server, Stage::types);
    return;
  }
  // 7.1.1: what the client answers holds. Makers' numbers (3.889, 4.1, 5.0) speak as 3.8 does,
  // other minor ones as 3.3.
  const bool as_eight = major > 3 || minor == 889 || minor == 8;
  state.version(as_eight ? 8 : minor == 7 ? 7 : 3);
  state.stage(Sender::client, state.version() == 3 ? Stage::response : Stage::choice);
}

void chosen(std::uint32_t type, State& state, Observer& out) {
  state.type(type);
  if (type == kNone) {
    // 7.1.3: before 3.8 nothing answers; the client goes on.
    const bool answered = state.version() == 8;
    state.both(Stage::shared, answered ? Stage::result : Stage::greeting);
  } else if (type == kVncAuthentication) {
    state.both(Stage::response, Stage::challenge);
  } else {
    if (type == kTls || type == kVeNCrypt) out.event(Event::encrypted, "VNC over TLS");
    state.both(Stage::raw, Stage::raw);
  }
}

void entered(State& state, Observer& out) {
  if (state.type() == kNone) out.event(Event::anonymous_login, "VNC without authentication");
}

// In 3.3 the server alone decides, so nothing is asked that could be answered.
void decided(std::uint32_t type, State& state, Observer& out) {
  out.notice(type, {});
  chosen(type, state, out);
  if (type == kNone) entered(state, out);
}

void types(ByteCursor& message, State& state, Observer& out) {
  if (state.version() == 3) {
    const auto type = message.be32();
    if (!message.ok()) return;
    if (type == kInvalid) {
      state.stage(Sender::server, Stage::failure);
    } else {
      decided(type, state, out);
    }
    return;
  }
  const auto count = message.u8();
  message.skip(count);
  if (!message.ok()) return;
  // Silent until the client has chosen.
  state.stage(Sender::server, count == 0 ? Stage::failure : Stage::raw);
}

void choice(ByteCursor& message, State& state, Observer& out) {
  const auto type = message.u8();
  if (!message.ok()) return;
  // Of the other types the answer lies in what is not read.
  if (type == kNone || type == kVncAuthentication) {
    out.request(type, {}, 0);
  } else {
    out.notice(type, {});
  }
  chosen(type, state, out);
  if (type == kNone && state.version() != 8) {
    out.reply(0, Outcome::executed);
    entered(state, out);
  }
}

void result(ByteCursor& message, State& state, Observer& out) {
  const auto word = message.be32();
  if (!message.ok()) return;
  if (state.version() != 3) out.reply(0, word == 0 ? Outcome::executed : Outcome::rejected, word);
  if (word == 0) {
    entered(state, out);
    state.stage(Sender::server, Stage::greeting);
  } else {
    out.event(Event::login_rejected, "VNC");
    state.stage(Sender::server, state.version() == 8 ? Stage::failure : Stage::raw);
  }
}

void greeting(ByteCursor& message, State& state, Observer& out) {
  message.skip(kGreetingSize - 4);  // size, pixel format
  const auto name = message.take(message.be32());
  state.both(Stage::raw, Stage::raw);
  if (!message.ok() || name.empty()) return;
  out.property({}, Property::description, name, Confidence::stated);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  switch (state.stage(context.sender)) {
    case Stage::banner:
      return banner(message, context, state, out);
    case Stage::types:
      return types(message, state, out);
    case Stage::choice:
      return choice(message, state, out);
    case Stage::challenge:
      message.skip(kChallengeSize);
      if (message.ok()) state.stage(Sender::server, Stage::result);
      return;
    case Stage::response:
      message.skip(kChallengeSize);
      if (!message.ok()) return;
      out.event(Event::login, "VNC password");
      state.stage(Sender::client, Stage::shared);
      return;
    case Stage::result:
      return result(message, state, out);
    case Stage::shared:
      message.skip(1);
      if (message.ok()) state.stage(Sender::client, Stage::raw);
      return;
    case Stage::greeting:
      return greeting(message, state, out);
    case Stage::failure:
    case Stage::raw:
      state.both(Stage::raw, Stage::raw);
      message.skip(message.remaining());
      return;
  }
}

const Registration registration{{
    .name = "vnc",
    .title = "VNC (RFB)",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
