#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <optional>

namespace sekimori {

/// What an X.509 certificate says (RFC 5280, 4.1). Its signature is not checked: that would need
/// the issuer's key, and the question here is who stands on the network.
struct Certificate {
  SmallText subject;  ///< `CN=plc1, O=Acme`; what of the name is CN, O, OU
  SmallText issuer;
  bool self_issued = false;  ///< issuer and subject are one name
  SmallText not_after;       ///< `2031-05-04`
  SmallText other_names;     ///< `plc1.plant.example, 10.0.0.5`: names and addresses (4.2.1.6)
  Bytes host;                ///< the first of those names that is one host's, not of many (`*.x`)
  SmallText weakness;        ///< `md5`, `sha1`, `rsa 1024`, both, or empty
};
[[nodiscard]] std::optional<Certificate> certificate_of(Bytes der) noexcept;

/// Says the subject as a property of the sender, and what the certificate is as an event.
void say_certificate(Bytes der, Observer& out);

}  // namespace sekimori
