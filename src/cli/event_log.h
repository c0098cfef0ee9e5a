#pragma once

#include "sekimori/infer/change.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace sekimori::cli {

/// Where changes are told, each once and only so many: a file or standard output, never a socket.
class EventLog {
 public:
  static constexpr std::size_t kMost = 10'000;  ///< of one run; one more line says so

  /// Opens both for adding; "" for none, "-" for standard output. Throws Error, also where nobody
  /// reads a pipe.
  EventLog(const std::string& json, const std::string& cef);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return json_.file >= 0 || cef_.file >= 0; }
  [[nodiscard]] std::size_t told() const noexcept { return keys_.size(); }
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

  /// For the process that finds changes: those not told yet, each as one line for tell().
  [[nodiscard]] std::vector<std::string> untold(const std::vector<Change>& changes) const;
  /// Writes what untold() made of a change, and remembers it. Waits for no reader: what has no room
  /// now is lost, and counted.
  void tell(std::string_view line);

 private:
  struct Log {
    int file = -1;
    bool is_cut = false;  ///< the last line lacks its end
  };

  void write(Log& log, std::string_view line);

  Log json_;
  Log cef_;
  std::unordered_set<std::string> keys_;
  std::uint64_t lost_ = 0;
};

}  // namespace sekimori::cli
