#include "sekimori/dissect/tpkt.h"

namespace sekimori {
namespace {

constexpr std::uint16_t kShortest = kTpktSize + 3;  // a data TPDU's header
// X.224, 13.3.4: parameters of a connect request.
constexpr std::uint8_t kCallingTsap = 0xc1;
constexpr std::uint8_t kCalledTsap = 0xc2;

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

}  // namespace sekimori
