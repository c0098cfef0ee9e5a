#include "sekimori/bytes/utc.h"

#include <chrono>
#include <cstddef>

namespace sekimori {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMicrosecond = 1'000;

/// A number in at least so many digits: a report of a large plant has millions of times. None is
/// negative, for 64 bits of nanoseconds begin in 1677.
void add(std::string& text, std::int64_t number, std::size_t least) {
  const auto digits = std::to_string(number);
  text.append(least > digits.size() ? least - digits.size() : 0, '0').append(digits);
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
  std::string text;
  add(text, static_cast<int>(date.year()), 4);
  add(text += '-', static_cast<unsigned>(date.month()), 2);
  add(text += '-', static_cast<unsigned>(date.day()), 2);
  add(text += 'T', clock.hours().count(), 2);
  add(text += ':', clock.minutes().count(), 2);
  add(text += ':', clock.seconds().count(), 2);
  add(text += '.', whole ? rest / kMicrosecond : rest, whole ? 6 : 9);
  return text += 'Z';
}

}  // namespace sekimori
