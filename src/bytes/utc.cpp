#include "sekimori/bytes/utc.h"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace sekimori {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::size_t kLongest = std::string_view{"2262-04-11T23:47:16.854775807Z"}.size();

/// A mark, and behind it a number of so many digits.
void put(std::string& text, char mark, std::int64_t number, std::size_t digits) {
  text.resize(text.size() + 1 + digits);
  auto place = text.end();
  for (; digits > 0; --digits, number /= 10) *--place = static_cast<char>('0' + number % 10);
  *--place = mark;
}

}  // namespace

std::string utc(std::int64_t nanoseconds) {
  namespace chrono = std::chrono;
  auto seconds = nanoseconds / kSecond;
  auto rest = nanoseconds % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  const chrono::sys_seconds time{chrono::seconds{seconds}};
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss clock{time - day};
  const bool whole = rest % kMicrosecond == 0;
  // A report of a large plant has millions of times. The year has four digits and no sign, for 64
  // bits of nanoseconds last from 1677 to 2262.
  std::string text;
  text.reserve(kLongest);
  text += std::to_string(static_cast<int>(date.year()));
  put(text, '-', static_cast<unsigned>(date.month()), 2);
  put(text, '-', static_cast<unsigned>(date.day()), 2);
  put(text, 'T', clock.hours().count(), 2);
  put(text, ':', clock.minutes().count(), 2);
  put(text, ':', clock.seconds().count(), 2);
  put(text, '.', whole ? rest / kMicrosecond : rest, whole ? 6 : 9);
  return text += 'Z';
}

}  // namespace sekimori
