#include "sekimori/dissect/ppp.h"

#include "sekimori/dissect/eap.h"
#include "sekimori/dissect/web_login.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::uint16_t kAllStationsUi = 0xff03;  // RFC 1662, 3.1: may be left out

// IANA, "PPP DLL Protocol Numbers".
constexpr std::uint32_t kIpv4 = 0x0021;
constexpr std::uint32_t kIpv6 = 0x0057;
constexpr std::uint32_t kCompressed = 0x00fd;
constexpr std::uint32_t kPap = 0xc023;
constexpr std::uint32_t kChap = 0xc223;
constexpr std::uint32_t kEapProtocol = 0xc227;

std::uint32_t protocol_of(ByteCursor& frame) noexcept {
  auto look = frame;
  if (look.be16() == kAllStationsUi && look.ok()) frame.skip(2);
  // RFC 1661, 2: the low bit ends the field; a leading zero byte may have been left out.
  const std::uint32_t first = frame.u8();
  return (first & 1U) != 0 ? first : first << 8U | frame.u8();
}

/// Code, identifier, length: RFC 1661, 5.
struct Packet {
  std::uint8_t code = 0;
  ByteCursor body;
};
Packet packet_of(ByteCursor& frame) noexcept {
  const auto code = frame.u8();
  frame.skip(1);
  const std::size_t length = frame.be16();
  constexpr std::size_t kHeader = 4;
  return {code, frame.nested(length < kHeader ? 0 : length - kHeader)};
}

SmallText named(std::string_view way, std::string_view what) {
  return SmallText{way}.add(' ').add(what);
}

// RFC 1334, 2.2.
void hear_pap(ByteCursor& frame, std::string_view way, Observer& out) {
  constexpr std::uint8_t kRequest = 1;
  constexpr std::uint8_t kRefusal = 3;
  auto [code, body] = packet_of(frame);
  const auto told = named(way, "PAP");
  if (code == kRefusal && body.ok()) out.event(Event::login_rejected, told.view());
  if (code != kRequest) return;
  const auto user = body.take(body.u8());
  const auto secret = body.take(body.u8());
  if (body.ok()) say_cleartext_login(told.view(), user, secret, out);
}

// RFC 1994, 4; RFC 2759, 4 says the same of MS-CHAPv2.
void hear_chap(ByteCursor& frame, std::string_view way, Observer& out) {
  constexpr std::uint8_t kResponse = 2;
  constexpr std::uint8_t kFailure = 4;
  auto [code, body] = packet_of(frame);
  auto told = named(way, "CHAP");
  if (code == kFailure && body.ok()) out.event(Event::login_rejected, told.view());
  if (code != kResponse) return;
  body.skip(body.u8());
  const auto user = body.rest();
  if (body.ok() && !user.empty()) out.event(Event::login, told.add(' ').add(view_of(user)).view());
}

}  // namespace

void hear_ppp(ByteCursor frame, std::string_view way, Observer& out) {
  constexpr std::uint16_t kEncrypted = 0x1000;  // RFC 3078, 3.1: bit D
  const auto protocol = protocol_of(frame);
  if (!frame.ok()) return;
  switch (protocol) {
    case kPap:
      return hear_pap(frame, way, out);
    case kChap:
      return hear_chap(frame, way, out);
    case kEapProtocol:
      return hear_eap(frame, way, out);
    case kCompressed:
      if ((frame.be16() & kEncrypted) != 0) out.event(Event::encrypted, "MPPE");
      return;
    case kIpv4:
    case kIpv6:
      return out.event(Event::version, named(way, "without encryption").view());
    default:
      return;
  }
}

}  // namespace sekimori
