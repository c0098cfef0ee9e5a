// Looks up MAC blocks in the register that the build put into the program.
// IEEE 802, 8: MA-L blocks have 24 bits, MA-M 28, MA-S 36.

#include "sekimori/infer/oui.h"

#include "oui/layout.h"

#include <array>
#include <cassert>
#include <chrono>
#include <cstring>

namespace sekimori {
namespace embedded {
extern const std::string_view oui_table;
}  // namespace embedded

namespace {

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = (value << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

struct Table {
  std::string_view bytes;
  std::int64_t day = 0;
  std::array<std::size_t, oui::kLengths.size()> counts{};
  std::size_t names = 0;  // where they begin
};

Table open_table() {
  Table table{.bytes = embedded::oui_table};
  assert(table.bytes.size() > oui::kHeaderSize);
  assert(std::memcmp(table.bytes.data(), oui::kMagic.data(), oui::kMagic.size()) == 0);
  table.day = static_cast<std::int64_t>(number(table.bytes, 8, 4));
  table.names = oui::kHeaderSize;
  for (std::size_t i = 0; i < table.counts.size(); ++i) {
    table.counts[i] = number(table.bytes, 12 + 4 * i, 4);
    table.names += table.counts[i] * oui::kBlockSize;
  }
  return table;
}

const Table& table() {
  static const Table opened = open_table();
  return opened;
}

std::string_view find(std::size_t first, std::size_t count, std::uint64_t prefix) {
  const auto& all = table();
  std::size_t low = 0;
  std::size_t high = count;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto at = first + middle * oui::kBlockSize;
    const auto found = number(all.bytes, at, oui::kPrefixSize);
    if (found == prefix) {
      const auto name = number(all.bytes, at + oui::kPrefixSize, 3);
      const auto rest = all.bytes.substr(all.names + name);
      return rest.substr(0, rest.find('\0'));
    }
    (found < prefix ? low : high) = found < prefix ? middle + 1 : middle;
  }
  return {};
}

}  // namespace

std::string_view vendor_of(const Mac& mac) {
  if (mac.is_local() || mac.is_group() || !mac.is_set()) return {};
  const auto& all = table();
  const auto leading = mac.word() >> 8U;  // the first 40 bits
  auto end = all.names;
  for (std::size_t i = all.counts.size(); i > 0; --i) {
    const auto first = end - all.counts[i - 1] * oui::kBlockSize;
    const auto free_bits = 40U - oui::kLengths[i - 1];
    const auto name = find(first, all.counts[i - 1], leading >> free_bits << free_bits);
    if (!name.empty()) return name;
    end = first;
  }
  return {};
}

std::string oui_date() {
  const std::chrono::sys_days day{std::chrono::days{table().day}};
  const std::chrono::year_month_day date{day};
  const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day()));
}

std::size_t oui_count() {
  std::size_t sum = 0;
  for (const auto count : table().counts) sum += count;
  return sum;
}

}  // namespace sekimori
