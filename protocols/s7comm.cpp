// S7comm: Siemens' protocol of the S7-200, 300 and 400, and what the 1200, 1500 and LOGO! still
// answer. It rides on ISO transport over TCP (RFC 1006; tpkt.h) and is unpublished: the layouts
// stand in s7comm/*.h with their sources, and hold on real captures.
//
// Codes are written as the function of a job, `0x05`; of userdata as group and subfunction, `4/1`;
// what a controller tells unasked as `push 4/17`. The PI services (program invocation) share
// `0x28`: their operations and names differ. A rejection's reason is error class << 8 | code, or
// the return code of the first item. A message of several items is executed where one of them was.
// Ranges are bytes of an area, numbers of counters, timers and blocks, or the index of a status
// list.

#include "sekimori/dissect/dissector.h"
#include "sekimori/dissect/text_line.h"
#include "sekimori/dissect/tpkt.h"
#include "sekimori/dissect/web_login.h"

#include "s7comm/asked.h"
#include "s7comm/hearing.h"
#include "s7comm/operations.h"
#include "s7comm/pdu.h"

#include <algorithm>
#include <array>

namespace sekimori::s7comm {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 102}});

bool is_known(const Context& context) noexcept {
  return context.state != nullptr && ((*context.state)[0] & kKnown) != 0;
}

/// True where nothing in the first bytes of a TSDU speaks against S7comm.
bool may_begin(Bytes bytes) noexcept {
  const auto fits = [bytes](std::size_t at, std::uint8_t value) {
    return at >= bytes.size() || bytes[at] == value;
  };
  return fits(0, kProtocol) && fits(2, 0) && fits(3, 0) && (bytes.size() <= 1 || is_type(bytes[1]));
}

/// True where the TSDU at the front is S7comm, as far as it came: off the seat the function must be
/// possible, and the sizes must fill it.
bool is_message(const TsduFront& front, bool on_seat) noexcept {
  const auto bytes = front.payload;
  const bool more = front.extent.is_incomplete() || front.length > bytes.size();
  const auto pdu = read_pdu(bytes, false);
  if (!pdu) return more;
  const bool answer = pdu->type == Type::ack || pdu->type == Type::answer;
  const auto sizes = (bytes[6] << 8U | bytes[7]) + (bytes[8] << 8U | bytes[9]);
  const auto length = (answer ? kHeaderOfAnswer : kHeader) + static_cast<std::size_t>(sizes);
  if (front.extent.is_message() && (on_seat ? length > front.length : length != front.length))
    return false;
  if (on_seat || pdu->parameter.empty()) return true;
  return pdu->type == Type::userdata ? pdu->parameter[0] == 0
                                     : !find_operation(kOperations, pdu->parameter[0]).name.empty();
}

Extent extent_of_data(const TsduFront& front, bool on_seat) noexcept {
  if (!may_begin(front.payload)) return Extent::foreign();
  if (is_message(front, on_seat)) return front.extent;
  // On its own port one that ends within its header is a faulty device's; the next one decides.
  const bool stump = !front.payload.empty() && front.length < kHeader;
  return on_seat && stump ? front.extent.as_no_proof() : Extent::foreign();
}

/// Connections are opened alike for S7comm-plus, MMS, RDP and others, so only data proves.
Extent extent(ByteCursor stream, const Context& context) noexcept {
  if (is_known(context)) return tpkt_extent(stream);
  const auto front = tsdu_front(stream);
  if (front.extent.is_foreign()) return front.extent;
  switch (front.type) {
    case Cotp::Type::connect_request:
    case Cotp::Type::connect_confirm:
      return front.extent.as_no_proof();
    case Cotp::Type::data:
      return extent_of_data(front, context.on_seat);
    case Cotp::Type::disconnect_request:
    case Cotp::Type::disconnect_confirm:
    case Cotp::Type::other:
    default:
      return front.extent.is_incomplete() ? front.extent : Extent::foreign();
  }
}

/// The controller asks only for the parts of a download.
Sender sender_of_job(std::uint8_t function) noexcept {
  return function == kDownloadBlock || function == kEndDownload ? Sender::server : Sender::client;
}

std::optional<Sender> sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto front = tsdu_front(message);
  if (front.type == Cotp::Type::connect_request) return Sender::client;
  if (front.type == Cotp::Type::connect_confirm) return Sender::server;
  if (front.type != Cotp::Type::data) return std::nullopt;
  const auto pdu = read_pdu(front.payload, false);
  if (!pdu) return std::nullopt;
  if (pdu->type == Type::userdata) {
    const auto head = read_head(pdu->parameter);
    // Either end of a connection between controllers may send a block.
    if (!head || head->group == kBsend || head->kind == Head::Kind::other) return std::nullopt;
    return head->kind == Head::Kind::request ? Sender::client : Sender::server;
  }
  if (pdu->parameter.empty()) return std::nullopt;
  const auto asks = sender_of_job(pdu->parameter[0]);
  return pdu->type == Type::job ? asks : other(asks);
}

/// The called TSAP says where in the rack the connection leads.
void remember_tsap(const Cotp& cotp, FlowState& words) noexcept {
  words[0] &= ~(kHasTsap | std::uint64_t{0xffff} << kTsapShift);
  if (cotp.called.size() != 2) return;
  const auto tsap = static_cast<std::uint64_t>(cotp.called[0]) << 8U | cotp.called[1];
  words[0] |= kHasTsap | tsap << kTsapShift;
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  auto& words = *context.state;
  words[0] |= kKnown;
  while (!message.empty()) {
    auto tpkt = take_tpkt(message);
    const bool whole = message.ok();
    const auto cotp = read_cotp(tpkt);
    if (cotp.type == Cotp::Type::connect_request) remember_tsap(cotp, words);
    const auto tsdu = gather_tsdu(cotp, whole, context.sender, words[0], out);
    if (!tsdu) continue;
    const auto pdu = read_pdu(*tsdu, whole);
    if (pdu)
      Hearing{*pdu, words, out}.tell();
    else if (whole && !tsdu->empty() && tsdu->size() < kHeader && may_begin(*tsdu))
      out.event(Event::malformed, "message that ends within its header");
  }
}

const Registration registration{{
    .name = "s7comm",
    .title = "S7comm",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .alone = 1,
    .extent = extent,
    .sender = sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori::s7comm
