#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <string_view>

namespace sekimori {

/// Says what a frame of the Point-to-Point Protocol (RFC 1661, 2) in a tunnel tells: logins by PAP
/// (RFC 1334), CHAP (RFC 1994) and EAP; whether what it carries is encrypted (RFC 3078) or can be
/// read. `way` names the tunnel: `PPTP`.
void hear_ppp(ByteCursor frame, std::string_view way, Observer& out);

}  // namespace sekimori
