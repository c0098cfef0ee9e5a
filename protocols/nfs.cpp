// The Network File System and what stands around it (mount, locks, status, quotas, access lists)
// over UDP and TCP: RFC 1094 (version 2), RFC 1813 (version 3 and mount), RFC 7530 (version 4), RFC
// 5531 for the messages, The Open Group's XNFS for the rest. Codes are program, version and
// procedure: `nfs3/6`, `mount1/1`. The reason of a rejection is the program's status, or what the
// messages say: 1000 + accept_stat, 1100 for the version, 1200 + auth_stat.

#include "sekimori/dissect/onc_rpc.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr auto kSeats = std::to_array<Seat>({{Over::udp, 2049}, {Over::tcp, 2049}});

constexpr std::uint32_t kNfs = 100003;
constexpr std::uint32_t kMount = 100005;
constexpr std::uint32_t kAcl = 100227;
constexpr auto kPrograms =
    std::to_array<std::uint32_t>({kNfs, kMount, 100011, 100021, 100024, kAcl});

constexpr std::size_t kKept = 2048;  // of a message that carries a file's content
constexpr std::size_t kMostPath = 1024;
constexpr std::size_t kMostName = 255;
constexpr std::size_t kMostHandle = 64;  // RFC 1813, 2.4
constexpr std::size_t kOldHandle = 32;   // RFC 1094, 2.3.3
constexpr int kMostListed = 64;
constexpr std::uint64_t kKeyed = std::uint64_t{1} << 32U;
constexpr std::uint64_t kSealed = std::uint64_t{1} << 32U;  // in the context of a request

/// The program's place among kPrograms, version, procedure.
constexpr std::uint32_t code_of(std::uint32_t program, std::uint32_t version,
                                std::uint32_t procedure) noexcept {
  const auto* const at = std::find(kPrograms.begin(), kPrograms.end(), program);
  return static_cast<std::uint32_t>(at - kPrograms.begin()) << 16U | (version & 0xffU) << 8U |
         (procedure & 0xffU);
}
constexpr std::uint32_t program_of(std::uint32_t code) noexcept {
  return kPrograms[std::min<std::size_t>(code >> 16U, kPrograms.size() - 1)];
}

constexpr std::uint32_t nfs2(std::uint32_t procedure) noexcept {
  return code_of(kNfs, 2, procedure);
}
constexpr std::uint32_t nfs3(std::uint32_t procedure) noexcept {
  return code_of(kNfs, 3, procedure);
}
constexpr std::uint32_t mount(std::uint32_t version, std::uint32_t procedure) noexcept {
  return code_of(kMount, version, procedure);
}

// What reads or changes a file's content, or the file itself, is `file`; what looks at it, `read`.
constexpr auto kOperations = std::to_array<Operation>({
    {nfs2(0), "null", Access::session},  // RFC 1094, 2.2
    {nfs2(1), "get-attributes", Access::read},
    {nfs2(2), "set-attributes", Access::file},
    {nfs2(4), "lookup", Access::read},
    {nfs2(5), "read-link", Access::read},
    {nfs2(6), "read", Access::file},
    {nfs2(8), "write", Access::file},
    {nfs2(9), "create", Access::file},
    {nfs2(10), "remove", Access::file},
    {nfs2(11), "rename", Access::file},
    {nfs2(12), "link", Access::file},
    {nfs2(13), "symlink", Access::file},
    {nfs2(14), "make-directory", Access::file},
    {nfs2(15), "remove-directory", Access::file},
    {nfs2(16), "read-directory", Access::read},
    {nfs2(17), "stat-filesystem", Access::read},
    {nfs3(0), "null", Access::session},  // RFC 1813, 3
    {nfs3(1), "get-attributes", Access::read},
    {nfs3(2), "set-attributes", Access::file},
    {nfs3(3), "lookup", Access::read},
    {nfs3(4), "access", Access::read},
    {nfs3(5), "read-link", Access::read},
    {nfs3(6), "read", Access::file},
    {nfs3(7), "write", Access::file},
    {nfs3(8), "create", Access::file},
    {nfs3(9), "make-directory", Access::file},
    {nfs3(10), "symlink", Access::file},
    {nfs3(11), "make-node", Access::file},
    {nfs3(12), "remove", Access::file},
    {nfs3(13), "remove-directory", Access::file},
    {nfs3(14), "rename", Access::file},
    {nfs3(15), "link", Access::file},
    {nfs3(16), "read-directory", Access::read},
    {nfs3(17), "read-directory-plus", Access::read},
    {nfs3(18), "stat-filesystem", Access::read},
    {nfs3(19), "filesystem-info", Access::read},
    {nfs3(20), "path-configuration", Access::read},
    {nfs3(21), "commit", Access::file},
    {code_of(kNfs, 4, 0), "null", Access::session},  // RFC 7530, 15
    {code_of(kNfs, 4, 1), "compound", Access::file},
    {mount(1, 0), "null", Access::session},  // RFC 1094, appendix A
    {mount(1, 1), "mount", Access::session},
    {mount(1, 2), "list-mounts", Access::discover},
    {mount(1, 3), "unmount", Access::session},
    {mount(1, 4), "unmount-all", Access::session},
    {mount(1, 5), "list-exports", Access::discover},
    {mount(2, 0), "null", Access::session},
    {mount(2, 1), "mount", Access::session},
    {mount(2, 2), "list-mounts", Access::discover},
    {mount(2, 3), "unmount", Access::session},
    {mount(2, 4), "unmount-all", Access::session},
    {mount(2, 5), "list-exports", Access::discover},
    {mount(3, 0), "null", Access::session},  // RFC 1813, 5.2
    {mount(3, 1), "mount", Access::session},
    {mount(3, 2), "list-mounts", Access::discover},
    {mount(3, 3), "unmount", Access::session},
    {mount(3, 4), "unmount-all", Access::session},
    {mount(3, 5), "list-exports", Access::discover},
});

/// Procedures that come into being under a name, behind a directory's handle.
constexpr bool creates(std::uint32_t code) noexcept {
  return code == nfs2(9) || code == nfs3(8);
}

/// Those of mount whose argument is a path.
constexpr bool has_path(std::uint32_t code) noexcept {
  const auto procedure = code & 0xffU;
  return program_of(code) == kMount && (procedure == 1 || procedure == 3);
}

/// Those whose results begin with a status, 0 for success.
constexpr bool has_status(std::uint32_t code) noexcept {
  const auto program = program_of(code);
  const auto procedure = code & 0xffU;
  if (program == kNfs || program == kAcl)
    return procedure != 0 && code != nfs2(3) && code != nfs2(7);
  return program == kMount && procedure == 1;
}

// Bits of the flow's first word.
constexpr std::uint64_t kVersionSaid = 1;  // and the versions' bits above it
constexpr std::uint64_t kTrustSaid = 1U << 16U;
constexpr std::uint64_t kEncryptionSaid = 1U << 17U;

constexpr std::uint64_t kSealedFlow = 1U << 18U;

/// Calls whose results begin with no status: six of them, two to a word.
class Bare {
 public:
  explicit Bare(FlowState& words) noexcept : words_(words) {}

  void add(std::uint32_t xid) noexcept {
    words_[3] = words_[3] << 32U | words_[2] >> 32U;
    words_[2] = words_[2] << 32U | words_[1] >> 32U;
    words_[1] = words_[1] << 32U | xid;
  }
  [[nodiscard]] bool has(std::uint32_t xid) const noexcept {
    return std::any_of(words_.begin() + 1, words_.end(), [&](std::uint64_t two) {
      return static_cast<std::uint32_t>(two) == xid ||
             static_cast<std::uint32_t>(two >> 32U) == xid;
    });
  }

 private:
  FlowState& words_;
};

bool first(FlowState& words, std::uint64_t bit) noexcept {
  const bool is_first = (words[0] & bit) == 0;
  words[0] |= bit;
  return is_first;
}

void say_export(Bytes path, Observer& out) {
  if (path.empty()) return;
  out.property({}, Property::capability,
               SmallText{"nfs-export "}.add(view_of(path).substr(0, 200)).bytes(),
               Confidence::stated);
}

void call(const OncRpc& head, ByteCursor& message, FlowState& words, Observer& out) {
  const auto code = code_of(head.program, head.version, head.procedure);
  const auto key = kKeyed | head.xid;
  const auto context = code | (head.sealed ? kSealed : 0);
  if (head.sealed) words[0] |= kSealedFlow;
  if (!has_status(code)) Bare{words}.add(head.xid);
  if (has_path(code) && !head.sealed) {
    const auto path = take_xdr(message, kMostPath);
    if (!message.ok()) return;
    out.request(code, {.name = path}, key, context);
  } else {
    out.request(code, {}, key, context);
  }
  if (head.program == kNfs && first(words, kVersionSaid << (head.version & 7U)))
    out.event(Event::version, SmallText{"NFS v"}.decimal(head.version).view());
  if (!head.machine.empty()) out.property({}, Property::name, head.machine, Confidence::stated);
  // The server takes the caller's word for who it is (RFC 5531, 14).
  const bool trusted = head.flavor == OncRpc::Flavor::sys && head.program == kNfs;
  if (trusted && head.procedure != 0 && first(words, kTrustSaid))
    out.event(Event::anonymous_login, "NFS AUTH_SYS");
  if (head.encrypted && first(words, kEncryptionSaid))
    out.event(Event::encrypted, "NFS with RPCSEC_GSS privacy");
  if (!creates(code) || head.sealed) return;
  if (code == nfs2(9)) {
    message.skip(kOldHandle);
  } else {
    take_xdr(message, kMostHandle);
  }
  const auto name = take_xdr(message, kMostName);
  if (message.ok() && !name.empty())
    out.event(Event::transfer, SmallText{"create "}.add(view_of(name)).view());
}

/// RFC 1813, 5.2.5: each export behind a 1, and behind its path the groups that may mount it.
void exports(ByteCursor& message, Observer& out) {
  for (int i = 0; i < kMostListed && message.be32() == 1; ++i) {
    const auto path = take_xdr(message, kMostPath);
    int groups = 0;
    while (groups < kMostListed && message.be32() == 1) {
      take_xdr(message, kMostName);
      ++groups;
    }
    if (!message.ok() || groups == kMostListed) return;
    SmallText text{view_of(path).substr(0, 200)};
    if (groups == 0) text.add(" to everyone");
    say_export(text.bytes(), out);
  }
}

void reply(const OncRpc& head, ByteCursor& message, FlowState& words, Observer& out) {
  constexpr std::uint32_t kOfMessages = 1000;
  const auto key = kKeyed | head.xid;
  if (head.kind == OncRpc::Kind::refused) {
    out.reply(key, Outcome::rejected, kOfMessages + head.reason);
    return;
  }
  const bool bare = Bare{words}.has(head.xid) || (words[0] & kSealedFlow) != 0;
  auto results = message;
  const auto status = bare ? 0 : results.be32();
  if (!results.ok()) {
    message.skip(SIZE_MAX);
    return;
  }
  const auto context = out.reply(key, status == 0 ? Outcome::executed : Outcome::rejected, status);
  if (!context.has_value() || status != 0 || (*context & kSealed) != 0) return;
  const auto code = static_cast<std::uint32_t>(*context);
  if (program_of(code) == kMount && (code & 0xffU) == 5) exports(message, out);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto head = take_onc_rpc(message, context);
  if (!head.has_value()) return;
  if (head->kind == OncRpc::Kind::call) {
    call(*head, message, *context.state, out);
  } else {
    reply(*head, message, *context.state, out);
  }
  message.skip(message.remaining());
}

Extent extent(ByteCursor stream, const Context& context) noexcept {
  return onc_rpc_extent(stream, context, kPrograms, kKept);
}

SmallText notate(std::uint32_t code) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"nfs", "mount", "rquota", "nlm", "nsm", "acl"});
  SmallText text{kNames[std::min<std::size_t>(code >> 16U, kNames.size() - 1)]};
  return text.decimal((code >> 8U) & 0xffU).add('/').decimal(code & 0xffU);
}

const Registration registration{{
    .name = "nfs",
    .title = "NFS",
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
