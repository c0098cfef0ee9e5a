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

  /// Opens both for adding; "" for none, "-" for standard output. Throws Error.
  EventLog(const std::string& json, const std::string& cef);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return json_ >= 0 || cef_ >= 0; }
  [[nodiscard]] std::size_t told() const noexcept { return keys_.size(); }
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

  /// For the process that finds changes: those not told yet, each as one line for tell().
  [[nodiscard]] std::vector<std::string> untold(const std::vector<Change>& changes) const;
  /// Writes what untold() made of a change, and remembers it.
  void tell(std::string_view line);

 private:
  void write(int file, std::string_view line);

  int json_ = -1;
  int cef_ = -1;
  std::unordered_set<std::string> keys_;
  std::uint64_t lost_ = 0;
};

}  // namespace sekimori::cli
