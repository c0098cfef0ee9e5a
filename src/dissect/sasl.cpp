#include "sekimori/dissect/sasl.h"

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/web_login.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kLongestWord = 256;

void say_login(std::string_view way, std::string_view how, std::string_view user, Observer& out) {
  SmallText text{way};
  text.add(", ").add(how);
  if (!user.empty()) text.add(", user ").add(user.substr(0, 128));
  out.event(Event::login, text.view());
}

// Whom to act for, who one is, the secret: parted by zeros (RFC 4616, 2).
void plain(std::string_view line, std::string_view way, Observer& out) {
  std::array<std::uint8_t, 2 * kLongestWord> room{};
  auto rest = view_of(decode_base64(line, room));
  if (std::ranges::count(rest, '\0') != 2) return;
  take_until(rest, '\0');
  const auto user = take_until(rest, '\0');
  say_cleartext_login(way, bytes_of(user), bytes_of(rest), out);
}

}  // namespace

Sasl sasl_of(std::string_view mechanism) noexcept {
  if (same_word(mechanism, "PLAIN")) return Sasl::plain;
  if (same_word(mechanism, "LOGIN")) return Sasl::login_user;
  if (same_word(mechanism, "CRAM-MD5")) return Sasl::cram;
  if (same_word(mechanism, "NTLM") || same_word(mechanism, "GSSAPI") ||
      same_word(mechanism, "GSS-SPNEGO"))
    return Sasl::token;
  return Sasl::other;
}

Sasl say_sasl(Sasl state, std::string_view line, std::string_view way, StreamBuffer& user,
              Observer& out) {
  line = trimmed(line);
  if (line == "*") return Sasl::none;  // RFC 4954, 4: given up
  std::array<std::uint8_t, kLongestWord> room{};
  switch (state) {
    case Sasl::plain:
      plain(line, way, out);
      return Sasl::other;
    case Sasl::login_user:
      user.clear();
      user.append(decode_base64(line, room));
      return Sasl::login_secret;
    case Sasl::login_secret:
      say_cleartext_login(way, user.view(), decode_base64(line, room), out);
      user.clear();
      return Sasl::other;
    case Sasl::cram: {
      // The name, a blank, the digest.
      const auto answer = view_of(decode_base64(line, room));
      say_login(way, "CRAM-MD5", answer.substr(0, answer.rfind(' ')), out);
      return Sasl::other;
    }
    case Sasl::token:
      say_token(line, out);
      return Sasl::token;
    case Sasl::none:
    case Sasl::other:
      break;
  }
  return state;
}

bool say_mechanism(std::string_view mechanism, std::string_view way, Observer& out) {
  if (sasl_of(mechanism) != Sasl::other) return false;
  say_login(way, mechanism.substr(0, 32), {}, out);
  return true;
}

}  // namespace sekimori
