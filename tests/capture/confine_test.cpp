// Each forbidden call is made in a child that has confined itself as the program does.

#include "sekimori/capture/confine.h"

#include "sekimori/capture/live_capture.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <optional>
#include <sched.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sekimori::test {
namespace {

constexpr int kRefused = 40;  // the call failed, and the child lived on
constexpr int kAllowed = 41;
constexpr int kUnconfined = 42;

/// How a child ends that confines itself and then makes a call: the signal that killed it
/// (negative), kRefused or kAllowed.
int fate(const Confinement& confinement, const std::function<bool()>& call) {
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      static_cast<void>(confine(confinement));
    } catch (...) {
      ::_exit(kUnconfined);
    }
    ::_exit(call() ? kAllowed : kRefused);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

Confinement capturing() {
  Confinement live;
  live.capturing = true;
  return live;
}

/// A connected pair made before, so that only the sending is in question; the first end is where
/// capture sockets are.
struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()) == 0);
    socket = ::fcntl(ends[0], F_DUPFD, LiveCapture::kFirstSocket);
    low = ends[0];
    other = ends[1];
    REQUIRE(socket >= LiveCapture::kFirstSocket);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    for (const auto file : {socket, low, other}) ::close(file);
  }
  int socket = -1, low = -1, other = -1;
};

struct Call {
  const char* name;
  std::function<bool()> make;
};

template <class Result>
bool is_done(Result result) {
  return result >= 0;
}

std::vector<Call> fatal_calls(const Pair& pair) {
  static const sockaddr_in nowhere{AF_INET, htons(9), {htonl(INADDR_LOOPBACK)}, {}};
  static const auto* const address = reinterpret_cast<const sockaddr*>(&nowhere);
  static const char* const none[] = {"/bin/true", nullptr};
  const int s = pair.low;
  const int o = pair.other;
  return {
      {"socket inet", [] { return is_done(::socket(AF_INET, SOCK_STREAM, 0)); }},
      {"socket packet", [] { return is_done(::socket(AF_PACKET, SOCK_RAW, 0)); }},
      {"socket unix", [] { return is_done(::socket(AF_UNIX, SOCK_DGRAM, 0)); }},
      {"socketpair",
       [] {
         std::array<int, 2> ends{};
         return is_done(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()));
       }},
      {"connect", [s] { return is_done(::connect(s, address, sizeof nowhere)); }},
      {"bind", [s] { return is_done(::bind(s, address, sizeof nowhere)); }},
      {"listen", [s] { return is_done(::listen(s, 1)); }},
      {"accept", [s] { return is_done(::accept(s, nullptr, nullptr)); }},
      {"accept4", [s] { return is_done(::accept4(s, nullptr, nullptr, 0)); }},
      {"send", [s] { return is_done(::send(s, "x", 1, 0)); }},
      {"sendto", [s] { return is_done(::sendto(s, "x", 1, 0, address, sizeof nowhere)); }},
      {"sendmsg",
       [s] {
         const msghdr message{};
         return is_done(::sendmsg(s, &message, 0));
       }},
      {"sendmmsg",
       [s] {
         mmsghdr message{};
         return is_done(::sendmmsg(s, &message, 1, 0));
       }},
      {"sendfile", [s, o] { return is_done(::sendfile(s, o, nullptr, 1)); }},
      {"splice", [s, o] { return is_done(::splice(o, nullptr, s, nullptr, 1, 0)); }},
      {"execve",
       [] { return is_done(::execve(none[0], const_cast<char* const*>(none), nullptr)); }},
      {"execveat",
       [] { return is_done(::syscall(SYS_execveat, AT_FDCWD, none[0], none, nullptr, 0)); }},
      {"io_uring_setup", [] { return is_done(::syscall(SYS_io_uring_setup, 1, nullptr)); }},
      {"dup", [s] { return is_done(::dup(s)); }},
      {"dup2", [s] { return is_done(::dup2(s, 5)); }},
      {"unshare", [] { return is_done(::unshare(CLONE_NEWNS)); }},
      {"a ring for sending",
       [s] {
         const tpacket_req ring{};
         return is_done(::setsockopt(s, SOL_PACKET, PACKET_TX_RING, &ring, sizeof ring));
       }},
  };
}

TEST_CASE("Confine: what talks or runs something else ends the process", "[confine]") {
  const Pair pair;
  const bool live = GENERATE(false, true);
  CAPTURE(live);
  for (const auto& call : fatal_calls(pair)) {
    CAPTURE(call.name);
    CHECK(fate(live ? capturing() : Confinement{}, call.make) == -SIGSYS);
  }
}

TEST_CASE("Confine: nothing is written to a capture socket, and other files are", "[confine]") {
  const Pair pair;
  const auto s = pair.socket;
  const std::vector<Call> writes{
      {"write", [s] { return ::write(s, "x", 1) == 1; }},
      {"writev",
       [s] {
         char letter = 'x';
         const iovec part{&letter, 1};
         return ::writev(s, &part, 1) == 1;
       }},
      {"pwrite", [s] { return ::pwrite(s, "x", 1, 0) == 1; }},
      {"write with upper bits set",
       [s] {
         const auto number = (std::uint64_t{1} << 32U) + static_cast<std::uint64_t>(s);
         return ::syscall(SYS_write, number, "x", 1) == 1;
       }},
      {"write to low number with upper bits set",
       [&pair] {
         const auto number = (std::uint64_t{1} << 32U) + static_cast<std::uint64_t>(pair.low);
         return ::syscall(SYS_write, number, "x", 1) == 1;
       }},
  };
  for (const auto& call : writes) {
    CAPTURE(call.name);
    CHECK(fate(capturing(), call.make) == -SIGSYS);
  }
  // A number below is no capture socket, and a local one that was connected before may be told.
  CHECK(fate(capturing(), [&pair] { return ::write(pair.low, "x", 1) == 1; }) == kAllowed);
}

TEST_CASE("Confine: what could lead there fails", "[confine]") {
  const Pair pair;
  const auto s = pair.socket;
  const std::vector<Call> calls{
      {"fcntl F_DUPFD", [s] { return is_done(::fcntl(s, F_DUPFD, 0)); }},
      {"fcntl F_DUPFD_CLOEXEC", [s] { return is_done(::fcntl(s, F_DUPFD_CLOEXEC, 0)); }},
      {"ioctl TIOCSTI",
       [] {
         const char letter = 'x';
         return is_done(::ioctl(0, TIOCSTI, &letter));
       }},
      {"clone3", [] { return is_done(::syscall(SYS_clone3, nullptr, 0)); }},
      {"clone with a namespace",
       [] { return is_done(::syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, nullptr)); }},
      {"pidfd_open", [] { return is_done(::syscall(SYS_pidfd_open, ::getppid(), 0)); }},
  };
  for (const auto& call : calls) {
    CAPTURE(call.name);
    CHECK(fate(capturing(), call.make) == kRefused);
  }
  // Standard input needs the second where there is no capture socket to hide.
  CHECK(fate({}, calls[0].make) == kRefused);
  CHECK(fate({}, calls[1].make) == kAllowed);
}

TEST_CASE("Confine: the program's own work goes on", "[confine]") {
  const Folder folder;
  const auto path = folder / "file";
  const auto work = [&] {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
    if (file < 0 || ::write(file, "word", 4) != 4 || ::fsync(file) != 0) return false;
    ::close(file);
    const auto child = ::fork();
    if (child == 0) ::_exit(7);
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7 &&
           ::unlink(path.c_str()) == 0;
  };
  CHECK(fate({}, work) == kAllowed);
  CHECK(fate(capturing(), work) == kAllowed);
}

TEST_CASE("Confine: with Landlock, files that are not named are out of reach", "[confine]") {
  const Folder folder;
  std::array<char, 512> told{};
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const auto child = ::fork();
  if (child == 0) {
    const auto text = confine({});
    ::_exit(::write(pipe[1], text.data(), text.size()) > 0 ? 0 : 1);
  }
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  ::close(pipe[1]);
  REQUIRE(::read(pipe[0], told.data(), told.size() - 1) > 0);
  ::close(pipe[0]);
  const std::string text{told.data()};
  CAPTURE(text);
  CHECK(text.find("seccomp: no socket") == 0);
  if (text.find("Landlock: version") == std::string::npos) {
    WARN("this kernel has no Landlock: " << text);
    return;
  }

  Confinement named = capturing();
  named.writable = {folder / "mine"};
  ::mkdir((folder / "mine").c_str(), 0700);
  const auto make = [](const std::filesystem::path& path) {
    return is_done(::open(path.c_str(), O_WRONLY | O_CREAT, 0600));
  };
  CHECK(fate(named, [&] { return make(folder / "mine" / "file"); }) == kAllowed);
  CHECK(fate(named, [&] { return make(folder / "other"); }) == kRefused);
  CHECK(fate(named, [] { return is_done(::open("/etc/passwd", O_RDONLY)); }) == kRefused);
  CHECK(fate({}, [&] { return make(folder / "other"); }) == kAllowed);
  if (text.find("version 1,") == std::string::npos)
    CHECK(fate({}, [&] {
            return is_done(::rename((folder / "other").c_str(), (folder / "mine/moved").c_str()));
          }) == kAllowed);
  CHECK(fate({}, [&] { return is_done(::mknod((folder / "fifo").c_str(), S_IFIFO | 0600, 0)); }) ==
        kRefused);
}

}  // namespace
}  // namespace sekimori::test
