#include "event_log.h"

#include "sekimori/bytes/error.h"

#include "event_lines.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace sekimori::cli {
namespace {

constexpr char kBetween = '\x1f';  // no text that came from the wire has it: see clean_text()

int open_log(const std::string& path) {
  if (path.empty()) return -1;
  if (path == "-") return STDOUT_FILENO;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  const int file = ::open(path.c_str(), kFlags, 0640);
  if (file < 0) throw Error(path, "cannot be written: " + std::generic_category().message(errno));
  return file;
}

}  // namespace

EventLog::EventLog(const std::string& json, const std::string& cef)
    : json_(open_log(json)), cef_(open_log(cef)) {}

EventLog::~EventLog() {
  for (const auto file : {json_, cef_})
    if (file > STDERR_FILENO) ::close(file);
}

std::vector<std::string> EventLog::untold(const std::vector<Change>& changes) const {
  std::vector<std::string> lines;
  for (const auto& change : changes) {
    const auto key = change.key();
    if (keys_.contains(key)) continue;
    if (keys_.size() + lines.size() > kMost) break;
    lines.push_back(key + kBetween + json_line(change) + kBetween + cef_line(change));
  }
  return lines;
}

void EventLog::tell(std::string_view line) {
  std::array<std::string_view, 3> parts;
  for (auto& part : parts) {
    const auto end = std::min(line.find(kBetween), line.size());
    part = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  if (keys_.size() > kMost || !keys_.emplace(parts[0]).second) return;
  if (keys_.size() > kMost) {
    parts[1] = R"({"event":"no-more-events"})";
    parts[2] = "CEF:0|sekimori|sekimori|" SEKIMORI_VERSION "|no-more-events|No more events|5|";
  }
  write(json_, parts[1]);
  write(cef_, parts[2]);
}

void EventLog::write(int file, std::string_view line) {
  if (file < 0) return;
  std::string text{line};
  text += '\n';
  // Whole lines at once: a full disk or a reader that went away costs lines, and is counted.
  if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) ++lost_;
}

}  // namespace sekimori::cli
