#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::oui {

inline std::string lower(std::string_view text) {
  std::string out;
  for (const char letter : text)
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return out;
}

/// A legal form, or another word behind which a register's name says nothing about whose device
/// it is.
inline bool is_legal_form(std::string_view word) {
  static constexpr auto kForms = std::to_array<std::string_view>(
      {"inc",   "incorporated", "ltd", "limited", "llc",  "corp",  "corporation", "gmbh",    "ag",
       "co",    "company",      "kg",  "bv",      "nv",   "sa",    "spa",         "srl",     "oy",
       "oyj",   "ab",           "as",  "aps",     "pty",  "pte",   "pvt",         "sas",     "sarl",
       "kk",    "lp",           "se",  "sdnbhd",  "colt", "coltd", "gmbh&cokg",   "gmbh&co", "sro",
       "spzoo", "eood",         "doo", "ood",     "ltda", "plc",   "nl",          "e.k."});
  std::string bare;
  for (const char letter : lower(word))
    if (letter != '.' && letter != ',' && letter != '/' && letter != '(' && letter != ')')
      bare += letter;
  return std::find(kForms.begin(), kForms.end(), bare) != kForms.end();
}

/// `SIEMENS` as `Siemens`; short words are abbreviations and stay.
inline std::string calm(std::string_view word) {
  constexpr std::size_t kAbbreviation = 4;
  const bool shouts = std::all_of(word.begin(), word.end(),
                                  [](unsigned char letter) { return std::isupper(letter) != 0; });
  if (!shouts || word.size() <= kAbbreviation) return std::string{word};
  return std::string{word.substr(0, 1)} + lower(word.substr(1));
}

/// The words of a name; a comma ends one, and stays on it.
inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char letter : text) {
    const bool blank = static_cast<unsigned char>(letter) <= ' ';
    if (!blank) words.back() += letter;
    if ((blank || letter == ',') && !words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// A registered name as people call the maker: `Siemens` for `SIEMENS AG - Industrial ...`. Empty
/// for what names nobody.
inline std::string vendor_name(std::string_view registered) {
  std::string name;
  for (auto& word : words_of(registered)) {
    if (!name.empty() && (is_legal_form(word) || word == "-")) break;
    const bool last = word.back() == ',';
    if (last) word.pop_back();
    if (!word.empty()) name += (name.empty() ? "" : " ") + calm(word);
    if (last && !name.empty()) break;
  }
  while (!name.empty() && (name.back() == '&' || name.back() == ' ')) name.pop_back();
  const auto small = lower(name);
  return small == "private" || small.starts_with("ieee registration authority") ? "" : name;
}

}  // namespace sekimori::oui
