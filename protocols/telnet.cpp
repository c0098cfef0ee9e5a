// Telnet: RFC 854 and RFC 855. Recognised by negotiations; on its port, by text too. What a login
// shows is followed as a reader of the screen would: a prompt, what is typed, what is answered.
// There are no operations.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 23}, {Over::tcp, 2323}});

// RFC 854, page 13.
constexpr std::uint8_t kIac = 0xff;
constexpr std::uint8_t kSubnegotiation = 0xfa;
constexpr std::uint8_t kEnd = 0xf0;
constexpr std::uint8_t kFirstCommand = 0xec;  // RFC 1184, 2.5
constexpr std::uint8_t kEncrypt = 38;         // RFC 2946, 2
constexpr std::uint8_t kStart = 3;

constexpr std::size_t kLongestSubnegotiation = 512;
constexpr std::size_t kLongestLine = 256;  // of the screen, and of what is typed
constexpr std::uint64_t kBannerLines = 3;
constexpr std::uint64_t kAnswerLines = 4;

// Buffers of a direction.
constexpr std::uint64_t kScreen = 0;
constexpr std::uint64_t kUser = 1;
constexpr std::uint64_t kSecret = 2;

/// Where a login stands. An asked-for word becomes a typed one with the first key.
enum class Phase : std::uint64_t {
  none,
  user_asked,
  user_typed,
  secret_asked,
  secret_typed,
  answer
};

/// The flow's words: 0 the phase, 1 lines seen in it, 2 bits.
class State {
 public:
  explicit State(FlowState& words) noexcept : words_(words) {}

  [[nodiscard]] Phase phase() const noexcept { return static_cast<Phase>(words_[0]); }
  void phase(Phase next) noexcept {
    words_[0] = static_cast<std::uint64_t>(next);
    if (next == Phase::answer) words_[1] = 0;
  }
  [[nodiscard]] std::uint64_t lines() const noexcept { return words_[1]; }
  void count_line() noexcept { ++words_[1]; }
  [[nodiscard]] bool negotiated() const noexcept { return (words_[2] & 1U) != 0; }
  void negotiated(bool /*is*/) noexcept { words_[2] |= 1U; }
  [[nodiscard]] bool greeted() const noexcept { return (words_[2] & 2U) != 0; }
  void greeted(bool /*is*/) noexcept { words_[2] |= 2U; }
  [[nodiscard]] bool sealed(Sender sender) const noexcept {
    return (words_[2] & (4U << static_cast<unsigned>(sender))) != 0;
  }
  void seal(Sender sender) noexcept { words_[2] |= 4U << static_cast<unsigned>(sender); }

 private:
  FlowState& words_;
};

bool is_option(std::uint8_t code) noexcept {
  // The registry's options: 0 to 49, 138 to 140, and the extended list.
  return code <= 49 || (code >= 138 && code <= 140) || code == 255;
}

Extent subnegotiation_extent(Bytes stream) noexcept {
  const auto most = std::min(stream.size(), kLongestSubnegotiation);
  for (std::size_t at = 3; at + 1 < most; ++at) {
    if (stream[at] != kIac) continue;
    if (stream[at + 1] == kEnd) return Extent::of(at + 2);
    ++at;  // a doubled 255 is data
  }
  return stream.size() >= kLongestSubnegotiation ? Extent::foreign() : Extent::incomplete();
}

Extent command_extent(Bytes stream) noexcept {
  if (stream.size() < 2) return Extent::incomplete();
  const auto command = stream[1];
  if (command == kIac) return Extent::of(2);
  if (command < kFirstCommand) return Extent::foreign();
  if (command < kSubnegotiation) return Extent::of(2);
  if (stream.size() < 3) return Extent::incomplete();
  if (!is_option(stream[2])) return Extent::foreign();
  return command == kSubnegotiation ? subnegotiation_extent(stream) : Extent::of(3);
}

bool is_screen_text(Bytes bytes) noexcept {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) {
    return byte >= 0x20 || byte == 0 || (byte >= 0x07 && byte <= 0x0d) || byte == 0x1b;
  });
}

Bytes text_in_front(Bytes stream) noexcept {
  const auto end = std::ranges::find(stream, kIac);
  return stream.first(static_cast<std::size_t>(end - stream.begin()));
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  if (state.sealed(context.sender)) return Extent::opaque();
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if (bytes[0] != kIac) {
    const auto text = text_in_front(bytes);
    if (!state.negotiated() && (!context.on_seat || !is_screen_text(text)))
      return Extent::foreign();
    return Extent::of(text.size());
  }
  // Single commands and a doubled 255 are too little to begin with.
  if (!state.negotiated() && !context.on_seat && bytes.size() > 1 &&
      (bytes[1] < kSubnegotiation || bytes[1] == kIac))
    return Extent::foreign();
  const auto command = command_extent(bytes);
  // Text right behind the first negotiation belongs to it: alone it would prove nothing.
  if (!command.is_message() || state.negotiated() || bytes[1] < kSubnegotiation) return command;
  const auto text = text_in_front(bytes.subspan(command.size()));
  if (!is_screen_text(text)) return Extent::foreign();
  return Extent::of(command.size() + text.size());
}

bool is_secret_prompt(std::string_view line) noexcept {
  return contains(line, "password") || contains(line, "passwd") || contains(line, "passcode") ||
         contains(line, "passwort") || contains(line, "kennwort");
}
bool is_user_prompt(std::string_view line) noexcept {
  return !begins_with(line, "last ") &&
         (contains(line, "login") || contains(line, "username") || contains(line, "user name") ||
          contains(line, "user id") || same_word(line, "user:") || same_word(line, "account:"));
}
bool is_refusal(std::string_view line) noexcept {
  return contains(line, "incorrect") || contains(line, "invalid") || contains(line, "denied") ||
         contains(line, "failed") || contains(line, "failure") || contains(line, "bad password") ||
         contains(line, "bad secrets") || contains(line, "wrong");
}

/// `hmi1 login:` of a Unix host names the host.
void name_in_prompt(std::string_view line, Observer& out) {
  constexpr std::string_view kEnding = " login:";
  if (!line.ends_with(kEnding)) return;
  const auto name = line.substr(0, line.size() - kEnding.size());
  if (name.empty() || name.size() > 63 || name.find(' ') != std::string_view::npos) return;
  out.property({}, Property::name, bytes_of(name), Confidence::guessed);
}

void refused(State& state, Observer& out) {
  out.event(Event::login_rejected, "telnet");
  state.phase(Phase::none);
}

void whole_line(std::string_view line, State& state, Observer& out) {
  line = trimmed(line);
  if (line.empty()) return;
  if (state.phase() == Phase::answer) {
    if (is_refusal(line)) {
      refused(state, out);
      return;
    }
    state.count_line();
    if (state.lines() >= kAnswerLines) state.phase(Phase::none);
    return;
  }
  const auto letters = std::ranges::count_if(line, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  });
  if (state.greeted() || state.lines() >= kBannerLines || letters < 4 || !is_printable(line))
    return;
  state.count_line();
  out.property({}, Property::description, bytes_of(line.substr(0, 120)), Confidence::observed);
}

/// The line that the cursor stands in, after all of a message was shown.
void open_line(std::string_view line, State& state, Observer& out) {
  line = trimmed(line);
  const auto phase = state.phase();
  if (phase == Phase::user_typed || phase == Phase::secret_typed) return;  // echo
  const bool asks = line.ends_with(':') || line.ends_with('>') || line.ends_with('?');
  const bool secret = asks && is_secret_prompt(line);
  const bool user = asks && !secret && is_user_prompt(line);
  if (!secret && !user) {
    if (phase != Phase::answer) state.phase(Phase::none);
    return;
  }
  if (phase == Phase::answer) refused(state, out);  // asked again
  if (user && phase != Phase::user_asked) name_in_prompt(line, out);
  state.phase(secret ? Phase::secret_asked : Phase::user_asked);
}

void show(Bytes text, State& state, Observer& out) {
  auto& screen = out.buffer(kScreen);
  for (const auto byte : text) {
    if (byte == '\n' || byte == '\r') {
      const auto line = view_of(screen.view());
      if (!line.empty()) whole_line(line, state, out);
      screen.clear();
    } else if (byte != 0 && screen.view().size() < kLongestLine) {
      screen.append(Bytes{&byte, 1});
    }
  }
  open_line(view_of(screen.view()), state, out);
}

void drop_last(StreamBuffer& buffer) {
  if (buffer.view().empty()) return;
  std::array<std::uint8_t, kLongestLine> room{};
  const auto kept = buffer.view().first(buffer.view().size() - 1);
  std::ranges::copy(kept, room.begin());
  buffer.clear();
  buffer.append(Bytes{room}.first(kept.size()));
}

/// The secret lives in its buffer for as long as it is typed and leaves as a grade.
void entered(State& state, Observer& out) {
  if (state.phase() == Phase::user_typed) {
    state.phase(Phase::none);
    return;
  }
  auto& secret = out.buffer(kSecret);
  auto& user = out.buffer(kUser);
  say_cleartext_login("telnet", user.view(), secret.view(), out);
  secret.clear();
  user.clear();  // the next secret may be another's
  state.phase(Phase::answer);
}

void begin_typing(State& state, Observer& out) {
  state.greeted(true);
  if (state.phase() == Phase::user_asked) {
    out.buffer(kUser).clear();
    state.phase(Phase::user_typed);
  } else if (state.phase() == Phase::secret_asked) {
    out.buffer(kSecret).clear();
    state.phase(Phase::secret_typed);
  } else if (state.phase() == Phase::answer) {
    state.phase(Phase::none);  // whoever types on was let in
  }
}

void type(Bytes keys, State& state, Observer& out) {
  constexpr std::uint8_t kBackspace = 0x08;
  constexpr std::uint8_t kDelete = 0x7f;
  constexpr std::uint8_t kEraseLine = 0x15;
  for (const auto key : keys) {
    if (key == 0 || key == '\n') continue;  // the second half of an end of line
    begin_typing(state, out);
    const auto phase = state.phase();
    if (phase != Phase::user_typed && phase != Phase::secret_typed) continue;
    auto& word = out.buffer(phase == Phase::user_typed ? kUser : kSecret);
    if (key == '\r') {
      entered(state, out);
    } else if (key == kBackspace || key == kDelete) {
      drop_last(word);
    } else if (key == kEraseLine) {
      word.clear();
    } else if (key >= 0x20 && word.view().size() < kLongestLine) {
      word.append(Bytes{&key, 1});
    }
  }
}

void command(ByteCursor& message, const Context& context, State& state, Observer& out) {
  const auto size = command_extent(message.rest());
  if (!size.is_message()) {
    message.skip(message.remaining() + 1);
    return;
  }
  const auto bytes = message.take(size.size());
  if (bytes[1] >= kSubnegotiation && bytes[1] != kIac) state.negotiated(true);
  if (bytes[1] == kSubnegotiation && bytes.size() > 5 && bytes[2] == kEncrypt &&
      bytes[3] == kStart) {
    out.event(Event::encrypted, "Telnet encryption");
    state.seal(context.sender);
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  while (!message.empty()) {
    if (message.rest()[0] == kIac) {
      command(message, context, state, out);
      continue;
    }
    const auto text = message.take(text_in_front(message.rest()).size());
    if (context.sender == Sender::server) {
      show(text, state, out);
    } else {
      type(text, state, out);
    }
  }
}

const Registration registration{{
    .name = "telnet",
    .title = "Telnet",
    .seats = kSeats,
    .operations = {},
    .over_tcp = true,
    .alone = 2,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
