#include "sekimori/dissect/web_login.h"

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/ntlm.h"
#include "sekimori/dissect/secret.h"
#include "sekimori/dissect/text_line.h"

#include <array>

namespace sekimori {
namespace {

// The names that forms give to the two fields.
bool is_password_field(std::string_view name) noexcept {
  return contains(name, "passw") || same_word(name, "pass") || same_word(name, "pwd") ||
         same_word(name, "psw") || same_word(name, "pw");
}
bool is_user_field(std::string_view name) noexcept {
  return contains(name, "user") || contains(name, "login") || same_word(name, "name") ||
         same_word(name, "account") || same_word(name, "email") || same_word(name, "uid");
}

/// The two fields of a form, decoded.
class Credentials {
 public:
  void pair(std::string_view name, std::string_view value) noexcept {
    if (is_password_field(name) && !found_) {
      password_ = decode_percent(value, password_room_);
      found_ = true;
    } else if (is_user_field(name) && user_.empty()) {
      user_ = decode_percent(value, user_room_);
    }
  }
  [[nodiscard]] bool found() const noexcept { return found_; }
  [[nodiscard]] Bytes user() const noexcept { return user_; }
  [[nodiscard]] Bytes password() const noexcept { return password_; }

 private:
  std::array<std::uint8_t, 128> user_room_{};
  std::array<std::uint8_t, 128> password_room_{};
  Bytes user_;
  Bytes password_;
  bool found_ = false;
};

// Strings that stand as `"name": "value"`; no more of JSON is needed to find a login.
void json_pairs(std::string_view text, Credentials& credentials) noexcept {
  while (!text.empty()) {
    take_until(text, '"');
    const auto name = take_until(text, '"');
    const auto rest = trimmed(text);
    if (!rest.starts_with(':')) continue;
    auto value = trimmed(rest.substr(1));
    if (!value.starts_with('"')) continue;
    value.remove_prefix(1);
    credentials.pair(name, take_until(value, '"'));
    text = value;
  }
}

void form_pairs(std::string_view text, Credentials& credentials) noexcept {
  while (!text.empty()) {
    auto value = take_until(text, '&');
    const auto name = take_until(value, '=');
    credentials.pair(name, value);
  }
}

void say_basic(std::string_view token, bool proxy, Observer& out) {
  std::array<std::uint8_t, 256> room{};
  const auto pair = decode_base64(token, room);
  const auto colon = view_of(pair).find(':');  // RFC 7617, 2
  if (colon == std::string_view::npos) return;
  say_cleartext_login(proxy ? "proxy basic" : "basic", pair.first(colon), pair.subspan(colon + 1),
                      out);
}

}  // namespace

void say_cleartext_login(std::string_view way, Bytes user, Bytes secret, Observer& out) {
  SmallText text{way};
  if (!user.empty()) text.add(", user ").add(view_of(user).substr(0, 128));
  text.add(", password ").add(to_text(grade_secret(secret, user)));
  out.event(Event::cleartext_login, text.view());
}

bool say_token(std::string_view token, Observer& out) {
  std::array<std::uint8_t, 4096> room{};
  const auto bytes = decode_base64(token, room);
  if (has_kerberos(bytes)) {
    out.event(Event::login, "Kerberos");
    return true;
  }
  return say_ntlm(bytes, out);
}

bool say_authorization(std::string_view value, bool proxy, Observer& out) {
  const auto scheme = take_until(value, ' ');
  value = trimmed(value);
  if (same_word(scheme, "basic")) {
    say_basic(value, proxy, out);
    return true;
  }
  if (same_word(scheme, "digest")) {
    const auto user = parameter_of(value, "username");
    out.event(Event::login, SmallText{"digest, user "}.add(user.substr(0, 128)).view());
    return true;
  }
  if (same_word(scheme, "ntlm") || same_word(scheme, "negotiate")) return say_token(value, out);
  if (!same_word(scheme, "bearer")) return false;
  out.event(Event::login, "bearer token");
  return true;
}

void say_form(std::string_view body, Observer& out) {
  Credentials credentials;
  if (trimmed(body).starts_with('{')) {
    json_pairs(body, credentials);
  } else {
    form_pairs(body, credentials);
  }
  if (credentials.found())
    say_cleartext_login("form", credentials.user(), credentials.password(), out);
}

std::string_view parameter_of(std::string_view text, std::string_view name) noexcept {
  while (!text.empty()) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {};
    const auto key = trimmed(text.substr(0, equals));
    text = trimmed(text.substr(equals + 1));
    std::string_view value;
    if (text.starts_with('"')) {
      text.remove_prefix(1);
      value = take_until(text, '"');
      take_until(text, ',');
    } else {
      value = trimmed(take_until(text, ','));
    }
    if (same_word(key, name)) return value;
  }
  return {};
}

}  // namespace sekimori
