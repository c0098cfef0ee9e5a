#include "words.h"

#include <array>
#include <charconv>
#include <stdexcept>

namespace sekimori {
namespace embedded {
extern const std::string_view words_json;
}  // namespace embedded

namespace report {
namespace {

constexpr int kDeepest = 4;  // phrases within phrases

/// "text (60)" in its two parts.
struct Weighed {
  std::string_view text, points;
};

Weighed weighed(std::string_view text) {
  const auto open = text.rfind(" (");
  if (open == std::string_view::npos || !text.ends_with(')')) return {text, {}};
  const auto points = text.substr(open + 2, text.size() - open - 3);
  if (points.empty() || points.find_first_not_of("0123456789") != std::string_view::npos)
    return {text, {}};
  return {text.substr(0, open), text.substr(open + 1)};
}

std::string fill(std::string_view text, const Values& values, std::string Bilingual::*language) {
  std::string filled;
  for (;;) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return filled.append(text);
    filled += text.substr(0, open);
    const auto found = values.find(text.substr(open + 1, close - open - 1));
    if (found == values.end())
      throw std::logic_error("no value for " + std::string{text.substr(open, close - open + 1)});
    filled += found->second.*language;
    text.remove_prefix(close + 1);
  }
}

}  // namespace

std::string short_decimal(double value, int digits) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, digits);
  std::string said{text.data(), end.ptr};
  if (said.find('.') == std::string::npos) return said;
  while (said.back() == '0') said.pop_back();
  if (said.back() == '.') said.pop_back();
  return said;
}

Words::Words() : words_(Json::parse(embedded::words_json)) {}

Bilingual Words::label(std::string_view key) const {
  const auto& text = words_.at("labels").at(std::string{key});
  return {text.at("en"), text.at("ja")};
}

Bilingual Words::say(std::string_view key, const Values& values) const {
  const auto& text = words_.at("sentences").at(std::string{key});
  return {fill(text.at("en").get<std::string>(), values, &Bilingual::en),
          fill(text.at("ja").get<std::string>(), values, &Bilingual::ja)};
}

Bilingual Words::term(std::string_view group, std::string_view value) const {
  const auto& terms = words_.at("legend").at(std::string{group});
  const auto found = terms.find(std::string{value});
  if (found == terms.end()) return plain(std::string{value});
  return {found->at("en"), found->at("ja")};
}

Bilingual Words::reason(std::string_view english) const {
  return {std::string{english}, translated(english, 0)};
}

std::string Words::joined(std::string_view english, std::string_view separator,
                          std::string_view with, int depth) const {
  std::string text;
  for (;;) {
    const auto end = english.find(separator);
    if (!text.empty()) text += with;
    text += translated(english.substr(0, end), depth + 1);
    if (end == std::string_view::npos) return text;
    english.remove_prefix(end + separator.size());
  }
}

std::string Words::translated(std::string_view english, int depth) const {
  if (english.empty() || depth > kDeepest) return std::string{english};
  const auto [text, points] = weighed(english);
  for (const auto& phrase : words_.at("phrases")) {
    std::map<std::string, std::string> found;
    if (!match(phrase[0].get_ref<const std::string&>(), text, found)) continue;
    return filled(phrase[1].get_ref<const std::string&>(), found, depth) + std::string{points};
  }
  for (const auto& [separator, with] :
       {std::pair{"; ", "\xef\xbc\x9b"}, std::pair{", ", "\xe3\x80\x81"}})
    if (english.find(separator) != std::string_view::npos)
      return joined(english, separator, with, depth);
  return std::string{english};
}

bool Words::match(std::string_view pattern, std::string_view text,
                  std::map<std::string, std::string>& found) const {
  for (;;) {
    const auto open = pattern.find('{');
    if (open == std::string_view::npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, open))) return false;
    text.remove_prefix(open);
    const auto close = pattern.find('}', open);
    const std::string name{pattern.substr(open + 1, close - open - 1)};
    pattern.remove_prefix(close + 1);
    const auto literal = pattern.substr(0, pattern.find('{'));
    const auto end = pattern == literal && !literal.empty() ? text.rfind(literal)
                     : literal.empty()                      ? text.size()
                                                            : text.find(literal);
    if (end == std::string_view::npos || end == 0) return false;
    const auto value = text.substr(0, end);
    // A count is a number and a single fact holds no list, or it is another phrase.
    if (name == "n" && value.find_first_not_of("0123456789") != std::string_view::npos)
      return false;
    if (name != "rest" && value.find("; ") != std::string_view::npos) return false;
    found[name] = value;
    text.remove_prefix(end);
  }
}

std::string Words::filled(std::string_view pattern, const std::map<std::string, std::string>& found,
                          int depth) const {
  Values values;
  for (const auto& [name, value] : found) {
    auto ja = value;
    if (name == "rest") ja = translated(value, depth + 1);
    if (name == "role" || name == "zone_kind") ja = term(name, value).ja;
    values[name] = {value, ja};
  }
  return fill(pattern, values, &Bilingual::ja);
}

}  // namespace report
}  // namespace sekimori
