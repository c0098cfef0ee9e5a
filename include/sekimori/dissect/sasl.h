#pragma once

#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <string_view>

// Logins of mail protocols, line by line (RFC 4422).
namespace sekimori {

/// What the client's next line is.
enum class Sasl : std::uint8_t {
  none,
  plain,       ///< RFC 4616
  login_user,  ///< draft-murchison-sasl-login, 2
  login_secret,
  cram,   ///< RFC 2195
  token,  ///< NTLM or GSSAPI
  other,
};

/// The state that a mechanism begins with; it is compared without regard to case.
[[nodiscard]] Sasl sasl_of(std::string_view mechanism) noexcept;

/// Says what the client's line tells, and returns what the next one is. `user` keeps a name until
/// its secret comes; `way` is the protocol.
Sasl say_sasl(Sasl state, std::string_view line, std::string_view way, StreamBuffer& user,
              Observer& out);

/// Says the login of a mechanism that shows no more than its name; true where it did.
bool say_mechanism(std::string_view mechanism, std::string_view way, Observer& out);

}  // namespace sekimori
