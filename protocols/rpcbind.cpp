// The port mapper of ONC RPC over UDP and TCP: RFC 1833 (versions 2 to 4), RFC 5531 for the
// messages. It tells at which ports programs are. Codes are version and procedure: `2/3`. The
// reason of a rejection is accept_stat, 100 for the version, 200 + auth_stat.

#include "sekimori/dissect/onc_rpc.h"
#include "sekimori/dissect/text_line.h"

#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 111}, {Over::tcp, 111}});
constexpr auto kProgram = std::to_array<std::uint32_t>({100000});
constexpr std::size_t kKept = 8192;  // a list of more programs is heard in part

constexpr std::uint32_t code_of(std::uint32_t version, std::uint32_t procedure) noexcept {
  return version << 8U | (procedure & 0xffU);
}
constexpr std::uint32_t kGetPort = code_of(2, 3);
constexpr std::uint32_t kDump = code_of(2, 4);
constexpr std::uint32_t kGetAddress3 = code_of(3, 3);
constexpr std::uint32_t kDump3 = code_of(3, 4);
constexpr std::uint32_t kGetAddress4 = code_of(4, 3);
constexpr std::uint32_t kDump4 = code_of(4, 4);

// RFC 1833, 2.2.1 and 3.1.
constexpr auto kOperations = std::to_array<Operation>({
    {code_of(2, 0), "null", Access::session},
    {code_of(2, 1), "set", Access::configure},
    {code_of(2, 2), "unset", Access::configure},
    {kGetPort, "get-port", Access::discover},
    {kDump, "dump", Access::discover},
    {code_of(2, 5), "call", Access::unknown},
    {code_of(3, 0), "null", Access::session},
    {code_of(3, 1), "set", Access::configure},
    {code_of(3, 2), "unset", Access::configure},
    {kGetAddress3, "get-address", Access::discover},
    {kDump3, "dump", Access::discover},
    {code_of(3, 5), "call", Access::unknown},
    {code_of(3, 6), "get-time", Access::read},
    {code_of(4, 0), "null", Access::session},
    {code_of(4, 1), "set", Access::configure},
    {code_of(4, 2), "unset", Access::configure},
    {kGetAddress4, "get-address", Access::discover},
    {kDump4, "dump", Access::discover},
    {code_of(4, 5), "call", Access::unknown},
    {code_of(4, 6), "get-time", Access::read},
    {code_of(4, 9), "get-version-address", Access::discover},
    {code_of(4, 10), "indirect", Access::unknown},
    {code_of(4, 11), "get-address-list", Access::discover},
    {code_of(4, 12), "get-statistics", Access::diagnose},
});

constexpr std::uint32_t kUdp = 17;
constexpr std::uint32_t kTcp = 6;
constexpr std::size_t kMostText = 256;
constexpr int kMostListed = 64;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;

// Context of an open request: the program asked for, its version above it, the code above that.
constexpr std::uint64_t context_of(std::uint32_t program, std::uint32_t version,
                                   std::uint32_t code) noexcept {
  return program | std::uint64_t{version & 0xffffU} << 32U | std::uint64_t{code} << 48U;
}

SmallText program_text(std::uint32_t program) noexcept {
  const auto name = onc_program_name(program);
  return name.empty() ? SmallText{}.decimal(program) : SmallText{name};
}

/// `rpc nfs v3 tcp/2049`
void say_program(std::uint32_t program, std::uint64_t version, std::string_view transport,
                 std::uint64_t port, Observer& out) {
  constexpr std::uint64_t kLastPort = 65535;
  if (port == 0 || port > kLastPort || transport.empty()) return;
  SmallText text{"rpc "};
  text.add(program_text(program).view()).add(" v").decimal(version & 0xffffU).add(' ');
  text.add(transport).add('/').decimal(port);
  out.property({}, Property::capability, text.bytes(), Confidence::stated);
}

constexpr std::string_view transport_text(std::uint32_t protocol) noexcept {
  return protocol == kTcp ? "tcp" : protocol == kUdp ? "udp" : "";
}

/// The port in `192.0.2.1.8.1` (RFC 5665, 5.2.3.3); 0 where there is none.
std::uint64_t port_of(std::string_view address) noexcept {
  const auto last = address.rfind('.');
  if (last == std::string_view::npos || last == 0) return 0;
  const auto before = address.rfind('.', last - 1);
  if (before == std::string_view::npos) return 0;
  const auto high = decimal_of(address.substr(before + 1, last - before - 1));
  const auto low = decimal_of(address.substr(last + 1));
  return high && low && *high < 256 && *low < 256 ? *high << 8U | *low : 0;
}

/// `udp6` and the like (RFC 5665, 5.1) are told as their transport.
std::string_view transport_of(std::string_view network) noexcept {
  if (network.starts_with("tcp")) return "tcp";
  return network.starts_with("udp") ? "udp" : "";
}

void call(const OncRpc& head, ByteCursor& message, Observer& out) {
  const auto code = code_of(head.version, head.procedure);
  const auto key = kKeyed | head.xid;
  if (head.sealed || code == kDump || code == kDump3 || code == kDump4 || head.procedure == 0 ||
      head.procedure == 12 || (head.version > 2 && head.procedure == 6)) {
    out.request(code, {}, key, context_of(0, 0, code));
  } else {
    const auto program = message.be32();
    const auto version = message.be32();
    if (!message.ok()) return;
    out.request(code, {.name = program_text(program).bytes()}, key,
                context_of(program, version, code));
  }
  if (!head.machine.empty()) out.property({}, Property::name, head.machine, Confidence::stated);
}

// RFC 1833, 3.1: every entry behind a 1, the end a 0.
void dump(ByteCursor& message, Observer& out) {
  for (int i = 0; i < kMostListed && message.be32() == 1; ++i) {
    const auto program = message.be32();
    const auto version = message.be32();
    const auto protocol = message.be32();
    const auto port = message.be32();
    if (message.ok()) say_program(program, version, transport_text(protocol), port, out);
  }
}

void dump_addresses(ByteCursor& message, Observer& out) {  // RFC 1833, 2.1
  for (int i = 0; i < kMostListed && message.be32() == 1; ++i) {
    const auto program = message.be32();
    const auto version = message.be32();
    const auto network = take_xdr(message, kMostText);
    const auto address = take_xdr(message, kMostText);
    take_xdr(message, kMostText);  // owner
    if (message.ok())
      say_program(program, version, transport_of(view_of(network)), port_of(view_of(address)), out);
  }
}

void results(std::uint64_t context, ByteCursor& message, Observer& out) {
  const auto code = static_cast<std::uint32_t>(context >> 48U);
  const auto program = static_cast<std::uint32_t>(context);
  const auto version = (context >> 32U) & 0xffffU;
  if (code == kDump) return dump(message, out);
  if (code == kDump3 || code == kDump4) return dump_addresses(message, out);
  if (code == kGetPort) {
    const auto port = message.be32();
    // Which transport was asked for, the answer does not say.
    if (message.ok()) say_program(program, version, "port", port, out);
  } else if (code == kGetAddress3 || code == kGetAddress4) {
    const auto address = take_xdr(message, kMostText);
    if (message.ok()) say_program(program, version, "port", port_of(view_of(address)), out);
  }
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto head = take_onc_rpc(message, context);
  if (!head.has_value()) return;
  if (head->kind == OncRpc::Kind::call) {
    call(*head, message, out);
  } else {
    const bool accepted = head->kind == OncRpc::Kind::accepted;
    const auto asked = out.reply(kKeyed | head->xid,
                                 accepted ? Outcome::executed : Outcome::rejected, head->reason);
    if (accepted && asked.has_value()) results(*asked, message, out);
  }
  message.skip(message.remaining());
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  return onc_rpc_extent(stream, context, kProgram, kKept);
}

SmallText notate(std::uint32_t code) {
  return SmallText{}.decimal(code >> 8U).add('/').decimal(code & 0xffU);
}

const Registration registration{{
    .name = "rpcbind",
    .title = "ONC RPC port mapper",
    .seats = kSeats,
    .operations = kOperations,
    .over_tcp = true,
    .over_udp = true,
    .extent = extent,
    .sender = onc_rpc_sender,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
