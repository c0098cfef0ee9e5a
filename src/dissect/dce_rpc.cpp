#include "sekimori/dissect/dce_rpc.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr std::uint8_t kVersion = 5;
constexpr std::size_t kVerifier = 8;    // 13.2.6.1: before the token
constexpr std::size_t kCallHeader = 8;  // 12.6.4.9, 12.6.4.10

constexpr bool is_type(std::uint8_t type) noexcept {
  return type == DcePdu::request || type == DcePdu::response || type == DcePdu::fault ||
         (type >= DcePdu::bind && type <= DcePdu::orphaned);
}

/// The least length of each (12.6.4).
constexpr std::size_t least(std::uint8_t type) noexcept {
  switch (type) {
    case DcePdu::request:
    case DcePdu::response:
      return DcePdu::kHeader + kCallHeader;
    case DcePdu::fault:
      return DcePdu::kHeader + 16;
    case DcePdu::bind:
    case DcePdu::alter:
      return DcePdu::kHeader + 12;
    case DcePdu::bind_ack:
    case DcePdu::alter_response:
      return DcePdu::kHeader + 16;
    case DcePdu::bind_nak:
      return DcePdu::kHeader + 2;
    default:
      return DcePdu::kHeader;
  }
}

/// Takes the verifier off the end of what follows the header, which is all there.
void read_verifier(DcePdu& pdu, Bytes& body) noexcept {
  if (pdu.auth_length == 0 || body.size() < pdu.auth_length + kVerifier) return;
  const auto at = body.size() - pdu.auth_length - kVerifier;
  ByteCursor verifier{body.subspan(at)};
  verifier.skip(1);  // which service
  pdu.auth_level = verifier.u8();
  const std::size_t padding = verifier.u8();
  verifier.skip(5);
  pdu.token = verifier.take(pdu.auth_length);
  body = body.first(at - std::min(at, padding));
}

}  // namespace

SmallText to_text(const Uuid& uuid) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  SmallText text;
  const auto add = [&](std::uint64_t value, unsigned digits) {
    for (unsigned i = digits; i > 0; --i) text.add(kDigits[(value >> (4 * (i - 1))) & 0xfU]);
  };
  add(uuid.low, 8);
  text.add('-');
  add(uuid.middle, 4);
  text.add('-');
  add(uuid.high, 4);
  text.add('-');
  add(uuid.rest >> 48U, 4);
  text.add('-');
  add(uuid.rest, 12);
  return text;
}

Uuid DcePdu::uuid(ByteCursor& cursor) const noexcept {
  Uuid found;
  found.low = u32(cursor);
  found.middle = u16(cursor);
  found.high = u16(cursor);
  found.rest = cursor.be64();
  return found;
}

Extent dce_extent(ByteCursor stream) noexcept {
  const auto bytes = stream.rest();
  const auto at = [&](std::size_t i, auto fits) { return bytes.size() <= i || fits(bytes[i]); };
  const auto zero = [](std::uint8_t byte) { return byte == 0; };
  // Version, minor version, type, flags, then how numbers are written (14.2).
  const bool fits = at(0, [](std::uint8_t byte) { return byte == kVersion; }) &&
                    at(1, [](std::uint8_t byte) { return byte <= 1; }) && at(2, is_type) &&
                    at(4, [](std::uint8_t byte) { return byte == 0x10 || byte == 0; }) &&
                    at(5, zero) && at(6, zero) && at(7, zero);
  if (!fits) return Extent::foreign();
  if (bytes.size() < DcePdu::kHeader) return Extent::incomplete();
  const bool big = bytes[4] == 0;
  stream.skip(8);
  const auto length = big ? stream.be16() : stream.le16();
  const auto auth = big ? stream.be16() : stream.le16();
  const auto needed = least(bytes[2]) + (auth > 0 ? auth + kVerifier : 0);
  return length >= needed ? Extent::of(length) : Extent::foreign();
}

DcePdu take_dce_pdu(ByteCursor& message) noexcept {
  DcePdu pdu;
  message.skip(2);
  pdu.type = static_cast<DcePdu::Type>(message.u8());
  pdu.flags = message.u8();
  pdu.big_endian = (message.u8() & 0xf0U) == 0;
  message.skip(3);
  pdu.length = pdu.u16(message);
  pdu.auth_length = pdu.u16(message);
  pdu.call = pdu.u32(message);
  if (!message.ok()) return pdu;
  auto body = message.rest();
  pdu.whole = pdu.length >= DcePdu::kHeader && body.size() >= pdu.length - DcePdu::kHeader;
  if (pdu.whole) {
    body = body.first(pdu.length - DcePdu::kHeader);
    read_verifier(pdu, body);
  }
  if (pdu.type != DcePdu::request && pdu.type != DcePdu::response && pdu.type != DcePdu::fault)
    return pdu;
  ByteCursor inside{body};
  inside.skip(4);  // hint of what is to come
  pdu.context = pdu.u16(inside);
  if (pdu.type == DcePdu::request) {
    pdu.opnum = pdu.u16(inside);
    if ((pdu.flags & DcePdu::kHasObject) != 0) inside.skip(16);
  } else {
    inside.skip(2);
    if (pdu.type == DcePdu::fault) pdu.status = pdu.u32(inside);
  }
  pdu.stub = inside.rest();
  if (!inside.ok()) message.skip(SIZE_MAX);
  return pdu;
}

}  // namespace sekimori
