#pragma once

#include <cstdint>
#include <string>

namespace sekimori {

/// A sentence in the report's two languages.
struct Bilingual {
  std::string en, ja;
};

/// Which of them a reader asked for.
enum class Language : std::uint8_t { en, ja, both };

/// The texts of those languages on one line: `はい / yes`.
[[nodiscard]] inline std::string in_line(const Bilingual& text, Language language) {
  if (language == Language::en || text.en == text.ja) return text.en;
  return language == Language::ja ? text.ja : text.ja + " / " + text.en;
}

}  // namespace sekimori
