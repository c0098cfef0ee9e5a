// FTP's control connection: RFC 959, RFC 4217 (TLS). Code: the command's four letters as a number,
// written as they stand. The reason of a rejection is the reply's code.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/reply_lines.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 21}, {Over::tcp, 2121}});

constexpr std::uint32_t verb(std::string_view letters) noexcept {
  std::uint32_t code = 0;
  for (const char letter : letters) code = (code << 8U) | static_cast<unsigned char>(letter);
  return code;
}

constexpr auto kOperations = std::to_array<Operation>({
    {verb("USER"), "user", Access::authenticate, "USER"},
    {verb("PASS"), "password", Access::authenticate, "PASS"},
    {verb("ACCT"), "account", Access::authenticate, "ACCT"},
    {verb("AUTH"), "secure", Access::session, "AUTH"},
    {verb("ADAT"), "secure-data", Access::session, "ADAT"},
    {verb("PBSZ"), "protection-size", Access::session, "PBSZ"},
    {verb("PROT"), "protection-level", Access::session, "PROT"},
    {verb("CCC"), "clear-commands", Access::session, "CCC"},
    {verb("REIN"), "reinitialize", Access::session, "REIN"},
    {verb("QUIT"), "quit", Access::session, "QUIT"},
    {verb("NOOP"), "noop", Access::session, "NOOP"},
    {verb("ABOR"), "abort", Access::session, "ABOR"},
    {verb("PORT"), "data-port", Access::session, "PORT"},
    {verb("EPRT"), "extended-port", Access::session, "EPRT"},
    {verb("PASV"), "passive", Access::session, "PASV"},
    {verb("EPSV"), "extended-passive", Access::session, "EPSV"},
    {verb("TYPE"), "type", Access::session, "TYPE"},
    {verb("MODE"), "mode", Access::session, "MODE"},
    {verb("STRU"), "structure", Access::session, "STRU"},
    {verb("REST"), "restart-at", Access::session, "REST"},
    {verb("OPTS"), "options", Access::session, "OPTS"},
    {verb("CLNT"), "client-name", Access::session, "CLNT"},
    {verb("CWD"), "change-directory", Access::session, "CWD"},
    {verb("XCWD"), "change-directory", Access::session, "XCWD"},
    {verb("CDUP"), "parent-directory", Access::session, "CDUP"},
    {verb("PWD"), "print-directory", Access::read, "PWD"},
    {verb("XPWD"), "print-directory", Access::read, "XPWD"},
    {verb("LIST"), "list", Access::read, "LIST"},
    {verb("NLST"), "names", Access::read, "NLST"},
    {verb("MLSD"), "list-facts", Access::read, "MLSD"},
    {verb("MLST"), "facts", Access::read, "MLST"},
    {verb("SIZE"), "size", Access::read, "SIZE"},
    {verb("MDTM"), "modified", Access::read, "MDTM"},
    {verb("STAT"), "status", Access::read, "STAT"},
    {verb("SYST"), "system", Access::discover, "SYST"},
    {verb("FEAT"), "features", Access::discover, "FEAT"},
    {verb("HELP"), "help", Access::discover, "HELP"},
    {verb("HOST"), "host", Access::discover, "HOST"},
    {verb("RETR"), "retrieve", Access::file, "RETR"},
    {verb("STOR"), "store", Access::file, "STOR"},
    {verb("STOU"), "store-unique", Access::file, "STOU"},
    {verb("APPE"), "append", Access::file, "APPE"},
    {verb("DELE"), "delete", Access::file, "DELE"},
    {verb("RNFR"), "rename-from", Access::file, "RNFR"},
    {verb("RNTO"), "rename-to", Access::file, "RNTO"},
    {verb("MKD"), "make-directory", Access::file, "MKD"},
    {verb("XMKD"), "make-directory", Access::file, "XMKD"},
    {verb("RMD"), "remove-directory", Access::file, "RMD"},
    {verb("XRMD"), "remove-directory", Access::file, "XRMD"},
    {verb("ALLO"), "allocate", Access::file, "ALLO"},
    {verb("MFMT"), "set-modified", Access::file, "MFMT"},
    {verb("SITE"), "site", Access::configure, "SITE"},
    {verb("SMNT"), "mount", Access::configure, "SMNT"},
});

constexpr std::size_t kLongestCommand = 1024;
constexpr std::size_t kLongestReply = 16384;
constexpr std::size_t kTlsHeader = 5;
constexpr std::uint64_t kUser = 0;  // buffer

// Bits of the flow's first word.
constexpr std::uint64_t kAnonymous = 1;  // the user under way
constexpr std::uint64_t kSealing = 2;    // AUTH was asked
constexpr std::uint64_t kSealed = 4;
constexpr std::uint64_t kLoggingIn = 8;  // USER or PASS waits for its answer
constexpr std::uint64_t kGreeted = 16;
constexpr std::uint64_t kSystem = 32;  // SYST waits for its answer
// The second word counts the commands that wait.

constexpr char upper(char letter) noexcept {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

std::uint32_t verb_of(std::string_view word) noexcept {
  if (word.size() < 3 || word.size() > 4) return 0;
  std::uint32_t code = 0;
  for (const char letter : word) {
    const char large = upper(letter);
    if (large < 'A' || large > 'Z') return 0;
    code = (code << 8U) | static_cast<unsigned char>(large);
  }
  return code;
}

bool is_known(std::uint32_t code) noexcept {
  return find_operation(kOperations, code).access != Access::unknown;
}

SmallText notate(std::uint32_t code) {
  SmallText text;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    const auto letter = static_cast<char>((code >> (shift - 8)) & 0xffU);
    if (letter != 0) text.add(letter);
  }
  return text;
}

struct Command {
  std::uint32_t code = 0;
  std::string_view argument;
};

// ABOR may come behind Telnet's interrupt and synch (RFC 959, 4.1.3).
Command command_of(std::string_view line) noexcept {
  while (!line.empty() && static_cast<unsigned char>(line.front()) >= 0xf0) line.remove_prefix(1);
  line = trimmed(line);
  const auto word = take_until(line, ' ');
  return {verb_of(word), trimmed(line)};
}

// Mail and news have verbs and replies of the same look (RFC 5321, RFC 3977): what they share
// proves nothing.
bool is_shared(const Command& command) noexcept {
  if (command.code == verb("AUTH"))
    return !begins_with(command.argument, "TLS") && !begins_with(command.argument, "SSL") &&
           !begins_with(command.argument, "GSSAPI") && !begins_with(command.argument, "KERBEROS");
  return command.code == verb("QUIT") || command.code == verb("NOOP") ||
         command.code == verb("HELP") || command.code == verb("MODE");
}

// Before anything was heard, only FTP's own verbs count; later any that looks like one.
Extent command_extent(Bytes stream, bool heard) noexcept {
  const auto line = line_extent(stream, kLongestCommand);
  if (line.is_foreign()) return line;
  const auto text = view_of(stream.first(line.is_message() ? line.size() : stream.size()));
  if (!line.is_message()) {
    // No letters, no verb: not to be waited for.
    const auto letters = text.substr(0, 3);
    const bool may = std::ranges::all_of(letters, [](char letter) {
      return (upper(letter) >= 'A' && upper(letter) <= 'Z') ||
             static_cast<unsigned char>(letter) >= 0xf0;
    });
    return may ? line : Extent::foreign();
  }
  const auto command = command_of(text);
  if (command.code == 0 || (!heard && (!is_known(command.code) || is_shared(command))) ||
      !is_printable(command.argument))
    return Extent::foreign();
  return line;
}

// TLS records are stepped over one by one, for a client may go back to clear commands (RFC 4217,
// 12.3).
Extent tls_extent(ByteCursor stream) noexcept {
  stream.skip(3);
  const auto length = stream.be16();
  return stream.ok() ? Extent::of(kTlsHeader).then_skip(length) : Extent::incomplete();
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  const auto word = (*context.state)[0];
  const auto bytes = stream.rest();
  if (bytes.empty()) return Extent::incomplete();
  if ((word & (kSealed | kSealing)) != 0 && is_tls_record(bytes)) return tls_extent(stream);
  if (bytes[0] >= '0' && bytes[0] <= '9') return reply_extent(bytes, kLongestReply);
  return command_extent(bytes, word != 0 || context.on_seat);
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto first = message.u8();
  if (!message.ok()) return std::nullopt;
  return first >= '0' && first <= '9' ? Sender::server : Sender::client;
}

bool is_anonymous(std::string_view user) noexcept {
  return same_word(user, "anonymous") || same_word(user, "ftp");  // RFC 1635, 2
}

void log_in(const Command& command, FlowState& words, Observer& out) {
  words[0] |= kLoggingIn;
  auto& user = out.buffer(kUser);
  if (command.code == verb("USER")) {
    user.clear();
    user.append(bytes_of(command.argument));
    words[0] = is_anonymous(command.argument) ? words[0] | kAnonymous : words[0] & ~kAnonymous;
  } else if ((words[0] & kAnonymous) == 0) {
    say_cleartext_login("ftp", user.view(), bytes_of(command.argument), out);
  }
}

// What changes or carries a file; listings are as many as directories.
void transfer(const Command& command, Observer& out) {
  constexpr auto kCarriers = std::to_array<std::uint32_t>(
      {verb("STOR"), verb("APPE"), verb("STOU"), verb("RETR"), verb("DELE"), verb("RNTO")});
  if (std::ranges::find(kCarriers, command.code) == kCarriers.end()) return;
  SmallText text{find_operation(kOperations, command.code).notation};
  out.event(Event::transfer, text.add(' ').add(command.argument).view());
}

void request(std::string_view line, FlowState& words, Observer& out) {
  const auto command = command_of(line);
  if (command.code == 0) return;
  out.request(command.code, {}, 0);
  ++words[1];
  if (command.code == verb("USER") || command.code == verb("PASS")) log_in(command, words, out);
  if (command.code == verb("AUTH")) words[0] |= kSealing;
  if (command.code == verb("SYST")) words[0] |= kSystem;
  if (command.code == verb("CLNT") && !command.argument.empty())
    out.property({}, Property::software, bytes_of(command.argument), Confidence::stated);
  transfer(command, out);
}

// RFC 959, 4.2.2: 220 and 120 greet; 421 may come unasked at any time.
void greeting(std::uint32_t code, std::string_view text, FlowState& words, Observer& out) {
  if (code != 220) return;
  words[0] |= kGreeted;
  if (!text.empty())
    out.property({}, Property::software, bytes_of(text.substr(0, 200)), Confidence::stated);
}

void outcome_of_login(std::uint32_t code, FlowState& words, Observer& out) {
  if ((words[0] & kLoggingIn) == 0 || code / 100 == 3) return;
  words[0] &= ~kLoggingIn;
  if (code == 230 && (words[0] & kAnonymous) != 0) out.event(Event::anonymous_login, "ftp");
  if (code == 530) out.event(Event::login_rejected, "ftp");
}

void reply(std::uint32_t code, std::string_view text, FlowState& words, Observer& out) {
  if (words[1] == 0) {
    if ((words[0] & kGreeted) == 0) greeting(code, text, words, out);
    return;
  }
  if (code / 100 == 1) return;  // preliminary
  --words[1];
  out.reply(0, code >= 400 ? Outcome::rejected : Outcome::executed, code);
  outcome_of_login(code, words, out);
  if (code == 215 && (words[0] & kSystem) != 0 && !text.empty())
    out.property({}, Property::os, bytes_of(text), Confidence::stated);
  if (code / 100 == 2 || code >= 400) words[0] &= ~kSystem;
  if ((words[0] & kSealing) == 0) return;
  if (code == 234) {  // RFC 4217, 4
    words[0] = (words[0] | kSealed) & ~kSealing;
    out.event(Event::encrypted, "TLS");
  } else if (code >= 400) {
    words[0] &= ~kSealing;
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  const auto bytes = message.rest();
  if (bytes.empty()) return;
  if (is_tls_record(bytes)) {
    message.skip(bytes.size());
    return;
  }
  words[0] &= ~kSealed;
  if (bytes[0] >= '0' && bytes[0] <= '9') {
    const auto said = take_reply(message);
    if (said) reply(said->code, said->last, words, out);
    return;
  }
  const auto line = take_line(message);
  if (message.ok()) request(line, words, out);
}

const Registration registration{{
    .name = "ftp",
    .title = "FTP",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 255,  // replies look like those of mail and news: off its port, both sides must speak
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
