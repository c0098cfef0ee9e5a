#include "rule_reader.h"

#include <algorithm>
#include <set>

namespace sekimori {
namespace {

constexpr double kLongestDays = 36500;
constexpr std::int64_t kMostRows = 1'000'000'000;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
  });
}

Amount read_amount(const std::string& key, const JsonNode& node) {
  Amount amount;
  amount.least = node.integer(1, kMostRows);
  const auto colon = key.find(':');
  const auto measure = key.substr(0, colon);
  if (colon != std::string::npos) amount.column = key.substr(colon + 1);
  const bool named = is_name(amount.column);
  if (measure == "rows" && colon == std::string::npos) {
    amount.measure = Amount::Measure::rows;
  } else if (measure == "flows" && colon == std::string::npos) {
    amount.measure = Amount::Measure::flows;
  } else if (measure == "distinct" && named) {
    amount.measure = Amount::Measure::distinct;
  } else if (measure == "sum" && named) {
    amount.measure = Amount::Measure::sum;
  } else {
    node.fail("rows are counted by \"rows\", \"flows\", \"distinct:COLUMN\" or \"sum:COLUMN\"");
  }
  return amount;
}

Conditions read_conditions(const JsonNode& node) {
  Conditions conditions;
  node.each([&](const JsonNode& item) {
    Condition condition;
    item.each_key([&](const std::string& key, const JsonNode& value) {
      condition.push_back(read_amount(key, value));
    });
    if (condition.empty()) item.fail("at least one amount is expected");
    conditions.push_back(std::move(condition));
  });
  if (conditions.empty()) node.fail("at least one condition is expected");
  return conditions;
}

void read_effect(const JsonNode& node, EvidenceRule& rule) {
  const auto effect = node.find("effect");
  if (rule.kind == RuleKind::flag) {
    if (effect) effect->fail("a flag never changes an answer");
    return;
  }
  const auto needed = node.at("effect");
  if (rule.kind == RuleKind::supports) {
    needed.only({"supporting"});
    rule.supporting = read_conditions(needed.at("supporting"));
    return;
  }
  needed.only({"strong", "limited"});
  if (const auto strong = needed.find("strong")) rule.strong = read_conditions(*strong);
  if (const auto limited = needed.find("limited")) rule.limited = read_conditions(*limited);
  if (rule.strong.empty() && rule.limited.empty())
    needed.fail("\"strong\" or \"limited\" is expected");
}

RuleKind read_kind(const JsonNode& node) {
  const auto kind = node.one_of({"against", "for", "flag"});
  if (kind == "against") return RuleKind::against;
  return kind == "for" ? RuleKind::supports : RuleKind::flag;
}

void read_strength(const JsonNode& node, EvidenceRule& rule) {
  if (rule.kind == RuleKind::flag) rule.min_strength = Strength::s1;
  if (const auto least = node.find("min_strength")) {
    rule.min_strength = *parse_strength(least->one_of({"S1", "S2", "S3"}));
    if (rule.kind == RuleKind::against && rule.min_strength == Strength::s1)
      least->fail("one-way signs contradict nothing: S2 or S3 is expected");
  }
  if (const auto flows = node.find("min_flows")) rule.min_flows = flows->integer(1, kMostRows);
}

}  // namespace

std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == text.npos) break;
    names.emplace_back(text.substr(open + 1, close - open - 1));
  }
  return names;
}

std::vector<std::string> read_vantage(const JsonNode& node) {
  std::vector<std::string> letters;
  node.each([&](const JsonNode& item) {
    letters.push_back(item.one_of({"B", "C", "D", "F", "R", "M", "W", "any"}));
  });
  if (letters.empty()) node.fail("at least one letter is expected");
  return letters;
}

Answer answer_of(const JsonNode& node) {
  return *parse_answer(node.one_of({"yes", "partial", "no", "na", ""}));
}

EvidenceRule read_rule(const JsonNode& node) {
  node.only({"id", "kind", "vantage", "min_strength", "min_flows", "min_days", "needs_coverage",
             "needs", "uses", "claims", "declared", "query", "seen", "effect", "text", "refs"});
  EvidenceRule rule;
  rule.id = node.at("id").text();
  rule.kind = read_kind(node.at("kind"));
  rule.vantage = read_vantage(node.at("vantage"));
  read_strength(node, rule);
  if (const auto days = node.find("min_days")) rule.min_days = days->number(0, kLongestDays);
  if (const auto needs = node.find("needs_coverage")) rule.needs_coverage = needs->boolean();
  if (const auto needs = node.find("needs")) rule.needs = needs->texts();
  if (const auto uses = node.find("uses")) rule.uses = uses->texts();
  if (const auto claims = node.find("claims"))
    claims->each([&](const JsonNode& item) { rule.claims.push_back(answer_of(item)); });
  if (const auto declared = node.find("declared")) rule.declared = declared->any_text();
  rule.query = node.at("query").lines();
  if (const auto seen = node.find("seen")) rule.seen = seen->lines();
  read_effect(node, rule);
  // What was not seen may be elsewhere: it takes one step at most, and never on a short look.
  if (rule.kind == RuleKind::against && rule.needs_coverage && !rule.strong.empty())
    node.at("effect").fail("what rests on silence is no strong evidence");
  rule.text = node.at("text").bilingual();
  auto english = placeholders(rule.text.en);
  auto japanese = placeholders(rule.text.ja);
  if (std::set(english.begin(), english.end()) != std::set(japanese.begin(), japanese.end()))
    node.at("text").fail("the two languages name different columns");
  rule.refs = node.at("refs").texts();
  return rule;
}

}  // namespace sekimori
