#include "sekimori/bytes/utc.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace sekimori {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMicrosecond = 1'000;

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
  std::array<char, 64> text{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): bounded, and without std::format.
  (void)std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%0*lldZ",
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), whole ? 6 : 9,
                      static_cast<long long>(whole ? rest / kMicrosecond : rest));
  return text.data();
}

}  // namespace sekimori
