#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <string_view>

namespace sekimori {

/// Says that credentials crossed in the clear: `<way>, user x, password <grade>`; without a user,
/// `<way>, password <grade>`. The one place where a secret becomes words.
void say_cleartext_login(std::string_view way, Bytes user, Bytes secret, Observer& out);

/// Says what an `Authorization` field tells (RFC 9110, 11.6.2); `proxy`: a `Proxy-Authorization`.
/// True where it gives credentials, so that a 401 in answer is a refusal of them.
bool say_authorization(std::string_view value, bool proxy, Observer& out);

/// Says what a base64 NTLM or SPNEGO token tells (RFC 4559). True as say_authorization().
bool say_token(std::string_view token, Observer& out);

/// Says a login when a web form, URL-encoded or a flat JSON object, has a password field.
void say_form(std::string_view body, Observer& out);

/// The value of `name` among `a="x", b=y` (RFC 9110, 11.2); empty where there is none.
[[nodiscard]] std::string_view parameter_of(std::string_view text, std::string_view name) noexcept;

}  // namespace sekimori
