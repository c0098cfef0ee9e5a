#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace sekimori::cli {

/// A word to the service manager that started this process (systemd's sd_notify protocol), where
/// there is one. libsystemd opens a socket for every word, which confine() forbids; so one local
/// socket, connected to the manager and to nobody else, is opened before, and written to after.
class ServiceManager {
 public:
  /// Opens the socket that NOTIFY_SOCKET names. Throws Error where it cannot be reached.
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// `READY=1`, `STATUS=...`: lines of sd_notify(3). What the manager does not take is lost.
  void tell(std::string_view lines) const noexcept;

  /// How often the manager wants to hear `WATCHDOG=1`; half the time after which it gives up.
  [[nodiscard]] std::optional<std::chrono::microseconds> heartbeat() const noexcept {
    return heartbeat_;
  }

 private:
  int socket_ = -1;
  std::optional<std::chrono::microseconds> heartbeat_;
};

}  // namespace sekimori::cli
