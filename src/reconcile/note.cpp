#include "note.h"

#include <array>
#include <charconv>

namespace sekimori {
namespace {

std::string fill_one(std::string_view text, const NoteValues& values,
                     std::string Bilingual::*language) {
  std::string filled;
  for (;;) {
    const auto open = text.find('{');
    const auto close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) return filled.append(text);
    const auto found = values.find(text.substr(open + 1, close - open - 1));
    filled += text.substr(0, open);
    filled += found == values.end() ? text.substr(open, close - open + 1)
                                    : std::string_view{found->second.*language};
    text.remove_prefix(close + 1);
  }
}

}  // namespace

Bilingual same(std::string text) {
  return {text, text};
}

std::string short_number(double value, int digits) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, digits);
  std::string said{text.data(), end.ptr};
  if (said.find('.') == std::string::npos) return said;
  while (said.back() == '0') said.pop_back();
  if (said.back() == '.') said.pop_back();
  return said;
}

Bilingual fill(const Bilingual& text, const NoteValues& values) {
  return {fill_one(text.en, values, &Bilingual::en), fill_one(text.ja, values, &Bilingual::ja)};
}

void append(Bilingual& note, const Bilingual& sentence) {
  note.en += (note.en.empty() ? "" : " ") + sentence.en;
  note.ja += sentence.ja;
}

}  // namespace sekimori
