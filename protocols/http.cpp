// HTTP/1.0 and 1.1: RFC 9110 (meaning), RFC 9112 (messages). HTTP/2 is told by its preface and
// left (RFC 9113, 3.4). Code: the method, written as it stands; a method that the table lacks is
// `other`. The reason of a rejection is the status.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/http_head.h"
#include "sekimori/dissect/ntlm.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>(
    {{Over::tcp, 80}, {Over::tcp, 8080}, {Over::tcp, 8000}, {Over::tcp, 3128}, {Over::tcp, 5985}});

// A web server's resource is a document. What changes one is `file` and neither `write` nor
// `configure`: those are read by rules as process values and device parameters, and the bytes do
// not tell whether a form sets a parameter or searches a catalogue.
constexpr auto kOperations = std::to_array<Operation>({
    {0, "extension", Access::unknown, "other"},
    {1, "get", Access::read, "GET"},
    {2, "head", Access::read, "HEAD"},
    {3, "post", Access::file, "POST"},
    {4, "put", Access::file, "PUT"},
    {5, "delete", Access::file, "DELETE"},
    {6, "connect", Access::session, "CONNECT"},
    {7, "options", Access::discover, "OPTIONS"},
    {8, "trace", Access::diagnose, "TRACE"},
    {9, "patch", Access::file, "PATCH"},
    {10, "propfind", Access::read, "PROPFIND"},
    {11, "proppatch", Access::file, "PROPPATCH"},
    {12, "mkcol", Access::file, "MKCOL"},
    {13, "copy", Access::file, "COPY"},
    {14, "move", Access::file, "MOVE"},
    {15, "lock", Access::file, "LOCK"},
    {16, "unlock", Access::file, "UNLOCK"},
    {17, "report", Access::read, "REPORT"},
    {18, "search", Access::read, "SEARCH"},
    {19, "subscribe", Access::report, "SUBSCRIBE"},         // UPnP Device Architecture, 4.1 (GENA)
    {20, "unsubscribe", Access::report, "UNSUBSCRIBE"},     // UPnP Device Architecture, 4.1.4
    {21, "notify", Access::report, "NOTIFY"},               // UPnP Device Architecture, 4.3
    {22, "soap-post", Access::file, "M-POST"},              // RFC 2774
    {23, "rpc-in-data", Access::session, "RPC_IN_DATA"},    // [MS-RPCH] 2.1.2.1.1
    {24, "rpc-out-data", Access::session, "RPC_OUT_DATA"},  // [MS-RPCH] 2.1.2.1.2
});
constexpr std::uint32_t kGet = 1;
constexpr std::uint32_t kHead = 2;
constexpr std::uint32_t kConnect = 6;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kLongestForm = 4096;       // bytes of a form that are looked at
constexpr std::size_t kTitleWindow = 2048;       // bytes of a front page that are looked at
constexpr std::size_t kLongestChunkLine = 1024;  // of a chunk's size or a trailer field
constexpr std::size_t kLongestTitle = 120;
constexpr unsigned kMostPending = 16;  // requests remembered, four bits each

constexpr std::uint64_t kForever = std::uint64_t{1} << 62U;  // bytes; to the end of the connection

// What comes next in one direction.
enum class Phase : std::uint8_t { head, title, chunk, trailers, raw };

// What a request leaves for its answer.
enum Pending : std::uint64_t { bodiless = 1, tunnel = 2, front_page = 4, credentials = 8 };

/// The flow's words by name: 0 pending requests, oldest in the low bits; 1 their number, the
/// phases and what is known of the answer under way; 2 bytes of its front page still to come.
class State {
 public:
  explicit State(FlowState& words) noexcept : words_(words) {}

  [[nodiscard]] Phase phase(Sender sender) const noexcept {
    return static_cast<Phase>((words_[1] >> shift(sender)) & 0xfU);
  }
  void phase(Sender sender, Phase phase) noexcept {
    words_[1] &= ~(std::uint64_t{0xf} << shift(sender));
    words_[1] |= static_cast<std::uint64_t>(phase) << shift(sender);
  }
  void both(Phase next) noexcept {
    phase(Sender::client, next);
    phase(Sender::server, next);
  }
  [[nodiscard]] std::uint64_t left() const noexcept { return words_[2]; }
  void left(std::uint64_t bytes) noexcept { words_[2] = bytes; }

  void push(std::uint64_t pending) noexcept {
    const auto count = words_[1] & 0xffU;
    if (count < kMostPending) words_[0] |= pending << (4 * count);
    if (count < 0xff) ++words_[1];
  }
  void add_to_last(std::uint64_t pending) noexcept {
    const auto count = words_[1] & 0xffU;
    if (count >= 1 && count <= kMostPending) words_[0] |= pending << (4 * (count - 1));
  }
  /// A head was heard on this flow.
  [[nodiscard]] bool heard() const noexcept { return (words_[1] & kHeard) != 0; }
  void heard(bool is) noexcept { set(kHeard, is); }
  [[nodiscard]] std::uint64_t oldest() const noexcept { return words_[0] & 0xfU; }
  void pop() noexcept {
    words_[0] >>= 4U;
    if ((words_[1] & 0xffU) != 0) --words_[1];
  }
  [[nodiscard]] bool title_wanted() const noexcept { return (words_[1] & kTitle) != 0; }
  void title_wanted(bool wanted) noexcept { set(kTitle, wanted); }
  /// Another answers in the server's stead: what it says of itself is not of this machine.
  [[nodiscard]] bool proxied() const noexcept { return (words_[1] & kProxied) != 0; }
  void proxied(bool is) noexcept { set(kProxied, is); }
  /// The front page under way comes in chunks.
  [[nodiscard]] bool chunked() const noexcept { return (words_[1] & kChunked) != 0; }
  void chunked(bool is) noexcept { set(kChunked, is); }

 private:
  static constexpr std::uint64_t kTitle = 1U << 16U;
  static constexpr std::uint64_t kProxied = 1U << 17U;
  static constexpr std::uint64_t kChunked = 1U << 18U;
  static constexpr std::uint64_t kHeard = 1U << 19U;

  static unsigned shift(Sender sender) noexcept { return sender == Sender::client ? 8 : 12; }
  void set(std::uint64_t bit, bool on) noexcept {
    words_[1] = on ? words_[1] | bit : words_[1] & ~bit;
  }

  FlowState& words_;
};

/// How a message goes on behind its head.
enum class Body : std::uint8_t { none, form, sized, title, chunks, title_in_chunks, forever };

Body body_of_request(const HttpHead& head) noexcept {
  if (head.chunked) return Body::chunks;
  if (head.length.value_or(0) == 0) return Body::none;
  return head.form && head.plain && *head.length <= kLongestForm ? Body::form : Body::sized;
}

// RFC 9112, 6.3.
Body body_of_response(const StartLine& start, const HttpHead& head, std::uint64_t pending,
                      bool proxied) noexcept {
  if (start.status == 101) return Body::forever;
  if (start.status < 200 || start.status == 204 || start.status == 304 ||
      (pending & Pending::bodiless) != 0)
    return Body::none;
  if ((pending & Pending::tunnel) != 0 && start.status < 300) return Body::forever;
  const bool title =
      (pending & Pending::front_page) != 0 && head.html && head.plain && !head.via && !proxied;
  if (head.chunked) return title ? Body::title_in_chunks : Body::chunks;
  if (!head.length.has_value()) return Body::forever;
  if (*head.length == 0) return Body::none;
  return title ? Body::title : Body::sized;
}

Extent chunk_extent(Bytes stream, bool title_wanted) noexcept {
  const auto line = line_extent(stream, kLongestChunkLine);
  if (line.is_incomplete()) return line;
  const auto size =
      line.is_message() ? chunk_size(view_of(stream.first(line.size()))) : std::nullopt;
  if (!size.has_value()) return Extent::foreign();
  if (title_wanted) return line;
  const auto chunks = walk_chunks(stream);
  return Extent::of(chunks.used).then_skip(chunks.skip);
}

// Empty lines that some clients send behind a request (RFC 9112, 2.2).
std::size_t empty_lines(Bytes bytes) noexcept {
  const auto end =
      std::ranges::find_if(bytes, [](std::uint8_t byte) { return byte != '\r' && byte != '\n'; });
  return static_cast<std::size_t>(end - bytes.begin());
}

Extent message_extent(Bytes stream, const State& state) noexcept {
  const auto size = http_head_extent(stream);
  if (!size.is_message()) return size;
  ByteCursor lines{stream.first(size.size())};
  const auto start = start_line_of(trimmed(take_line(lines)));
  if (!start.has_value()) return Extent::foreign();
  HttpHead head;
  while (!lines.empty()) head.read(field_of(take_line(lines)));
  const auto length = std::min(head.length.value_or(0), kForever);
  switch (start->is_request ? body_of_request(head)
                            : body_of_response(*start, head, state.oldest(), state.proxied())) {
    case Body::none:
      return Extent::of(size.size() + empty_lines(stream.subspan(size.size())));
    case Body::title:
    case Body::title_in_chunks:
      return size;
    case Body::form:
      return Extent::of(size.size() + length);
    case Body::sized:
      return size.then_skip(length);
    case Body::forever:
      return size.then_skip(kForever);
    case Body::chunks: {
      const auto chunks = walk_chunks(stream.subspan(size.size()));
      return Extent::of(size.size() + chunks.used).then_skip(chunks.skip);
    }
  }
  return size;
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const State state{*context.state};
  const auto bytes = stream.rest();
  const auto phase = state.phase(context.sender);
  if (phase == Phase::raw) return Extent::opaque();
  if (phase == Phase::title) {
    const auto size = std::min<std::uint64_t>(state.left(), kTitleWindow);
    return Extent::of(size).then_skip(state.left() - size);
  }
  if (phase == Phase::trailers) return line_extent(bytes, kLongestChunkLine);
  if (phase == Phase::chunk) {
    const bool title = context.sender == Sender::server && state.title_wanted();
    const auto chunks = chunk_extent(bytes, title);
    if (!chunks.is_foreign()) return chunks;  // else the next message, after a loss
  }
  const auto text = view_of(bytes.first(std::min(bytes.size(), kPreface.size())));
  if (text.size() >= 4 && kPreface.starts_with(text))
    return text.size() == kPreface.size() ? Extent::of(text.size()).then_skip(kForever)
                                          : Extent::incomplete();
  if (const auto empty = empty_lines(bytes); empty > 0 && state.heard()) return Extent::of(empty);
  const auto message = message_extent(bytes, state);
  // Behind a loss stands the rest of some body: it is passed over until a head comes.
  return message.is_foreign() && state.heard() ? Extent::of(bytes.size()) : message;
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto text = view_of(message.rest());
  if (text.starts_with(kPreface)) return Sender::client;
  const auto start = start_line_of(trimmed(text.substr(0, text.find('\n'))));
  if (!start.has_value()) return std::nullopt;
  return start->is_request ? Sender::client : Sender::server;
}

void say(Observer& out, Property property, std::string_view value,
         Confidence confidence = Confidence::stated) {
  if (!value.empty()) out.property({}, property, bytes_of(value), confidence);
}

void challenge(std::string_view value, HttpHead& head, Observer& out) {
  const auto scheme = value.substr(0, value.find(' '));
  const auto rest = trimmed(value.substr(scheme.size()));
  if (same_word(scheme, "ntlm") || same_word(scheme, "negotiate")) {
    if (!rest.empty()) head.refused = false;
    say_token(rest, out);
    return;
  }
  if (same_word(parameter_of(rest, "stale"), "true")) head.refused = false;  // RFC 7616, 3.3
  const auto realm = parameter_of(rest, "realm");
  if (!realm.empty()) say(out, Property::description, SmallText{"realm "}.add(realm).view());
}

void host(std::string_view value, const Context& context, Observer& out) {
  const auto colon = value.rfind(':');
  if (colon != std::string_view::npos && decimal_of(value.substr(colon + 1)).has_value() &&
      (value.ends_with(']') || value.find(':') == colon || value[colon - 1] == ']'))
    value = value.substr(0, colon);
  // The address itself is no name, and the conversation has it already.
  if (value.empty() || value == to_text(context.destination)) return;
  out.event(Event::server_name, value);
}

// What is worth its name among the targets: the door for remote management of Windows
// ([MS-WSMV] 1.8). Other paths are as many as a site has pages.
std::string_view known_target(std::string_view target) noexcept {
  return begins_with(target, "/wsman") ? "wsman" : "";
}

bool is_front_page(std::string_view target) noexcept {
  const auto path = target.substr(0, target.find('?'));
  const auto name = path.substr(path.rfind('/') + 1);
  return path.size() <= 40 &&
         (name.empty() ? path.size() <= 1
                       : begins_with(name, "index.") || begins_with(name, "login") ||
                             begins_with(name, "default.") || begins_with(name, "home.") ||
                             begins_with(name, "portal."));
}

// `Windows NT 5.1` in a browser's name; since 10.0 the number stands still.
void system_of(std::string_view agent, Observer& out) {
  constexpr std::string_view kMark = "Windows NT ";
  const auto at = agent.find(kMark);
  if (at == std::string_view::npos) return;
  auto rest = agent.substr(at + kMark.size());
  rest = rest.substr(0, rest.find_first_not_of("0123456789."));
  const auto number = rest;
  const auto major = decimal_of(take_until(rest, '.'));
  const auto minor = decimal_of(rest);
  if (!major.has_value() || !minor.has_value() || *major > 10 || *minor > 9) return;
  auto name = windows_name(static_cast<unsigned>(*major), static_cast<unsigned>(*minor), 1);
  const auto text = name.view().substr(0, name.view().find(" ("));
  if (text.empty()) return;
  say(out, Property::os, SmallText{text}.add(" (NT ").add(number).add(')').view(),
      Confidence::guessed);
}

// An interim answer is none (RFC 9110, 15.2), but the one that ends HTTP on this connection.
bool is_final(const StartLine& start) noexcept {
  return start.status >= 200 || start.status == 101;
}

void go_on(ByteCursor& message, State& state, Sender sender) {
  const auto chunks = walk_chunks(message.rest());
  message.skip(chunks.used);
  state.phase(sender, chunks.where == Chunks::Where::end        ? Phase::head
                      : chunks.where == Chunks::Where::trailers ? Phase::trailers
                                                                : Phase::chunk);
}

void form(ByteCursor& message, std::uint64_t length, Observer& out) {
  const auto body = view_of(message.take(length));
  if (message.ok()) say_form(body, out);  // a cut secret cannot be graded
}

void request(const StartLine& start, ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  const auto* const row = std::ranges::find(kOperations, start.method, &Operation::notation);
  const auto code = row != kOperations.end() ? row->code : 0;
  out.request(code, Target{.name = bytes_of(known_target(start.target))}, 0);
  std::uint64_t pending = 0;
  if (code == kHead) pending = Pending::bodiless;
  if (code == kConnect) {
    pending = Pending::tunnel;
    out.event(Event::tunnel, SmallText{"CONNECT "}.add(start.target).view());
  }
  if (code == kGet && is_front_page(start.target)) pending = Pending::front_page;
  state.push(pending);

  HttpHead head;
  while (message.ok()) {
    const auto line = take_line(message);
    if (!message.ok()) return;
    if (line.empty()) break;
    const auto field = field_of(line);
    head.read(field);
    if (same_word(field.name, "user-agent")) head.software = field.value;
    if (same_word(field.name, "host")) host(field.value, context, out);
    const bool proxy = same_word(field.name, "proxy-authorization");
    if ((proxy || same_word(field.name, "authorization")) &&
        say_authorization(field.value, proxy, out))
      state.add_to_last(Pending::credentials);
  }
  state.proxied(begins_with(start.target, "http://"));
  if (!head.via) {
    say(out, Property::software, head.software);
    system_of(head.software, out);
  }
  const auto body = body_of_request(head);
  if (body == Body::form) form(message, *head.length, out);
  if (body == Body::chunks) go_on(message, state, Sender::client);
}

void end_of_response(const StartLine& start, const HttpHead& head, std::uint64_t pending,
                     ByteCursor& message, State& state, Observer& out) {
  if (!head.via && !state.proxied() && (pending & Pending::tunnel) == 0)
    say(out, Property::software, head.software);
  if ((start.status == 401 || start.status == 407) && head.refused &&
      (pending & Pending::credentials) != 0)
    out.event(Event::login_rejected, SmallText{"status "}.decimal(start.status).view());
  if (start.status == 101 && !head.upgrade.empty()) out.event(Event::version, head.upgrade);

  const auto body = body_of_response(start, head, pending, state.proxied());
  const bool title = body == Body::title || body == Body::title_in_chunks;
  state.phase(Sender::server, Phase::head);
  state.title_wanted(title);
  state.chunked(body == Body::title_in_chunks);
  if (body == Body::title) {
    state.left(std::min(*head.length, kForever));
    state.phase(Sender::server, Phase::title);
  } else if (body == Body::title_in_chunks) {
    state.phase(Sender::server, Phase::chunk);
  } else if (body == Body::chunks) {
    go_on(message, state, Sender::server);
  }
  if (start.status == 101 || ((pending & Pending::tunnel) != 0 && start.status / 100 == 2))
    state.both(Phase::raw);
}

void response(const StartLine& start, ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  const auto pending = state.oldest();
  if (is_final(start)) {
    out.reply(0, start.status >= 400 ? Outcome::rejected : Outcome::executed, start.status);
    state.pop();
  }
  HttpHead head;
  while (message.ok()) {
    const auto line = take_line(message);
    if (!message.ok()) return;
    if (line.empty()) break;
    const auto field = field_of(line);
    head.read(field);
    if (same_word(field.name, "server")) head.software = field.value;
    if (same_word(field.name, "www-authenticate") || same_word(field.name, "proxy-authenticate"))
      challenge(field.value, head, out);
  }
  end_of_response(start, head, pending, message, state, out);
}

void title(ByteCursor& message, State& state, Observer& out) {
  const auto text = view_of(message.take(message.remaining()));
  state.title_wanted(false);
  state.phase(Sender::server, state.chunked() ? Phase::chunk : Phase::head);
  constexpr std::string_view kOpen = "<title";
  const auto at = find_word(text, kOpen);
  if (at == std::string_view::npos) return;
  auto rest = text.substr(at + kOpen.size());
  take_until(rest, '>');
  if (rest.find('<') == std::string_view::npos) return;  // cut
  const auto name = trimmed(take_until(rest, '<')).substr(0, kLongestTitle);
  if (!name.empty()) say(out, Property::description, SmallText{"title "}.add(name).view());
}

void chunk(ByteCursor& message, State& state, Sender sender) {
  if (sender == Sender::client || !state.title_wanted()) return go_on(message, state, sender);
  const auto size = chunk_size(take_line(message)).value_or(0);
  if (!message.ok()) return;
  state.left(size + 2);
  state.phase(sender, size == 0 ? Phase::trailers : Phase::title);
}

/// What stands between two heads; false where it is a head after all.
bool between_heads(ByteCursor& message, State& state, const Context& context, Observer& out) {
  switch (state.phase(context.sender)) {
    case Phase::title:
      title(message, state, out);
      return true;
    case Phase::chunk: {
      const auto text = view_of(message.rest());
      if (start_line_of(trimmed(text.substr(0, text.find('\n')))).has_value()) return false;
      chunk(message, state, context.sender);
      return true;
    }
    case Phase::trailers:
      if (take_line(message).empty() && message.ok()) state.phase(context.sender, Phase::head);
      return true;
    case Phase::head:
    case Phase::raw:
      return false;
  }
  return false;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  State state{*context.state};
  if (between_heads(message, state, context, out)) return;
  if (view_of(message.rest()) == kPreface) {
    message.skip(kPreface.size());
    out.event(Event::version, "HTTP/2");
    state.both(Phase::raw);
    return;
  }
  if (state.heard() && http_head_extent(message.rest()).is_foreign()) {
    message.skip(message.remaining());
    return;
  }
  const auto start = start_line_of(trimmed(take_line(message)));
  if (!start.has_value() || !message.ok()) return;
  state.heard(true);
  if (start->is_request) {
    state.phase(Sender::client, Phase::head);
    request(*start, message, context, out);
  } else {
    response(*start, message, context, out);
  }
}

const Registration registration{{
    .name = "http",
    .title = "HTTP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
