// Landlock has no wrapper in Debian 12's libc, and its header there is older than many kernels: the
// calls are made by number, and newer rights are named here (linux/landlock.h of Linux 6.12).

#include "landlock.h"

#include "descriptor.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace sekimori::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRefer = std::uint64_t{1} << 13U;     // ABI 2
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14U;  // ABI 3
constexpr std::uint64_t kBindTcp = 1;                         // ABI 4
constexpr std::uint64_t kConnectTcp = 2;
constexpr std::uint64_t kScopeAbstractSocket = 1;  // ABI 6
constexpr std::uint64_t kScopeSignal = 2;

constexpr std::uint64_t kNever = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM;
constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                 LANDLOCK_ACCESS_FS_MAKE_REG;

/// The kernel takes as much of it as its version knows.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scopes = 0;
};

long create(const Ruleset* rules, std::size_t size, unsigned flags) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  return ::syscall(SYS_landlock_create_ruleset, rules, size, flags);
}

void allow(const Descriptor& rules, const fs::path& path, std::uint64_t rights) {
  const auto file = open_file(path, O_PATH);
  if (!file.is_open()) return;  // what is not there needs no right
  landlock_path_beneath_attr beneath{};
  beneath.allowed_access = rights;
  beneath.parent_fd = file.number();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  ::syscall(SYS_landlock_add_rule, rules.number(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
}

std::string not_there(const char* what) {
  return std::string{"Landlock: "} + what + " (" + std::generic_category().message(errno) + ')';
}

}  // namespace

std::string landlock(const std::vector<fs::path>& readable, const std::vector<fs::path>& writable) {
  const auto version = create(nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version <= 0) return not_there("not in this kernel");

  const bool named = !readable.empty() || !writable.empty();
  const auto write = kWrite | (version >= 2 ? kRefer : 0U) | (version >= 3 ? kTruncate : 0U);
  Ruleset wanted;
  // No name may pass from one folder to another unless this right is asked for and given.
  wanted.files = kNever | (named ? kRead | write : write & kRefer);
  if (version >= 4) wanted.network = kBindTcp | kConnectTcp;
  if (version >= 6) wanted.scopes = kScopeAbstractSocket | kScopeSignal;
  auto size = sizeof wanted.files;
  if (version >= 4) size += sizeof wanted.network;
  if (version >= 6) size += sizeof wanted.scopes;
  const Descriptor rules{static_cast<int>(create(&wanted, size, 0))};
  if (!rules.is_open()) return not_there("refused");
  if (!named && version >= 2) allow(rules, "/", kRefer);
  for (const auto& path : readable) allow(rules, path, kRead);
  for (const auto& path : writable) allow(rules, path, kRead | write);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  if (::syscall(SYS_landlock_restrict_self, rules.number(), 0) != 0) return not_there("refused");
  std::string text = "Landlock: version " + std::to_string(version) + ", no execution, no devices";
  if (version >= 4) text += ", no TCP";
  if (named) text += ", files by name";
  return text;
}

}  // namespace sekimori::detail
