#include "sekimori/bytes/apart.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace sekimori {
namespace {

[[noreturn]] void fail() {
  throw Error("no process of its own to read in", std::generic_category().message(errno));
}

/// The two ends of a pipe.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) fail();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reading();
    close_writing();
  }
  void close_reading() noexcept { close(ends_[0]); }
  void close_writing() noexcept { close(ends_[1]); }

  /// All that comes until the other side ends, or has written more than `most`.
  [[nodiscard]] std::string read_all(std::size_t most) const {
    std::string all;
    std::array<char, 65'536> part{};
    while (all.size() <= most) {
      const auto count = ::read(ends_[0], part.data(), part.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      all.append(part.data(), static_cast<std::size_t>(count));
    }
    return all;
  }

  [[nodiscard]] bool take(std::string_view text) const noexcept {
    return write_all(ends_[1], text);
  }

 private:
  static void close(int& end) noexcept {
    if (end >= 0) ::close(end);
    end = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

void bound(__rlimit_resource what, rlim_t most) noexcept {
  const rlimit limit{most, most};
  static_cast<void>(::setrlimit(what, &limit));
}

/// Bytes of this process that the kernel counts as data; a sanitizer's shadow is among them
/// (proc(5), statm: the sixth number, in pages).
std::size_t data_now() {
  std::istringstream numbers{read_file("/proc/self/statm")};
  std::size_t pages = 0;
  for (int i = 0; i < 6; ++i) numbers >> pages;
  if (!numbers) throw Error("/proc/self/statm", "it has no sixth number");
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// From here on a fault ends the copy, and says nothing where this program's messages stand.
void hold_to(const Allowance& allowance) {
  for (const auto number : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGALRM, SIGXCPU, SIGXFSZ, SIGSEGV,
                            SIGBUS, SIGILL, SIGFPE, SIGABRT})
    static_cast<void>(std::signal(number, SIG_DFL));
  sigset_t none{};
  sigemptyset(&none);
  static_cast<void>(::sigprocmask(SIG_SETMASK, &none, nullptr));
  ::close(STDERR_FILENO);
  bound(RLIMIT_CORE, 0);
  bound(RLIMIT_FSIZE, 0);
  bound(RLIMIT_CPU, allowance.seconds);
  ::alarm(allowance.seconds);
  bound(RLIMIT_DATA, data_now() + allowance.memory);
}

/// The copy's whole life. Nothing of this process is unwound, flushed or deleted by it.
[[noreturn]] void live(const Pipe& pipe, const std::function<std::string()>& work,
                       const Allowance& allowance) noexcept {
  auto done = false;
  try {
    hold_to(allowance);
    done = pipe.take(work());
  } catch (...) {
    done = false;
  }
  ::_exit(done ? 0 : 1);
}

}  // namespace

std::optional<std::string> run_apart(const std::function<std::string()>& work,
                                     const Allowance& allowance) {
  Pipe pipe;
  const auto child = ::fork();
  if (child < 0) fail();
  if (child == 0) live(pipe, work, allowance);
  pipe.close_writing();
  auto result = pipe.read_all(allowance.result);
  pipe.close_reading();  // a copy that goes on writing ends by it
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail();
  if (status != 0 || result.size() > allowance.result) return std::nullopt;
  return result;
}

}  // namespace sekimori
