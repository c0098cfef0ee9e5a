#include "sekimori/dissect/onc_rpc.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kLastFragment = 0x80000000;  // RFC 5531, 11
constexpr std::size_t kMark = 4;
constexpr std::uint32_t kLongest = 1U << 24U;
constexpr std::size_t kShortestReply = 16;
constexpr std::size_t kLeastReply = 24;  // of an accepted one
constexpr std::size_t kShortestCall = 40;
constexpr std::uint32_t kCall = 0;
constexpr std::uint32_t kReply = 1;
constexpr std::uint32_t kRpcVersion = 2;
constexpr std::uint32_t kMostAuth = 400;    // 8.2
constexpr std::size_t kMostMachine = 255;   // appendix A
constexpr std::uint32_t kMostVersion = 16;  // no program has come so far

constexpr bool is_flavor(std::uint32_t flavor) noexcept {
  return flavor <= 3 || flavor == 6 || flavor == 7;
}

/// A credential or verifier; fails the cursor where it is none.
Bytes take_auth(ByteCursor& cursor, std::uint32_t& flavor) noexcept {
  flavor = cursor.be32();
  const auto size = cursor.be32();
  if (!is_flavor(flavor) || size > kMostAuth) cursor.skip(cursor.remaining() + 1);
  return cursor.take((std::size_t{size} + 3) / 4 * 4).first(cursor.ok() ? size : 0);
}

void read_credential(OncRpc& call, Bytes body) noexcept {
  ByteCursor cursor{body};
  if (call.flavor == OncRpc::Flavor::sys) {
    cursor.skip(4);  // stamp
    call.machine = take_xdr(cursor, kMostMachine);
  } else if (call.flavor == OncRpc::Flavor::gss) {
    cursor.skip(12);  // RFC 2203, 5: version, procedure, sequence
    const auto service = cursor.be32();
    call.sealed = service > 1;
    call.encrypted = service == 3;
  }
}

void read_call(ByteCursor& cursor, OncRpc& call) noexcept {
  const auto version = cursor.be32();
  call.program = cursor.be32();
  call.version = cursor.be32();
  call.procedure = cursor.be32();
  if (version != kRpcVersion || call.version > kMostVersion) return cursor.skip(SIZE_MAX);
  std::uint32_t flavor = 0;
  const auto credential = take_auth(cursor, flavor);
  call.flavor = static_cast<OncRpc::Flavor>(flavor);
  take_auth(cursor, flavor);
  if (cursor.ok()) read_credential(call, credential);
}

void read_reply(ByteCursor& cursor, OncRpc& reply) noexcept {
  constexpr std::uint32_t kRejected = 100;
  constexpr std::uint32_t kUnauthentic = 200;
  constexpr std::uint32_t kLastAcceptStatus = 5;
  constexpr std::uint32_t kLastAuthStatus = 14;
  reply.kind = OncRpc::Kind::refused;
  const auto denied = cursor.be32();
  if (denied == 0) {
    std::uint32_t flavor = 0;
    take_auth(cursor, flavor);
    reply.reason = cursor.be32();
    if (reply.reason > kLastAcceptStatus) return cursor.skip(SIZE_MAX);
    if (reply.reason == 0) reply.kind = OncRpc::Kind::accepted;
    return;
  }
  const auto status = cursor.be32();
  const auto why = cursor.be32();
  if (denied > 1 || status > 1 || (status == 1 && why > kLastAuthStatus))
    return cursor.skip(SIZE_MAX);
  reply.reason = status == 0 ? kRejected : kUnauthentic + why;
}

std::optional<OncRpc> take_head(ByteCursor& cursor) noexcept {
  OncRpc message;
  message.xid = cursor.be32();
  const auto kind = cursor.be32();
  if (kind == kCall) {
    read_call(cursor, message);
  } else if (kind == kReply) {
    read_reply(cursor, message);
  } else {
    cursor.skip(SIZE_MAX);
  }
  return cursor.ok() ? std::optional{message} : std::nullopt;
}

/// False where what there is of a head already shows that it is none.
bool may_begin(ByteCursor cursor, std::span<const std::uint32_t> programs) noexcept {
  cursor.skip(4);
  const auto kind = cursor.be32();
  if (!cursor.ok()) return true;
  if (kind != kCall) {
    const auto denied = cursor.be32();
    return kind == kReply && (!cursor.ok() || denied <= 1);
  }
  const auto version = cursor.be32();
  const bool has_version = cursor.ok();
  const auto program = cursor.be32();
  if (has_version && version != kRpcVersion) return false;
  return !cursor.ok() || std::ranges::find(programs, program) != programs.end();
}

struct ProgramName {
  std::uint32_t program;
  std::string_view name;
};
constexpr auto kPrograms = std::to_array<ProgramName>({
    {100000, "portmap"},  {100001, "rstat"},        {100002, "rusers"},   {100003, "nfs"},
    {100004, "ypserv"},   {100005, "mount"},        {100007, "ypbind"},   {100008, "wall"},
    {100009, "yppasswd"}, {100011, "rquota"},       {100012, "spray"},    {100017, "rexec"},
    {100021, "nlockmgr"}, {100024, "status"},       {100028, "ypupdate"}, {100068, "cmsd"},
    {100083, "ttdb"},     {100227, "nfs-acl"},      {100232, "sadmind"},  {150001, "pcnfs"},
    {395183, "vxi-11"},   {395184, "vxi-11-abort"},  // VXI-11, appendix B: instruments
});

}  // namespace

Bytes take_xdr(ByteCursor& cursor, std::size_t most) noexcept {
  const std::size_t size = cursor.be32();
  if (size > most) cursor.skip(SIZE_MAX);
  const auto bytes = cursor.take((size + 3) / 4 * 4);
  return cursor.ok() ? bytes.first(size) : Bytes{};
}

Extent onc_rpc_extent(ByteCursor stream, const Context& context,
                      std::span<const std::uint32_t> programs, std::size_t kept) noexcept {
  const bool tcp = context.over == Over::tcp;
  const auto mark = tcp ? stream.be32() : 0;
  if (!stream.ok()) return Extent::incomplete();
  const std::size_t length = tcp ? mark & ~kLastFragment : stream.remaining();
  if (length > kLongest || length < kShortestReply) {
    const bool cut = !tcp && context.on_seat && length > 0 && may_begin(stream, programs);
    return cut ? Extent::incomplete() : Extent::foreign();
  }
  if (!may_begin(stream, programs)) return Extent::foreign();
  const auto available = stream.remaining();
  const bool replies = available >= 8 && stream.rest()[7] == kReply;
  const auto head = take_head(stream);
  if (!head.has_value()) {
    // A head is no longer than two credentials at their longest.
    const std::size_t least = replies ? kLeastReply : kShortestCall;
    const bool missing =
        tcp ? available < std::min<std::size_t>(length, 900) : context.on_seat && available < least;
    return missing ? Extent::incomplete() : Extent::foreign();
  }
  if (head->kind == OncRpc::Kind::call &&
      (length < kShortestCall || std::ranges::find(programs, head->program) == programs.end()))
    return Extent::foreign();
  if (!tcp) return Extent::of(length);
  const auto size = std::min(length, kept);
  return Extent::of(kMark + size).then_skip(length - size);
}

std::optional<OncRpc> take_onc_rpc(ByteCursor& message, const Context& context) noexcept {
  if (context.over == Over::tcp) message.skip(kMark);
  return take_head(message);
}

std::optional<Sender> onc_rpc_sender(ByteCursor message, const Context& context) noexcept {
  const auto head = take_onc_rpc(message, context);
  if (!head.has_value()) return std::nullopt;
  return head->kind == OncRpc::Kind::call ? Sender::client : Sender::server;
}

std::string_view onc_program_name(std::uint32_t program) noexcept {
  const auto* const row = std::ranges::find(kPrograms, program, &ProgramName::program);
  return row != kPrograms.end() ? row->name : std::string_view{};
}

}  // namespace sekimori
