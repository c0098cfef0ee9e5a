#include "sekimori/dissect/sql.h"

#include "sekimori/dissect/text_line.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr int kMostComments = 8;

// ISO/IEC 9075-2, 5.2: `-- to the end of the line`, `/* ... */`; MySQL has `#` too.
std::string_view behind_comment(std::string_view text) noexcept {
  const bool line = text.starts_with("--") || text.starts_with('#');
  if (!line && !text.starts_with("/*")) return text;
  const auto end = line ? text.find('\n') : text.find("*/", 2);
  if (end == std::string_view::npos) return {};
  return text.substr(end + (line ? 1 : 2));
}

}  // namespace

std::uint32_t sql_verb_of(std::string_view text) noexcept {
  for (int i = 0; i < kMostComments; ++i) {
    const auto begin = text.find_first_not_of(" \t\r\n(;");
    if (begin == std::string_view::npos) return 0;
    text.remove_prefix(begin);
    const auto behind = behind_comment(text);
    if (behind.size() == text.size()) break;
    text = behind;
  }
  const auto* const end = std::ranges::find_if(text, [](char letter) {
    return (letter < 'A' || letter > 'Z') && (letter < 'a' || letter > 'z') && letter != '_';
  });
  const auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  const auto* const row = std::ranges::find_if(
      kSqlVerbs, [&](const SqlVerb& verb) { return same_word(verb.word, word); });
  if (row == kSqlVerbs.end()) return 0;
  return static_cast<std::uint32_t>(row - kSqlVerbs.begin());
}

}  // namespace sekimori
