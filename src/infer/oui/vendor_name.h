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

/// A registered name as people call the maker: `Siemens` for `SIEMENS AG - Industrial ...`. Empty
/// for what names nobody.
inline std::string vendor_name(std::string_view registered) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
  };
  for (const char letter : registered) {
    if (static_cast<unsigned char>(letter) <= ' ') {
      end_word();
    } else {
      word += letter;
      if (letter == ',') end_word();
    }
  }
  end_word();

  std::string name;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto part = words[i];
    if (i > 0 && (is_legal_form(part) || part == "-")) break;
    const bool last = part.back() == ',';
    if (last) part.pop_back();
    if (!part.empty()) name += (name.empty() ? "" : " ") + calm(part);
    if (last && !name.empty()) break;
  }
  while (!name.empty() && (name.back() == '&' || name.back() == ' ')) name.pop_back();
  if (lower(name) == "private" || lower(name).starts_with("ieee registration authority")) return {};
  return name;
}

}  // namespace sekimori::oui
