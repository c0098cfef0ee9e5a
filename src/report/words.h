#pragma once

#include "sekimori/bytes/bilingual.h"

#include "json.h"

#include <map>
#include <string>
#include <string_view>

namespace sekimori::report {

/// For a sentence's {placeholders}.
using Values = std::map<std::string, Bilingual, std::less<>>;

[[nodiscard]] inline Bilingual plain(std::string_view text) {
  return {std::string{text}, std::string{text}};
}
[[nodiscard]] inline Bilingual plain(std::int64_t number) {
  return plain(std::to_string(number));
}
/// Up to `digits` digits after the point, none of them trailing zeros.
[[nodiscard]] std::string short_decimal(double value, int digits);

/// The report's own words in both languages: words.json.
class Words {
 public:
  Words();

  [[nodiscard]] const Json& all() const { return words_; }
  [[nodiscard]] Bilingual label(std::string_view key) const;
  /// A sentence with its values. A key that words.json lacks is a fault of this program.
  [[nodiscard]] Bilingual say(std::string_view key, const Values& values = {}) const;
  /// What a value of the model is called; the value itself where there is no word for it.
  [[nodiscard]] Bilingual term(std::string_view group, std::string_view value) const;
  [[nodiscard]] bool has(std::string_view key) const { return words_["sentences"].contains(key); }

  /// The reasons that inference gives in English, in both languages; what is no known phrase
  /// stays as it is.
  [[nodiscard]] Bilingual reason(std::string_view english) const;

 private:
  [[nodiscard]] std::string translated(std::string_view english, int depth) const;
  [[nodiscard]] std::string joined(std::string_view english, std::string_view separator,
                                   std::string_view with, int depth) const;
  [[nodiscard]] bool match(std::string_view pattern, std::string_view text,
                           std::map<std::string, std::string>& found) const;
  [[nodiscard]] std::string filled(std::string_view pattern,
                                   const std::map<std::string, std::string>& found,
                                   int depth) const;

  Json words_;
};

}  // namespace sekimori::report
