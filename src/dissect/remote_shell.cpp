#include "sekimori/dissect/remote_shell.h"

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kWords = 4;
constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kLongestCommand = 4096;
constexpr std::size_t kLongestError = 512;

// The flow's words: by sender, 1 once it said its first.
bool began(const FlowState& words, Sender sender) noexcept {
  return words[static_cast<std::size_t>(sender)] != 0;
}

struct Request {
  std::array<std::string_view, kWords> words;
  std::size_t size = 0;  ///< 0: more has to come
  bool bad = false;
};

Request request_of(std::string_view text, RemoteShell shell) noexcept {
  Request request;
  std::size_t at = 0;
  for (std::size_t i = 0; i < kWords; ++i) {
    const auto most = i + 1 == kWords ? kLongestCommand : kLongestWord;
    const auto rest = text.substr(at);
    const auto end = rest.substr(0, most + 1).find('\0');
    const auto word = rest.substr(0, std::min(end, rest.size()));
    request.bad = word.size() > most || !is_printable(word);
    // A port in decimal, which may be none; rlogin has nothing there.
    if (i == 0 && shell == RemoteShell::rlogin) request.bad = request.bad || !word.empty();
    if (i == 0 && shell != RemoteShell::rlogin && !word.empty())
      request.bad = request.bad || decimal_of(word).value_or(65536) > 65535;
    if (i == 1 && end == 0) request.bad = true;
    if (request.bad || end == std::string_view::npos) return request;
    request.words[i] = word;
    at += end + 1;
  }
  request.size = at;
  return request;
}

std::string_view name_of(RemoteShell shell) noexcept {
  switch (shell) {
    case RemoteShell::rexec:
      return "rexec";
    case RemoteShell::rsh:
      return "rsh";
    case RemoteShell::rlogin:
      return "rlogin";
  }
  return {};
}

void answer(ByteCursor& message, FlowState& words, RemoteShell shell, Observer& out) {
  const auto first = message.u8();
  if (!message.ok()) return;
  message.skip(message.remaining());
  words[static_cast<std::size_t>(Sender::server)] = 1;
  // A zero lets in; rlogin tells an error as text.
  out.reply(0, first == 0 ? Outcome::executed : Outcome::rejected, first == 0 ? 0 : 1);
  if (first != 0) out.event(Event::login_rejected, name_of(shell));
  // Who is let in by where he comes from shows no secret.
  if (first == 0 && shell == RemoteShell::rsh) out.event(Event::anonymous_login, "rsh");
}

}  // namespace

Extent shell_extent(ByteCursor stream, const Context& context, RemoteShell shell) noexcept {
  if (began(*context.state, context.sender)) return Extent::opaque();
  const auto text = view_of(stream.rest());
  if (!context.on_seat) return Extent::foreign();
  if (text.empty()) return Extent::incomplete();
  if (context.sender == Sender::server) {
    // One byte proves nothing before the client was understood.
    if (!began(*context.state, Sender::client)) return Extent::incomplete();
    if (text[0] == 0) return Extent::of(1);
    const auto line = line_extent(stream.rest(), kLongestError);
    return line.is_foreign() ? Extent::of(text.size()) : line;
  }
  const auto request = request_of(text, shell);
  if (request.bad) return Extent::foreign();
  return request.size == 0 ? Extent::incomplete() : Extent::of(request.size);
}

void dissect_shell(ByteCursor& message, const Context& context, RemoteShell shell, Observer& out) {
  auto& words = *context.state;
  if (context.sender == Sender::server) return answer(message, words, shell, out);
  const auto request = request_of(view_of(message.rest()), shell);
  if (request.bad || request.size == 0) {
    message.skip(message.remaining() + 1);
    return;
  }
  message.skip(request.size);
  words[static_cast<std::size_t>(Sender::client)] = 1;
  out.request(kShellRequest, {}, 0);
  if (shell == RemoteShell::rexec) {
    say_cleartext_login("rexec", bytes_of(request.words[1]), bytes_of(request.words[2]), out);
    return;
  }
  SmallText text{name_of(shell)};
  text.add(", user ").add(request.words[2].empty() ? request.words[1] : request.words[2]);
  out.event(Event::login, text.view());
}

}  // namespace sekimori
