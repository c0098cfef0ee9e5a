#include "look.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace sekimori::cli {
namespace {

constexpr int kYielding = 10;  // nice(2): the copy takes what the original leaves

void write_line(int pipe, std::string_view line) {
  // Where the original is gone, the model file is still worth its end.
  (void)write_all(pipe, std::string{line} + '\n');
}

[[noreturn]] void do_work(int pipe, const std::function<void(const Look::Tell&)>& work) {
  // A terminal's interrupt goes to both; the original waits for the copy, and then ends.
  for (const auto signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) (void)std::signal(signal, SIG_IGN);
  ::setpriority(PRIO_PROCESS, 0, kYielding);
  const Look::Tell tell = [pipe](std::string_view line) { write_line(pipe, line); };
  int code = 0;
  try {
    work(tell);
  } catch (const std::exception& error) {
    tell(std::string{"failed: "} + error.what());
    code = 2;
  }
  ::_exit(code);  // what the original registered for its own end is not the copy's to do
}

}  // namespace

Look::~Look() {
  if (is_running()) wait();
}

void Look::begin(const std::function<void(const Tell&)>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error("snapshot", std::generic_category().message(errno));
  process_ = ::fork();
  if (process_ < 0) {
    const auto why = std::generic_category().message(errno);
    ::close(ends[0]);
    ::close(ends[1]);
    throw Error("snapshot", why);
  }
  if (process_ == 0) {
    ::close(ends[0]);
    do_work(ends[1], work);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
  rest_.clear();
  began_ = std::chrono::steady_clock::now();
}

/// False where the copy has closed its end.
bool Look::receive(std::vector<std::string>& lines) {
  std::array<char, 65536> block{};
  const auto count = ::read(pipe_, block.data(), block.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  rest_.append(block.data(), static_cast<std::size_t>(count));
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
    lines.push_back(rest_.substr(0, end));
    rest_.erase(0, end + 1);
  }
  return true;
}

void Look::reap(std::vector<std::string>& lines) {
  ::close(pipe_);
  pipe_ = -1;
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    lines.push_back("failed: ended by signal " + std::to_string(WTERMSIG(status)));
  length_ = std::chrono::steady_clock::now() - began_;
}

std::vector<std::string> Look::lines() {
  std::vector<std::string> lines;
  while (is_running()) {
    pollfd ready{pipe_, POLLIN, 0};
    if (::poll(&ready, 1, 0) <= 0) break;
    if (!receive(lines)) reap(lines);
  }
  return lines;
}

std::vector<std::string> Look::wait() {
  std::vector<std::string> lines;
  while (is_running())
    if (!receive(lines)) reap(lines);
  return lines;
}

}  // namespace sekimori::cli
