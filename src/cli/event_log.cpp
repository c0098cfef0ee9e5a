#include "event_log.h"

#include "sekimori/bytes/error.h"

#include "event_lines.h"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace sekimori::cli {
namespace {

constexpr char kBetween = '\x1f';  // no text that came from the wire has it: see clean_text()

int open_log(const std::string& path) {
  if (path.empty()) return -1;
  if (path == "-") return STDOUT_FILENO;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own signature.
  const int file = ::open(path.c_str(), kFlags, 0640);
  if (file < 0 && errno == ENXIO) throw Error(path, "cannot be written: nobody reads it");
  if (file < 0) throw Error(path, "cannot be written: " + std::generic_category().message(errno));
  return file;
}

/// How much of a text could be written without waiting. Standard output is shared with others, so
/// it is asked instead of made not to wait: a pipe that says yes has room for this much.
std::size_t write_now(int file, std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    pollfd ready{file, POLLOUT, 0};
    if (::poll(&ready, 1, 0) <= 0) break;
    const auto piece = text.substr(written, PIPE_BUF);
    const auto count = ::write(file, piece.data(), piece.size());
    if (count > 0) written += static_cast<std::size_t>(count);
    if (count <= 0 && errno != EINTR) break;
  }
  return written;
}

}  // namespace

EventLog::EventLog(const std::string& json, const std::string& cef)
    : json_{open_log(json)}, cef_{open_log(cef)} {}

EventLog::~EventLog() {
  for (const auto& log : {json_, cef_})
    if (log.file > STDERR_FILENO) ::close(log.file);
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

/// A full disk, or a reader that waits or went away, costs lines. One that was cut is ended before
/// the next begins.
void EventLog::write(Log& log, std::string_view line) {
  if (log.file < 0) return;
  const std::string text = (log.is_cut ? "\n" : "") + std::string{line} + '\n';
  const auto written = write_now(log.file, text);
  if (written == text.size()) {
    log.is_cut = false;
    return;
  }
  ++lost_;
  log.is_cut = written > 0 ? text[written - 1] != '\n' : log.is_cut;
}

}  // namespace sekimori::cli
