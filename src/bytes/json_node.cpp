#include "sekimori/bytes/json_node.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

namespace sekimori {
namespace {

constexpr int kDeepest = 64;

/// Keys met in each open object, to refuse one that stands twice: the library keeps the last.
class KeyWatch {
 public:
  explicit KeyWatch(std::string_view file) : file_(file) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kDeepest) throw Error(file_, "nested too deep");
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.empty()) {
      const auto key = parsed.get<std::string>();
      if (!keys_.back().insert(key).second)
        throw Error(file_, "the key " + in_quotes(key) + " stands twice in one object");
    }
    return true;
  }

 private:
  std::string_view file_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

std::string in_quotes(std::string_view text) {
  return '"' + std::string{text} + '"';
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean " + in_quotes(near) + '?';
}

Json parse_json(std::string_view text, std::string_view file) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // byte order mark
  try {
    KeyWatch watch{file};
    return Json::parse(text, [&](int depth, Json::parse_event_t event, Json& parsed) {
      return watch(depth, event, parsed);
    });
  } catch (const Json::exception& error) {
    // The library's words begin with its own error number.
    const std::string_view what = error.what();
    const auto words = what.find("] ");
    throw Error(file, words == std::string_view::npos ? what : what.substr(words + 2));
  }
}

void JsonNode::fail(std::string_view what) const {
  throw Error(file_, path_.empty() ? "/" : path_, what);
}

void JsonNode::only(const std::vector<std::string>& keys) const {
  if (!json_->is_object()) fail("an object is expected");
  for (const auto& [key, value] : json_->items())
    if (std::ranges::find(keys, key) == keys.end())
      fail("no such key: " + in_quotes(key) + did_you_mean(key, keys));
}

void JsonNode::keys(const std::vector<std::string>& needed,
                    const std::vector<std::string>& allowed) const {
  auto known = needed;
  known.insert(known.end(), allowed.begin(), allowed.end());
  only(known);
  for (const auto& key : needed)
    if (!json_->contains(key)) fail("no " + in_quotes(key));
}

bool JsonNode::has(const std::string& key) const {
  return json_->is_object() && json_->contains(key);
}

JsonNode JsonNode::at(const std::string& key) const {
  if (!json_->is_object()) fail("an object is expected");
  const auto found = json_->find(key);
  if (found == json_->end()) fail("no " + in_quotes(key));
  return {*found, file_, path_ + '/' + key};
}

std::optional<JsonNode> JsonNode::find(const std::string& key) const {
  return has(key) ? std::optional{at(key)} : std::nullopt;
}

void JsonNode::each(const std::function<void(const JsonNode&)>& visit) const {
  if (!json_->is_array()) fail("a list is expected");
  std::size_t i = 0;
  for (const auto& value : *json_) visit(JsonNode{value, file_, path_ + '/' + std::to_string(i++)});
}

void JsonNode::each_key(
    const std::function<void(const std::string&, const JsonNode&)>& visit) const {
  if (!json_->is_object()) fail("an object is expected");
  for (const auto& [key, value] : json_->items())
    visit(key, JsonNode{value, file_, path_ + '/' + key});
}

std::string JsonNode::text() const {
  auto said = any_text();
  if (said.empty()) fail("an empty text");
  return said;
}

std::string JsonNode::any_text() const {
  if (!json_->is_string()) fail("a text is expected");
  return json_->get<std::string>();
}

std::string JsonNode::text_like(const char* pattern, std::string_view form) const {
  constexpr std::size_t kLongest = 100;  // std::regex recurses once a letter
  auto said = text();
  if (said.size() > kLongest || !std::regex_match(said, std::regex{pattern}))
    fail(in_quotes(said) + " is not of the form " + std::string{form});
  return said;
}

double JsonNode::number() const {
  if (!json_->is_number()) fail("a number is expected");
  const auto said = json_->get<double>();
  if (!std::isfinite(said)) fail("a number is expected");
  return said;
}

double JsonNode::number(double least, double most) const {
  const auto said = number();
  if (said < least || said > most) {
    const Json range{least, most};
    fail("a number from " + range[0].dump() + " to " + range[1].dump() + " is expected");
  }
  return said;
}

std::int64_t JsonNode::integer(std::int64_t least, std::int64_t most) const {
  const bool fits = json_->is_number_unsigned()
                        ? json_->get<std::uint64_t>() <= std::uint64_t{INT64_MAX}
                        : json_->is_number_integer();
  const auto said = fits ? json_->get<std::int64_t>() : 0;
  if (!fits || said < least || said > most)
    fail(least == most ? std::to_string(least) + " is expected"
                       : "a whole number from " + std::to_string(least) + " to " +
                             std::to_string(most) + " is expected");
  return said;
}

bool JsonNode::boolean() const {
  if (!json_->is_boolean()) fail("true or false is expected");
  return json_->get<bool>();
}

std::vector<std::string> JsonNode::texts() const {
  std::vector<std::string> said;
  each([&](const JsonNode& node) { said.push_back(node.text()); });
  return said;
}

std::string JsonNode::lines() const {
  std::string said;
  for (const auto& line : texts()) said += (said.empty() ? "" : "\n") + line;
  if (said.empty()) fail("at least one line is expected");
  return said;
}

Bilingual JsonNode::bilingual() const {
  keys({"en", "ja"});
  return {at("en").text(), at("ja").text()};
}

std::string JsonNode::one_of(const std::vector<std::string>& words) const {
  auto said = any_text();
  if (std::ranges::find(words, said) != words.end()) return said;
  std::string list;
  for (const auto& word : words) list += (list.empty() ? "" : ", ") + in_quotes(word);
  fail(in_quotes(said) + " is not one of " + list + did_you_mean(said, words));
}

void JsonNode::expect(const std::string& word) const {
  static_cast<void>(one_of({word}));
}

void JsonNode::expect(std::int64_t number) const {
  static_cast<void>(integer(number, number));
}

}  // namespace sekimori
