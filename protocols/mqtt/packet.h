#pragma once

// The packets of MQTT: 2.1 and 3.1 of versions 3.1.1 and 5.0, section 2 of 3.1.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sekimori::mqtt {

// 2.1.2: types of packets.
inline constexpr std::uint8_t kConnect = 1;
inline constexpr std::uint8_t kConnAck = 2;
inline constexpr std::uint8_t kPublish = 3;
inline constexpr std::uint8_t kPubAck = 4;
inline constexpr std::uint8_t kPubRec = 5;
inline constexpr std::uint8_t kPubRel = 6;
inline constexpr std::uint8_t kPubComp = 7;
inline constexpr std::uint8_t kSubscribe = 8;
inline constexpr std::uint8_t kSubAck = 9;
inline constexpr std::uint8_t kUnsubscribe = 10;
inline constexpr std::uint8_t kUnsubAck = 11;
inline constexpr std::uint8_t kPingReq = 12;
inline constexpr std::uint8_t kPingResp = 13;
inline constexpr std::uint8_t kDisconnect = 14;
inline constexpr std::uint8_t kAuth = 15;

struct Header {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::size_t size = 0;    ///< of the header
  std::size_t length = 0;  ///< of what follows it
  bool is_short = false;   ///< the header is not all there
  bool is_broken = false;  ///< the length has more than four octets
  bool is_cut = false;     ///< the capture kept less than the packet

  [[nodiscard]] constexpr std::size_t whole() const noexcept { return size + length; }
  [[nodiscard]] constexpr unsigned quality() const noexcept { return flags >> 1U & 3U; }
};

/// 2.2.3: seven bits an octet, the low ones first, at most four octets.
[[nodiscard]] constexpr Header header_of(Bytes bytes) noexcept {
  Header header;
  if (bytes.empty()) {
    header.is_short = true;
    return header;
  }
  header.type = bytes[0] >> 4U;
  header.flags = bytes[0] & 15U;
  for (std::size_t i = 1; i <= 4; ++i) {
    if (i >= bytes.size()) {
      header.is_short = true;
      return header;
    }
    header.length |= std::size_t{bytes[i] & 0x7fU} << (7 * (i - 1));
    header.size = i + 1;
    if ((bytes[i] & 0x80U) == 0) return header;
  }
  header.is_broken = true;
  return header;
}

enum class Named : std::uint8_t { yes, no, unsure };

/// 3.1.2.1: a CONNECT begins with the protocol's name and level: `MQTT` 4 or 5, `MQIsdp` 3. The
/// level's top bit marks a bridge.
[[nodiscard]] inline Named names_protocol(const Header& header, Bytes bytes) noexcept {
  constexpr std::string_view kNew{"\0\4MQTT", 6};
  constexpr std::string_view kOld{"\0\6MQIsdp", 8};
  if (header.flags != 0) return Named::no;
  if (header.is_short) return Named::unsure;
  const auto body = view_of(bytes.subspan(header.size));
  for (const auto name : {kNew, kOld}) {
    const auto size = std::min(body.size(), name.size());
    if (body.substr(0, size) != name.substr(0, size)) continue;
    if (header.length < name.size() + 4) return Named::no;
    if (body.size() <= name.size()) return Named::unsure;
    const auto level = static_cast<unsigned char>(body[name.size()]) & 0x7fU;
    return (name == kOld ? level == 3 : level == 4 || level == 5) ? Named::yes : Named::no;
  }
  return Named::no;
}

/// True where a packet that begins amid a session has the flags and the size of its type.
[[nodiscard]] constexpr bool is_possible(const Header& header, Bytes bytes) noexcept {
  const bool asks =
      header.type == kPubRel || header.type == kSubscribe || header.type == kUnsubscribe;
  if (header.type == kPublish) {
    if (header.quality() == 3 || header.length < 3) return false;
    if (bytes.size() < header.size + 3) return true;
    const auto topic = std::size_t{bytes[header.size]} << 8U | bytes[header.size + 1];
    const auto first = bytes[header.size + 2];
    return topic >= 1 && topic + 2 <= header.length && first >= 0x20;
  }
  if (header.flags != (asks ? 2U : 0U)) return false;
  switch (header.type) {
    case kConnAck:
    case kPubAck:
    case kPubRec:
    case kPubRel:
    case kPubComp:
    case kUnsubAck:
      return header.length >= 2 && header.length < 1024;
    case kSubscribe:
      return header.length >= 6;
    case kUnsubscribe:
      return header.length >= 5;
    case kSubAck:
      return header.length >= 3 && header.length < 1024;
    case kPingReq:
    case kPingResp:
      return header.length == 0;
    case kDisconnect:
      return header.length < 1024;
    default:
      return false;
  }
}

/// 2.2.2 of 5.0: a length in the same form, and as many bytes.
constexpr void skip_properties(ByteCursor& body) noexcept {
  std::size_t length = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const auto octet = body.u8();
    length |= std::size_t{octet & 0x7fU} << (7 * i);
    if ((octet & 0x80U) == 0) break;
  }
  body.skip(length);
}

/// 3.1: the name, the level, flags, the keep-alive; then what the flags announce.
struct Connection {
  unsigned version = 0;
  Bytes client = {};
  Bytes user = {};
  Bytes password = {};
  bool has_user = false;
  bool has_password = false;
  bool is_whole = false;
};

[[nodiscard]] constexpr Connection connection_of(ByteCursor body) noexcept {
  Connection made;
  body.skip(body.be16());
  made.version = body.u8() & 0x7fU;
  const auto flags = body.u8();
  body.skip(2);
  if (made.version == 5) skip_properties(body);
  made.client = body.take(body.be16());
  if ((flags & 0x04U) != 0) {  // a will: a topic and what is to be published on it
    if (made.version == 5) skip_properties(body);
    body.skip(body.be16());
    body.skip(body.be16());
  }
  made.has_user = (flags & 0x80U) != 0;
  made.has_password = (flags & 0x40U) != 0;
  if (made.has_user) made.user = body.take(body.be16());
  if (made.has_password) made.password = body.take(body.be16());
  made.is_whole = body.ok();
  return made;
}

[[nodiscard]] constexpr std::string_view version_name(unsigned version) noexcept {
  if (version == 3) return "MQTT 3.1";
  return version == 4 ? "MQTT 3.1.1" : "MQTT 5.0";
}

}  // namespace sekimori::mqtt
