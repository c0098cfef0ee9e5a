// Reads a ruleset from JSON, and refuses what it does not know: a misspelt key would be a check
// that never fires.

#include "sekimori/assess/ruleset.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <regex>
#include <set>
#include <stdexcept>

namespace sekimori {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;  // a ruleset nests six deep
constexpr std::size_t kLargest = 4U << 20U;
constexpr std::size_t kMostChecks = 1000;
constexpr auto kSeverities =
    std::to_array<std::string_view>({"info", "low", "medium", "high", "critical"});

std::string in_quotes(std::string_view text) {
  return '"' + std::string{text} + '"';
}

/// The library keeps the last of two equal keys; here they are an error.
class KeyWatch {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kDeepest) throw std::invalid_argument("nested too deep");
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.empty()) {
      const auto key = parsed.get<std::string>();
      if (!keys_.back().insert(key).second)
        throw std::invalid_argument("the key " + in_quotes(key) + " stands twice in one object");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;
};

Json parse(std::string_view text, std::string_view file) {
  if (text.size() > kLargest) throw Error(file, "larger than a ruleset can be");
  try {
    KeyWatch watch;
    return Json::parse(text, [&watch](int depth, Json::parse_event_t event, Json& parsed) {
      return watch(depth, event, parsed);
    });
  } catch (const Json::exception& error) {
    // The library's words begin with its own error number.
    const std::string_view what = error.what();
    const auto words = what.find("] ");
    throw Error(file, words == std::string_view::npos ? what : what.substr(words + 2));
  } catch (const std::invalid_argument& error) {
    throw Error(file, error.what());
  }
}

/// A value and its place in the file.
class Node {
 public:
  Node(const Json& json, std::string_view file, std::string path)
      : json_(&json), file_(file), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(file_, path_.empty() ? "/" : path_, what);
  }

  /// Fails where it is no object, lacks one of the first, or has a key that is in neither.
  void keys(const std::vector<std::string>& needed,
            const std::vector<std::string>& allowed = {}) const {
    if (!json_->is_object()) fail("an object is expected");
    for (const auto& key : needed)
      if (!json_->contains(key)) fail("no " + in_quotes(key));
    auto known = needed;
    known.insert(known.end(), allowed.begin(), allowed.end());
    for (const auto& [key, value] : json_->items()) {
      if (std::ranges::count(known, key) != 0) continue;
      const auto meant = nearest(key, known);
      fail("no such key: " + in_quotes(key) +
           (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + '?'));
    }
  }
  [[nodiscard]] bool has(const std::string& key) const { return json_->contains(key); }
  [[nodiscard]] Node at(const std::string& key) const {
    return {json_->at(key), file_, path_ + '/' + key};
  }
  void each(const std::function<void(const Node&)>& visit) const {
    if (!json_->is_array()) fail("a list is expected");
    std::size_t i = 0;
    for (const auto& item : *json_) visit({item, file_, path_ + '/' + std::to_string(i++)});
  }
  void each_key(const std::function<void(const std::string&, const Node&)>& visit) const {
    if (!json_->is_object()) fail("an object is expected");
    for (const auto& [key, value] : json_->items()) visit(key, {value, file_, path_ + '/' + key});
  }

  [[nodiscard]] std::string text() const {
    if (!json_->is_string() || json_->get_ref<const std::string&>().empty())
      fail("a text is expected");
    return json_->get<std::string>();
  }
  [[nodiscard]] std::string text_like(const char* pattern, const std::string& form) const {
    auto said = text();
    if (said.size() > 100 || !std::regex_match(said, std::regex{pattern}))
      fail(in_quotes(said) + " is not of the form " + form);
    return said;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> said;
    each([&said](const Node& item) { said.push_back(item.text()); });
    return said;
  }
  [[nodiscard]] double number(double least, double most) const {
    const auto said = json_->is_number() ? json_->get<double>() : NAN;
    if (!(said >= least && said <= most)) fail("out of range, or not a number");
    return said;
  }
  [[nodiscard]] Bilingual bilingual() const {
    keys({"en", "ja"});
    return {at("en").text(), at("ja").text()};
  }

 private:
  const Json* json_;
  std::string_view file_;
  std::string path_;
};

std::string sql_of(const Node& node) {
  std::string sql;
  for (const auto& line : node.texts()) sql += line + '\n';
  if (sql.empty()) node.fail("at least one line is expected");
  std::string letters = sql;
  std::ranges::transform(letters, letters.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  if (letters.find("'now'") != std::string::npos)
    node.fail("a check does not read the clock: the same model gives the same report");
  return sql;
}

Bilingual template_of(const Node& node) {
  const auto sentence = node.bilingual();
  for (const char* language : {"en", "ja"}) {
    try {
      (void)split_template(node.at(language).text());
    } catch (const std::invalid_argument& error) {
      node.at(language).fail(error.what());
    }
  }
  return sentence;
}

Severity severity_of(const Node& node) {
  const auto said = node.text();
  const auto* const found = std::ranges::find(kSeverities, said);
  if (found == kSeverities.end())
    node.fail(in_quotes(said) + " is not a severity: info, low, medium, high, critical");
  return static_cast<Severity>(found - kSeverities.begin());
}

Needs needs_of(const Node& node) {
  node.keys({}, {"days", "both_directions", "loss", "vantage"});
  Needs needs;
  if (node.has("days")) needs.days = node.at("days").number(0, 10'000);
  if (node.has("both_directions")) needs.both_directions = node.at("both_directions").number(0, 1);
  if (node.has("loss")) needs.loss = node.at("loss").number(0, 1);
  if (node.has("vantage")) {
    node.at("vantage").each([&needs](const Node& letter) {
      needs.vantage.push_back(letter.text_like("[BCDFRMW]", "B, C, D, F, R, M or W"));
    });
  }
  return needs;
}

ProofCaptures proof_of(const Node& node) {
  node.keys({"violated", "met", "unseen"});
  const auto captures = [&node](const char* key) {
    std::vector<std::string> names;
    node.at(key).each([&names](const Node& name) {
      names.push_back(name.text_like("[a-z0-9]+(-[a-z0-9]+)*", "words-with-dashes"));
    });
    if (names.empty()) node.at(key).fail("at least one capture is expected");
    return names;
  };
  return {captures("violated"), captures("met"), captures("unseen")};
}

Check check_of(const Node& node) {
  node.keys({"id", "title", "why", "remedy", "severity", "violated", "seen", "finding", "maps_to",
             "proof"},
            {"needs"});
  Check check;
  check.id = node.at("id").text_like("[A-Z][A-Z0-9]{1,7}-[0-9]{2,3}", "AB-01");
  check.title = node.at("title").bilingual();
  check.why = node.at("why").bilingual();
  check.remedy = node.at("remedy").bilingual();
  check.finding = template_of(node.at("finding"));
  check.severity = severity_of(node.at("severity"));
  check.violated = sql_of(node.at("violated"));
  check.seen = sql_of(node.at("seen"));
  if (node.has("needs")) check.needs = needs_of(node.at("needs"));
  check.maps_to = node.at("maps_to").texts();
  check.proof = proof_of(node.at("proof"));
  return check;
}

}  // namespace

std::string_view to_text(Severity severity) noexcept {
  return kSeverities.at(static_cast<std::size_t>(severity));
}

std::vector<std::string> split_template(std::string_view text) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool inside = pieces.size() % 2 == 0;
    const char letter = text[i];
    const bool of_name =
        (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (letter == '{' && !inside) {
      pieces.emplace_back();
    } else if (letter == '}' && inside && !pieces.back().empty()) {
      pieces.emplace_back();
    } else if (letter == '{' || letter == '}' || (inside && !of_name)) {
      throw std::invalid_argument("a brace or letter out of place at character " +
                                  std::to_string(i + 1) + ": {column} is expected");
    } else {
      pieces.back() += letter;
    }
  }
  if (pieces.size() % 2 == 0) throw std::invalid_argument("a brace is not closed");
  return pieces;
}

Ruleset parse_ruleset(std::string_view text, std::string_view file) {
  const auto json = parse(text, file);
  const Node root{json, file, ""};
  root.keys({"ruleset", "title", "revision", "checks"}, {"words"});
  Ruleset ruleset;
  ruleset.file = file;
  ruleset.name = root.at("ruleset").text_like("[a-z0-9]+(-[a-z0-9]+)*", "words-with-dashes");
  ruleset.title = root.at("title").bilingual();
  ruleset.revision = static_cast<std::int64_t>(root.at("revision").number(1, 1'000'000));
  if (root.has("words")) {
    root.at("words").each_key([&](const std::string& column, const Node& values) {
      values.each_key([&](const std::string& value, const Node& words) {
        ruleset.words[column][value] = words.bilingual();
      });
    });
  }
  std::set<std::string> ids;
  root.at("checks").each([&](const Node& node) {
    auto check = check_of(node);
    if (!ids.insert(check.id).second) node.at("id").fail("the id " + check.id + " stands twice");
    if (ids.size() > kMostChecks) node.fail("more checks than a ruleset can have");
    ruleset.checks.push_back(std::move(check));
  });
  if (ruleset.checks.empty()) root.at("checks").fail("at least one check is expected");
  return ruleset;
}

}  // namespace sekimori
