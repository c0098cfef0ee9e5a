#include "sekimori/capture/confine.h"

#include "sekimori/bytes/error.h"
#include "sekimori/capture/live_capture.h"

#include "landlock.h"

#include <array>
#include <cap-ng.h>
#include <cerrno>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <memory>
#include <net/if.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <system_error>
#include <type_traits>
#include <unistd.h>

namespace sekimori {
namespace {

/// What the program lives by: memory, threads, time, signals, files. Names that this machine's
/// architecture does not have are passed over.
constexpr auto kAllowed = std::to_array<const char*>({
    "brk",
    "mmap",
    "munmap",
    "mremap",
    "mprotect",
    "madvise",
    "mincore",
    "msync",
    "mlock",
    "munlock",
    "exit",
    "exit_group",
    "futex",
    "futex_waitv",
    "set_robust_list",
    "get_robust_list",
    "rseq",
    "set_tid_address",
    "gettid",
    "getpid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getpgrp",
    "sched_yield",
    "sched_getaffinity",
    "sched_setaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "getcpu",
    "getpriority",
    "setpriority",
    "wait4",
    "waitid",
    "membarrier",
    "fork",
    "vfork",
    "arch_prctl",
    "restart_syscall",
    "clock_gettime",
    "clock_getres",
    "clock_nanosleep",
    "nanosleep",
    "gettimeofday",
    "time",
    "timer_create",
    "timer_settime",
    "timer_delete",
    "setitimer",
    "getitimer",
    "alarm",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigpending",
    "rt_sigtimedwait",
    "rt_sigsuspend",
    "sigaltstack",
    "pause",
    "read",
    "readv",
    "pread64",
    "preadv",
    "lseek",
    "_llseek",
    "open",
    "openat",
    "close",
    "close_range",
    "fstat",
    "stat",
    "lstat",
    "newfstatat",
    "fstatat64",
    "statx",
    "statfs",
    "fstatfs",
    "access",
    "faccessat",
    "faccessat2",
    "getdents",
    "getdents64",
    "readlink",
    "readlinkat",
    "getcwd",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "ftruncate",
    "truncate",
    "fallocate",
    "fadvise64",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "rmdir",
    "umask",
    "chmod",
    "fchmod",
    "fchmodat",
    "utimensat",
    "flock",
    "pipe",
    "pipe2",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "eventfd2",
    "memfd_create",  // FreeXL reads a workbook by name alone, so it gets one of memory
    "getrandom",
    "getrlimit",
    "prlimit64",
    "getrusage",
    "times",
    "sysinfo",
    "uname",
});

/// Calls that write: allowed, but not to a capture socket, where they would transmit.
constexpr auto kWriting = std::to_array<const char*>({"write", "writev", "pwrite64", "pwritev"});

/// Calls that an honest run never makes. Nothing that talks or runs something else can be lived on
/// after, so they end the process instead of failing.
constexpr auto kFatal = std::to_array<const char*>({
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "send",
    "socketcall",
    "shutdown",
    "execve",
    "execveat",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "io_submit",
    "sendfile",
    "sendfile64",
    "splice",
    "tee",
    "vmsplice",
    "dup",
    "dup2",
    "dup3",
    "pidfd_getfd",
    "process_vm_writev",
    "setns",
    "unshare",
    "mount",
    "bpf",
    "kexec_load",
    "init_module",
    "finit_module",
});

/// Only the sanitizers' own work needs these: at its end the leak checker traces the program.
#if defined(__SANITIZE_ADDRESS__)
constexpr auto kSanitizer = std::to_array<const char*>(
    {"ptrace", "prctl", "process_vm_readv", "tgkill", "kill", "personality"});
#else
constexpr std::array<const char*, 0> kSanitizer{};
#endif

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS))) {
    if (!context_) throw Error("seccomp", "no memory");
    // Calls in another architecture's numbers are not looked at, so they are not made.
    check(seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    // A search among the calls by halves instead of one after the other.
    check(seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
  }

  template <class... Conditions>
  void rule(std::uint32_t action, const char* name, Conditions... conditions) {
    const auto number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;
    const std::array<scmp_arg_cmp, sizeof...(conditions)> list{conditions...};
    check(seccomp_rule_add_array(context_.get(), action, number, list.size(), list.data()));
  }

  void load() { check(seccomp_load(context_.get())); }

 private:
  struct Free {
    void operator()(void* context) const noexcept { seccomp_release(context); }
  };

  static void check(int result) {
    if (result < 0)
      throw Error("seccomp",
                  "the system call filter is refused: " + std::generic_category().message(-result));
  }

  std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, Free> context_;
};

/// `argument == value` in its lower 32 bits, which are all that the kernel looks at.
scmp_arg_cmp is_32(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, 0xffffffffU, value};
}

void add_rules(Filter& filter, bool capturing) {
  for (const auto* name : kAllowed) filter.rule(SCMP_ACT_ALLOW, name);
  for (const auto* name : kSanitizer) filter.rule(SCMP_ACT_ALLOW, name);
  for (const auto* name : kFatal) filter.rule(SCMP_ACT_KILL_PROCESS, name);

  // A thread or a copy of this process, in no namespace of its own. clone3 hides its flags from
  // a filter; where the kernel seems not to have it, the C library takes clone.
  constexpr std::uint64_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                        CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  filter.rule(SCMP_ACT_ALLOW, "clone", scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, kNamespaces, 0});

  // Locks and flags; not F_DUPFD, which gives a socket another number.
  for (const auto command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW,
                             F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW})
    for (const auto* name : {"fcntl", "fcntl64"})
      filter.rule(SCMP_ACT_ALLOW, name, is_32(1, static_cast<std::uint64_t>(command)));
  // Standard input is read through a number of its own.
  if (!capturing) filter.rule(SCMP_ACT_ALLOW, "fcntl", is_32(1, F_DUPFD_CLOEXEC));
  // Questions about a terminal and an interface; TIOCSTI, which types into a terminal, is another.
  for (const auto request : {TCGETS, TIOCGWINSZ, FIONREAD, SIOCGIFFLAGS})
    filter.rule(SCMP_ACT_ALLOW, "ioctl", is_32(1, static_cast<std::uint64_t>(request)));

  // The comparison takes the whole register, so a number with upper bits set is not below either.
  constexpr auto kFirstSocket = static_cast<std::uint64_t>(LiveCapture::kFirstSocket);
  for (const auto* name : kWriting) {
    if (!capturing) {
      filter.rule(SCMP_ACT_ALLOW, name);
      continue;
    }
    filter.rule(SCMP_ACT_ALLOW, name, scmp_arg_cmp{0, SCMP_CMP_LT, kFirstSocket, 0});
    filter.rule(SCMP_ACT_KILL_PROCESS, name, scmp_arg_cmp{0, SCMP_CMP_GE, kFirstSocket, 0});
  }
  if (!capturing) {
    filter.rule(SCMP_ACT_KILL_PROCESS, "setsockopt");
    return;
  }
  // libpcap gives its ring of received frames back as it closes; one for sending is another option.
  filter.rule(SCMP_ACT_ALLOW, "setsockopt", is_32(1, SOL_PACKET), is_32(2, PACKET_RX_RING));
  filter.rule(SCMP_ACT_KILL_PROCESS, "setsockopt", is_32(1, SOL_PACKET), is_32(2, PACKET_TX_RING));
  for (const auto* name : {"getsockopt", "getsockname"}) filter.rule(SCMP_ACT_ALLOW, name);
}

}  // namespace

std::string confine(const Confinement& confinement) {
  // Built before Landlock may hide what libseccomp wants to read.
  Filter filter;
  add_rules(filter, confinement.capturing);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    throw Error("confine", std::generic_category().message(errno));
  auto readable = confinement.readable;
  if (!kSanitizer.empty() && !(readable.empty() && confinement.writable.empty()))
    readable.emplace_back("/proc");  // where the leak checker finds the threads
  const auto landlock = detail::landlock(readable, confinement.writable);
  filter.load();
  return "seccomp: no socket, connect, bind, send or exec; " + landlock;
}

void drop_privileges(const std::string& user) {
  capng_clear(CAPNG_SELECT_ALL);
  if (!user.empty()) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is a second thread.
    const auto* const entry = ::getpwnam(user.c_str());
    if (entry == nullptr) throw Error("--user", "no such user: \"" + user + '"');
    const auto flags = CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING;
    if (capng_change_id(static_cast<int>(entry->pw_uid), static_cast<int>(entry->pw_gid),
                        static_cast<capng_flags_t>(flags)) != 0)
      throw Error("--user",
                  "cannot become \"" + user + "\": " + std::generic_category().message(errno));
    return;
  }
  // The bounding set can be cleared by CAP_SETPCAP alone. Without it, no_new_privs does as much:
  // nothing that is run can give what it bounds.
  if (::geteuid() == 0) static_cast<void>(capng_apply(CAPNG_SELECT_BOUNDS));
  if (capng_apply(CAPNG_SELECT_CAPS) != 0 ||
      capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
    throw Error("live", "the capabilities cannot be given up");
}

}  // namespace sekimori
