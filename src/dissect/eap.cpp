#include "sekimori/dissect/eap.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::size_t kHeaderSize = 4;
constexpr std::uint8_t kIdentity = 1;  // RFC 3748, 5.1

/// IANA, "EAP Method Types".
struct Method {
  std::uint8_t type;
  std::string_view name;
};
constexpr auto kMethods = std::to_array<Method>({
    {4, "MD5"},
    {5, "OTP"},
    {6, "GTC"},
    {13, "TLS"},
    {17, "LEAP"},
    {18, "SIM"},
    {21, "TTLS"},
    {23, "AKA"},
    {25, "PEAP"},
    {26, "MSCHAPv2"},
    {43, "FAST"},
    {52, "PWD"},
    {55, "TEAP"},
});

}  // namespace

bool is_eap(ByteCursor packet) noexcept {
  const auto all = packet.remaining();
  const auto code = packet.u8();
  packet.skip(1);
  const std::size_t length = packet.be16();
  const bool bare = code == kEapSuccess || code == kEapFailure;
  return packet.ok() && code >= kEapRequest && code <= kEapFailure && length <= all &&
         length >= kHeaderSize + (bare ? 0 : 1);
}

void hear_eap(ByteCursor packet, std::string_view way, Observer& out) {
  const auto code = packet.u8();
  packet.skip(1);  // identifier
  const std::size_t length = packet.be16();
  if (!packet.ok()) return;
  if (code == kEapFailure) return out.event(Event::login_rejected, way);
  if (code != kEapRequest && code != kEapResponse) return;
  if (length <= kHeaderSize) return;
  auto body = packet.nested(length - kHeaderSize);
  const auto type = body.u8();
  const auto identity = body.rest();
  if (!body.ok()) return;
  if (type == kIdentity && code == kEapResponse && !identity.empty())
    out.event(Event::login, SmallText{way}.add(' ').add(view_of(identity)).view());
  const auto* const method = std::ranges::find(kMethods, type, &Method::type);
  if (method != kMethods.end())
    out.event(Event::version, SmallText{"EAP "}.add(method->name).view());
}

}  // namespace sekimori
