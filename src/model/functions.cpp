#include "functions.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace sekimori {
namespace {

// What reads the clock, makes chance, or reaches outside: the same model must give the same report.
constexpr auto kRefusedFunctions = std::to_array<std::string_view>(
    {"random", "randomblob", "load_extension", "current_date", "current_time", "current_timestamp",
     "last_insert_rowid", "changes", "total_changes", "fts3_tokenizer", "readfile", "writefile",
     "edit",
     // They may run for minutes within one step.
     "printf", "format"});

}  // namespace

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return result;
}

bool is_refused(std::string_view function) {
  return std::ranges::count(kRefusedFunctions, lower(function)) != 0;
}

}  // namespace sekimori
