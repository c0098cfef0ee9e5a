// IP Encapsulating Security Payload: RFC 4303. What is inside shows only where no cipher was agreed
// upon (RFC 2410); an inner IP header behind the sequence number tells that. In UDP: ike.cpp.
// The code is 0, a packet.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kPacket = 0;
constexpr std::size_t kHeaderSize = 8;   // SPI, sequence
constexpr std::size_t kIpv4Header = 20;  // RFC 791, 3.1: without options

constexpr auto kSeats = std::to_array<Seat>({{Over::ip, 50}});

constexpr auto kOperations = std::to_array<Operation>({
    {kPacket, "packet", Access::session, "0"},
});

// RFC 4303, 2.1: SPI 0 never crosses a wire.
Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto all = stream.remaining();
  const auto spi = stream.be32();
  stream.skip(4);
  if (!stream.ok()) return Extent::incomplete();
  return spi != 0 ? Extent::of(all) : Extent::foreign();
}

/// RFC 791, 3.1; RFC 1071: the sum of a header with its checksum is all ones.
bool is_ipv4_header(ByteCursor header) noexcept {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kIpv4Header / 2; ++i) sum += header.be16();
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return header.ok() && sum == 0xffffU;
}

/// An IPv4 packet in tunnel mode, readable. That of a cipher is one by chance in a thousand
/// million.
bool is_clear(ByteCursor inside) noexcept {
  constexpr std::uint8_t kPlainIpv4 = 0x45;
  constexpr auto kUsual = std::to_array<std::uint8_t>({1, 6, 17, 47, 50, 89, 132});  // IANA
  const auto start = inside;
  const auto first = inside.u8();
  inside.skip(1);
  const std::size_t length = inside.be16();
  inside.skip(4);
  const auto lifetime = inside.u8();
  const auto protocol = inside.u8();
  return inside.ok() && first == kPlainIpv4 && length >= kIpv4Header && lifetime != 0 &&
         std::ranges::find(kUsual, protocol) != kUsual.end() && is_ipv4_header(start);
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  message.skip(kHeaderSize);
  if (!message.ok()) return;
  out.notice(kPacket, {});
  out.event(Event::tunnel, "ESP");
  if (is_clear(message)) {
    out.event(Event::version, "ESP without encryption");
  } else if (message.remaining() >= kIpv4Header) {
    out.event(Event::encrypted, "ESP");
  }
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "esp",
    .title = "IPsec ESP",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
