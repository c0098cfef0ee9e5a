#include "service_manager.h"

#include "sekimori/bytes/error.h"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace sekimori::cli {
namespace {

std::string_view environment(const char* name) {
  const auto* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::optional<long long> number(std::string_view text) {
  long long value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

ServiceManager::ServiceManager() {
  const auto path = environment("NOTIFY_SOCKET");
  if (path.empty()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string_view room{static_cast<const char*>(address.sun_path), sizeof address.sun_path};
  if ((path.front() != '/' && path.front() != '@') || path.size() >= room.size())
    throw Error("NOTIFY_SOCKET", "is no local socket");
  path.copy(static_cast<char*>(address.sun_path), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';  // the abstract name space (unix(7))
  const auto size = offsetof(sockaddr_un, sun_path) + path.size();
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the system's own signature.
  const auto* const general = reinterpret_cast<const sockaddr*>(&address);
  if (socket_ < 0 || ::connect(socket_, general, static_cast<socklen_t>(size)) != 0)
    throw Error("NOTIFY_SOCKET", "cannot be reached: " + std::generic_category().message(errno));

  const auto limit = number(environment("WATCHDOG_USEC"));
  const auto owner = number(environment("WATCHDOG_PID"));
  if (limit && *limit > 1 && (!owner || *owner == ::getpid()))
    heartbeat_ = std::chrono::microseconds{*limit / 2};
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::tell(std::string_view lines) const noexcept {
  if (socket_ >= 0) (void)!::write(socket_, lines.data(), lines.size());
}

}  // namespace sekimori::cli
