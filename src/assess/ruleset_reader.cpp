// Reads a ruleset from JSON, and refuses what it does not know: a misspelt key would be a check
// that never fires.

#include "sekimori/assess/ruleset.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/json_node.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace sekimori {
namespace {

constexpr std::size_t kLargest = 4U << 20U;
constexpr std::size_t kMostChecks = 1000;
constexpr auto kSeverities =
    std::to_array<std::string_view>({"info", "low", "medium", "high", "critical"});

std::string sql_of(const JsonNode& node) {
  auto sql = node.lines() + '\n';
  std::string letters = sql;
  std::ranges::transform(letters, letters.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  if (letters.find("'now'") != std::string::npos)
    node.fail("a check does not read the clock: the same model gives the same report");
  return sql;
}

Bilingual template_of(const JsonNode& node) {
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

Severity severity_of(const JsonNode& node) {
  const auto said = node.one_of({kSeverities.begin(), kSeverities.end()});
  return static_cast<Severity>(std::ranges::find(kSeverities, said) - kSeverities.begin());
}

Needs needs_of(const JsonNode& node) {
  node.keys({}, {"days", "both_directions", "loss", "vantage"});
  Needs needs;
  if (node.has("days")) needs.days = node.at("days").number(0, 10'000);
  if (node.has("both_directions")) needs.both_directions = node.at("both_directions").number(0, 1);
  if (node.has("loss")) needs.loss = node.at("loss").number(0, 1);
  if (node.has("vantage")) {
    node.at("vantage").each([&needs](const JsonNode& letter) {
      needs.vantage.push_back(letter.text_like("[BCDFRMW]", "B, C, D, F, R, M or W"));
    });
  }
  return needs;
}

ProofCaptures proof_of(const JsonNode& node) {
  node.keys({"violated", "met", "unseen"});
  const auto captures = [&node](const char* key) {
    std::vector<std::string> names;
    node.at(key).each([&names](const JsonNode& name) {
      names.push_back(name.text_like("[a-z0-9]+(-[a-z0-9]+)*", "words-with-dashes"));
    });
    if (names.empty()) node.at(key).fail("at least one capture is expected");
    return names;
  };
  return {captures("violated"), captures("met"), captures("unseen")};
}

Check check_of(const JsonNode& node) {
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
  if (text.size() > kLargest) throw Error(file, "larger than a ruleset can be");
  const auto json = parse_json(text, file);
  const JsonNode root{json, file};
  root.keys({"ruleset", "title", "revision", "checks"}, {"words"});
  Ruleset ruleset;
  ruleset.file = file;
  ruleset.name = root.at("ruleset").text_like("[a-z0-9]+(-[a-z0-9]+)*", "words-with-dashes");
  ruleset.title = root.at("title").bilingual();
  ruleset.revision = root.at("revision").integer(1, 1'000'000);
  if (root.has("words")) {
    root.at("words").each_key([&](const std::string& column, const JsonNode& values) {
      values.each_key([&](const std::string& value, const JsonNode& words) {
        ruleset.words[column][value] = words.bilingual();
      });
    });
  }
  std::set<std::string> ids;
  root.at("checks").each([&](const JsonNode& node) {
    auto check = check_of(node);
    if (!ids.insert(check.id).second) node.at("id").fail("the id " + check.id + " stands twice");
    if (ids.size() > kMostChecks) node.fail("more checks than a ruleset can have");
    ruleset.checks.push_back(std::move(check));
  });
  if (ruleset.checks.empty()) root.at("checks").fail("at least one check is expected");
  return ruleset;
}

}  // namespace sekimori
