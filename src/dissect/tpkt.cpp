#include "sekimori/dissect/tpkt.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr std::uint16_t kShortest = kTpktSize + 3;  // a data TPDU's header
// X.224, 13.3.4: parameters of a connect request.
constexpr std::uint8_t kCallingTsap = 0xc1;
constexpr std::uint8_t kCalledTsap = 0xc2;
// A stream is told apart by its first TSDU, which is short: TPDUs of it that are looked through.
constexpr int kMostTpdus = 64;
// The memory of gather_tsdu, of the client's direction; the server's stands one bit higher.
constexpr std::uint64_t kPending = 1;  // the buffer holds the front of a TSDU
constexpr std::uint64_t kLost = 4;     // what comes up to the end of the TSDU lacks its front

void read_parameters(ByteCursor parameters, Cotp& cotp) noexcept {
  Bytes calling;
  Bytes called;
  while (!parameters.empty()) {
    const auto code = parameters.u8();
    const auto value = parameters.take(parameters.u8());
    if (!parameters.ok()) return;
    if (code == kCallingTsap) calling = value;
    if (code == kCalledTsap) called = value;
  }
  cotp.calling = calling;
  cotp.called = called;
}

}  // namespace

Extent tpkt_extent(ByteCursor stream) noexcept {
  const auto available = stream.rest();
  if (!available.empty() && available[0] != kTpktVersion) return Extent::foreign();
  if (available.size() > 1 && available[1] != 0) return Extent::foreign();  // reserved
  stream.skip(2);
  const auto length = stream.be16();
  const auto indicator = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  // The length indicator counts what follows it and may fill the TPKT, not pass it.
  if (length < kShortest || indicator < 2 || indicator > length - kTpktSize - 1)
    return Extent::foreign();
  return Extent::of(length);
}

Cotp read_cotp(ByteCursor& message) noexcept {
  Cotp cotp;
  message.skip(2);
  const auto length = message.be16();
  const auto indicator = message.u8();
  auto header = message.nested(indicator);
  const auto code = header.u8();
  if (!header.ok() || length < kShortest) return cotp;
  const auto type = static_cast<Cotp::Type>(code & 0xf0U);
  switch (type) {
    case Cotp::Type::data: {
      const auto number = header.u8();
      cotp.last = (number & 0x80U) != 0;  // X.224, 13.7: EOT
      break;
    }
    case Cotp::Type::connect_request:
    case Cotp::Type::connect_confirm:
    case Cotp::Type::disconnect_request:
      cotp.destination = header.be16();
      cotp.source = header.be16();
      cotp.reason = header.u8();  // the class, but in a disconnect request
      cotp.variable = header.rest();
      read_parameters(header, cotp);
      break;
    case Cotp::Type::disconnect_confirm:
      cotp.destination = header.be16();
      cotp.source = header.be16();
      break;
    case Cotp::Type::other:
    default:  // expedited data, rejects and the like, which class 0 lacks (X.224, 6)
      return cotp;
  }
  if (!header.ok()) return Cotp{};
  cotp.type = type;
  cotp.payload = message.rest();
  return cotp;
}

ByteCursor take_tpkt(ByteCursor& message) noexcept {
  const auto extent = tpkt_extent(message);
  const auto left = message.remaining();
  const auto size = extent.is_message() ? extent.size() : left;
  const ByteCursor tpkt{message.rest().first(std::min(size, left))};
  message.skip(extent.is_incomplete() ? left + 1 : size);
  return tpkt;
}

TsduFront tsdu_front(ByteCursor stream) noexcept {
  TsduFront front;
  const auto bytes = stream.rest();
  std::size_t size = 0;
  for (int i = 0; i < kMostTpdus; ++i) {
    const auto rest = bytes.subspan(size);
    const auto one = tpkt_extent(ByteCursor{rest});
    if (!one.is_message()) {
      front.extent = one;
      return front;
    }
    ByteCursor tpkt{rest.first(std::min(one.size(), rest.size()))};
    const auto cotp = read_cotp(tpkt);
    if (!tpkt.ok()) return front;
    if (size == 0) front.type = cotp.type;
    size += one.size();
    front.length += one.size() - tpkt.offset();
    if (cotp.type != Cotp::Type::data) {
      front.extent = i == 0 ? one : Extent::foreign();
      return front;
    }
    if (front.payload.empty()) front.payload = cotp.payload;
    if (cotp.last) {
      front.extent = Extent::of(size);
      return front;
    }
    if (size > bytes.size()) return front;
  }
  front.extent = Extent::foreign();
  return front;
}

std::optional<Bytes> gather_tsdu(const Cotp& cotp, bool whole, Sender sender, std::uint64_t& word,
                                 Observer& out) {
  const auto shift = sender == Sender::client ? 0U : 1U;
  const auto pending = kPending << shift;
  const auto lost = kLost << shift;
  if (cotp.type != Cotp::Type::data) {  // or cut before it could be read
    word &= ~(pending | lost);
    return std::nullopt;
  }
  if ((word & lost) != 0) {
    if (cotp.last) word &= ~lost;
    return std::nullopt;
  }
  const bool begun = (word & pending) != 0;
  if (cotp.last && !begun) return cotp.payload;
  if (!cotp.last && whole && cotp.payload.empty()) return std::nullopt;
  auto& buffer = out.buffer(kTsduBuffer);
  if (!begun) buffer.clear();
  word &= ~pending;
  if ((!whole && !cotp.last) || !buffer.append(cotp.payload)) {
    buffer.clear();
    if (!cotp.last) word |= lost;
    return std::nullopt;
  }
  if (cotp.last) return buffer.view();
  word |= pending;
  return std::nullopt;
}

}  // namespace sekimori
