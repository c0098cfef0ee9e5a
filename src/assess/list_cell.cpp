// Cells of a plant's lists: addresses, times, hours, and words for yes and no.

#include "list_cell.h"

#include "sekimori/assess/time_cell.h"
#include "sekimori/bytes/address.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

namespace sekimori {
namespace {

constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86400;  // seconds
constexpr std::int64_t kDayMinutes = 1440;
// The first place on earth where a day begins is 14 hours before UTC, the last where it ends is
// 12 hours behind it (ISO 8601 offsets in use).
constexpr std::int64_t kEarliest = -14 * kHour, kLatest = kDay + 12 * kHour;
constexpr int kHighestPort = 65535;
constexpr std::size_t kPortDigits = 5;

constexpr auto kTransports =
    std::to_array<std::string_view>({"tcp", "udp", "ip", "ethernet", "llc", "snap", "wlan"});
constexpr auto kYes = std::to_array<std::string_view>({"yes", "y", "true", "1", "はい", "○", "有"});
constexpr auto kNo =
    std::to_array<std::string_view>({"no", "n", "false", "0", "いいえ", "×", "無"});
constexpr auto kChanges =
    std::to_array<std::string_view>({"change", "project", "acceptance", "risk", "incident"});

bool has(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// Reads digits, signs and letters from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::int64_t number(std::size_t digits, std::int64_t most) {
    std::int64_t value = 0;
    const auto size = std::min(digits, rest_.size());
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + size, value);
    const auto taken = static_cast<std::size_t>(end - rest_.data());
    if (error != std::errc{} || taken == 0 || value < 0 || value > most) ok_ = false;
    rest_.remove_prefix(taken);
    return value;
  }
  char one_of(std::string_view letters) {
    if (rest_.empty() || letters.find(rest_.front()) == std::string_view::npos) {
      ok_ = false;
      return 0;
    }
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    return letter;
  }
  bool take(char letter) {
    if (!rest_.starts_with(letter)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_blanks() {
    while (take(' ')) {
    }
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// `Z`, `+09:00`, `+0900`, `+09`, in seconds.
std::int64_t read_offset(Scanner& text) {
  if (text.take('Z') || text.take('z')) return 0;
  const bool west = text.one_of("+-") == '-';
  const auto hours = text.number(2, 14);
  text.take(':');
  const auto minutes = text.at_end() || !text.ok() ? 0 : text.number(2, 59);
  const auto offset = hours * kHour + minutes * kMinute;
  return west ? -offset : offset;
}

/// Minutes of the day in UTC, the first and the last with a hyphen between them.
std::optional<std::string> read_hours(std::string_view said) {
  Scanner text{said};
  const auto moment = [&] {
    const auto hours = text.number(2, 24);
    text.one_of(":");
    return hours * kMinute + text.number(2, 59);
  };
  const auto from = moment();
  text.skip_blanks();
  text.one_of("-");
  text.skip_blanks();
  const auto until = moment();
  text.skip_blanks();
  const auto offset = read_offset(text) / kMinute;
  if (!text.ok() || !text.at_end()) return std::nullopt;
  const bool all_day = (until - from) % kDayMinutes == 0;
  const auto in_utc = [&](std::int64_t minute) {
    return std::to_string(((minute - offset) % kDayMinutes + kDayMinutes) % kDayMinutes);
  };
  return in_utc(from) + '-' + in_utc(all_day ? until - 1 : until);
}

std::string read_end(std::string_view text, bool blocks) {
  if (const auto ip = parse_ip(text)) return to_text(*ip);
  if (const auto mac = parse_mac(text)) return to_text(*mac);
  if (!blocks) return std::string{text};
  const auto block = parse_prefix(text);
  return block ? to_text(*block) : std::string{text};
}

std::string read_port(std::string_view text, std::string& problem) {
  int port = kHighestPort + 1;
  const bool digits =
      text.find_first_not_of("0123456789") == std::string_view::npos && text.size() <= kPortDigits;
  if (digits) std::from_chars(text.data(), text.data() + text.size(), port);
  if (port > kHighestPort)
    problem = "not a port: " + in_quotes(text) + "; 0 to 65535, or empty for any";
  return std::to_string(port);
}

std::string read_one_of(std::string_view text, std::span<const std::string_view> words,
                        std::string& problem) {
  const auto word = normal_word(text);
  if (has(words, word)) return word;
  std::string known;
  for (const auto each : words) known += (known.empty() ? "" : ", ") + std::string{each};
  problem = in_quotes(text) + " is none of " + known +
            did_you_mean(word, std::vector<std::string>{words.begin(), words.end()});
  return word;
}

template <typename Read>
std::string read_as(Read read, std::string_view text, std::string_view what, std::string& problem) {
  const auto value = read(text);
  if (value) return to_text(*value);
  problem = in_quotes(text) + " is no " + std::string{what};
  return {};
}

}  // namespace

std::optional<std::int64_t> read_time(std::string_view said, std::int64_t day_alone) {
  Scanner text{said};
  const auto year = text.number(4, 9999);
  const auto mark = text.one_of("-/");
  const auto month = text.number(2, 12);
  text.one_of(std::string_view{&mark, 1});
  const auto day = text.number(2, 31);
  if (!text.ok()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const auto midnight = std::chrono::sys_days{date}.time_since_epoch().count() * kDay;
  if (text.at_end()) return midnight + day_alone;

  text.one_of("T ");
  text.skip_blanks();
  auto seconds = text.number(2, 24) * kHour;
  text.one_of(":");
  seconds += text.number(2, 59) * kMinute;
  if (text.take(':')) seconds += text.number(2, 59);
  text.skip_blanks();
  const auto offset = read_offset(text);
  if (!text.ok() || !text.at_end()) return std::nullopt;
  return midnight + seconds - offset;
}

std::string normal_cell(std::string_view text, ListCell cell, std::string& problem) {
  if (text.empty() && cell == ListCell::change) return "change";
  if (text.empty()) return {};
  switch (cell) {
    case ListCell::text:
      break;
    case ListCell::end:
      return read_end(text, true);
    case ListCell::host:
      return read_end(text, false);
    case ListCell::ip:
      return read_as(parse_ip, text, "address such as 10.30.0.11", problem);
    case ListCell::mac:
      return read_as(parse_mac, text, "MAC such as 00:80:f4:40:00:11", problem);
    case ListCell::block:
      return read_as(parse_prefix, text, "block of addresses such as 130.225.0.0/24", problem);
    case ListCell::transport:
      return read_one_of(text, kTransports, problem);
    case ListCell::change:
      return read_one_of(text, kChanges, problem);
    case ListCell::port:
      return read_port(text, problem);
    case ListCell::truth: {
      const auto word = normal_word(text);
      if (has(kYes, word)) return "1";
      if (!has(kNo, word)) problem = in_quotes(text) + " is neither yes nor no";
      return "";
    }
    case ListCell::since:
    case ListCell::until: {
      const auto time = read_time(text, cell == ListCell::since ? kEarliest : kLatest);
      if (time) return std::to_string(*time);
      problem = in_quotes(text) +
                " is no time with its offset from UTC, such as 2026-04-06T09:00+09:00, and no day";
      return {};
    }
    case ListCell::hours: {
      const auto hours = read_hours(text);
      if (hours) return *hours;
      problem = in_quotes(text) +
                " are no hours with their offset from UTC, such as "
                "08:00-18:00+09:00";
      return {};
    }
  }
  return std::string{text};
}

Hours hours_of(std::string_view cell) {
  Hours hours;
  const auto hyphen = cell.find('-');
  std::from_chars(cell.data(), cell.data() + hyphen, hours.from);
  std::from_chars(cell.data() + hyphen + 1, cell.data() + cell.size(), hours.until);
  return hours;
}

}  // namespace sekimori
