// Reads a question set, and refuses what it does not understand or what does not add up: a wrong
// weight would be a wrong score in every report.

#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"
#include "sekimori/reconcile/question_set.h"

#include "rule_reader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace sekimori {
namespace {

constexpr double kLongestDays = 36500;
constexpr double kMostPoints = 1'000'000;
constexpr int kMostCaptures = 100;

bool whole(double value) {
  return std::abs(value - std::round(value)) < 1e-9;
}

class SetReader {
 public:
  SetReader(QuestionSet& set) : set_(set) {}

  void read(const JsonNode& root) {
    root.only({"format",      "version",   "id",          "revision",     "title",     "source",
               "cover",       "columns",   "id_prefixes", "scale",        "scoring",   "totals",
               "testability", "fix_types", "easy_fixes",  "difficulties", "obstacles", "inputs",
               "given",       "tables",    "views",       "areas"});
    root.at("format").expect("question-set");
    root.at("version").expect(1);
    set_.id = root.at("id").text();
    set_.revision = root.at("revision").integer(0, INT32_MAX);
    set_.title = root.at("title").bilingual();
    set_.source = root.at("source").bilingual();
    read_cover(root.at("cover"));
    read_columns(root.at("columns"));
    read_prefixes(root.at("id_prefixes"));
    read_scale(root.at("scale"));
    read_scoring(root.at("scoring"));
    root.at("testability").only({"T", "P", "N"});
    read_titles(root.at("testability"), set_.testability_titles);
    read_titles(root.at("fix_types"), set_.fix_types);
    if (const auto easy = root.find("easy_fixes"))
      easy->each(
          [&](const JsonNode& item) { set_.easy_fixes.push_back(key_of(item, set_.fix_types)); });
    read_titles(root.at("difficulties"), set_.difficulties);
    if (const auto obstacles = root.find("obstacles")) read_titles(*obstacles, set_.obstacles);
    read_titles(root.at("inputs"), set_.inputs);
    if (const auto given = root.find("given")) read_given(*given);
    read_tables(root.at("tables"));
    if (const auto views = root.find("views")) read_views(*views);
    root.at("areas").each([&](const JsonNode& area) { read_area(area); });
    check_totals(root.at("totals"));
  }

 private:
  static void read_titles(const JsonNode& node, std::map<std::string, Bilingual>& titles) {
    node.each_key([&](const std::string& key, const JsonNode& value) {
      titles.emplace(key, value.bilingual());
    });
  }

  void read_cover(const JsonNode& node) {
    std::set<std::string> ids;
    node.each([&](const JsonNode& item) {
      item.only({"id", "title", "values"});
      CoverField field{item.at("id").text(), item.at("title").bilingual(), {}};
      if (const auto values = item.find("values")) field.values = values->texts();
      if (!ids.insert(field.id).second) item.fail(in_quotes(field.id) + " stands twice");
      set_.cover.push_back(std::move(field));
    });
  }

  void read_columns(const JsonNode& node) {
    node.only({"question_id", "question", "answer", "answer_after", "fix", "difficulty", "obstacle",
               "note", "evidence_ref", "answered_by", "answered_on"});
    for (const auto* const key : {"question_id", "answer"})
      if (!node.has(key)) node.fail("no " + in_quotes(key));
    std::map<std::string, std::string> places;
    node.each_key([&](const std::string& key, const JsonNode& value) {
      ColumnNames names{key, {}};
      value.each([&](const JsonNode& item) {
        names.words.push_back(normal_word(item.text()));
        const auto [place, added] = places.emplace(names.words.back(), item.path());
        if (!added) item.fail("the word already stands at " + place->second);
      });
      set_.columns.push_back(std::move(names));
    });
  }

  void read_prefixes(const JsonNode& node) {
    node.each([&](const JsonNode& item) { set_.id_prefixes.push_back(normal_word(item.text())); });
    std::ranges::sort(set_.id_prefixes, [](const std::string& one, const std::string& other) {
      return one.size() != other.size() ? one.size() > other.size() : one < other;
    });
  }

  void read_given(const JsonNode& node) {
    node.each_key([&](const std::string& key, const JsonNode& value) {
      if (!set_.inputs.contains(key)) value.fail("no such input");
      set_.given.emplace(key, value.lines());
    });
  }

  // The shared tables come in the order of their names, which JSON does not keep otherwise; SQL
  // lets a common table expression name one that is written after it.
  void read_tables(const JsonNode& node) {
    node.each_key([&](const std::string& key, const JsonNode& value) {
      set_.tables.emplace_back(key, value.lines());
    });
  }

  void read_views(const JsonNode& node) {
    read_tables(node);
    node.each_key([&](const std::string& key, const JsonNode& value) {
      if (std::ranges::count(set_.tables | std::views::keys, key) > 1)
        value.fail("a table is called so");
      set_.views.insert(key);
    });
  }

  void read_words(const JsonNode& node, std::vector<std::string>& words) {
    node.each([&](const JsonNode& item) {
      auto word = normal_word(item.text());
      const auto [place, added] = words_.emplace(word, item.path());
      if (!added) item.fail("the word already stands at " + place->second);
      words.push_back(std::move(word));
    });
  }

  void read_choice(const JsonNode& node) {
    node.only({"id", "means", "value", "title", "words"});
    Choice choice;
    choice.id = node.at("id").text();
    choice.means = answer_of(node.at("means"));
    if (choice.means == Answer::not_applicable)
      node.at("means").fail("what does not apply is no choice: see \"not_applicable\"");
    choice.value = node.at("value").number(-kMostPoints, kMostPoints);
    choice.title = node.at("title").bilingual();
    read_words(node.at("words"), choice.words);
    if (std::ranges::count(set_.scale.choices, choice.id, &Choice::id) != 0)
      node.at("id").fail(in_quotes(choice.id) + " stands twice");
    set_.scale.choices.push_back(std::move(choice));
  }

  [[nodiscard]] std::size_t choice(const JsonNode& node) const {
    std::vector<std::string> ids;
    for (const auto& known : set_.scale.choices) ids.push_back(known.id);
    const auto id = node.one_of(ids);
    return static_cast<std::size_t>(std::ranges::find(ids, id) - ids.begin());
  }

  void read_scale(const JsonNode& node) {
    node.only({"choices", "not_applicable", "unanswered", "alternate"});
    auto& scale = set_.scale;
    node.at("choices").each([&](const JsonNode& item) { read_choice(item); });
    const auto none = node.at("not_applicable");
    none.only({"title", "words"});
    scale.not_applicable = none.at("title").bilingual();
    read_words(none.at("words"), scale.not_applicable_words);
    const auto blank = node.at("unanswered");
    blank.only({"title", "words"});
    scale.unanswered = blank.at("title").bilingual();
    read_words(blank.at("words"), scale.unanswered_words);
    if (const auto other = node.find("alternate")) {
      other->only({"counts_as", "title", "words"});
      scale.alternate = other->at("title").bilingual();
      scale.alternate_choice = choice(other->at("counts_as"));
      read_words(other->at("words"), scale.alternate_words);
    }
  }

  void read_scoring(const JsonNode& node) {
    node.only({"rule", "unit"});
    node.at("rule").expect("sum");
    set_.unit = node.at("unit").number(0.001, kMostPoints);
  }

  void read_area(const JsonNode& node) {
    node.only({"id", "title", "points", "questions"});
    Area area;
    area.id = node.at("id").text();
    if (std::ranges::count(set_.areas, area.id, &Area::id) != 0)
      node.at("id").fail(in_quotes(area.id) + " stands twice");
    area.title = node.at("title").bilingual();
    node.at("questions").each([&](const JsonNode& item) {
      area.questions.push_back(set_.questions.size());
      read_question(item, area.id);
      area.most += set_.most_units(set_.questions.back());
    });
    check_points(node.at("points"), area.most);
    set_.areas.push_back(std::move(area));
  }

  void check_points(const JsonNode& node, std::int64_t units) const {
    if (std::abs(node.number(0, kMostPoints) - set_.points(units)) < 1e-9) return;
    node.fail("the questions sum to " + Json(set_.points(units)).dump());
  }

  void read_choices(const JsonNode& node, Question& question) const {
    bool has_yes = false;
    bool has_no = false;
    node.each([&](const JsonNode& item) {
      const auto index = choice(item);
      const auto& known = set_.scale.choices[index];
      if (!question.choices.empty() && index <= question.choices.back())
        item.fail("the answers stand in the scale's order, each once");
      question.choices.push_back(index);
      has_yes = has_yes || known.means == Answer::yes;
      has_no = has_no || known.means == Answer::no;
      const auto points = question.weight * known.value;
      if (!whole(points / set_.unit))
        item.fail(in_quotes(known.id) + " scores " + Json(points).dump() +
                  ", which is no multiple of " + Json(set_.unit).dump());
    });
    if (!has_yes || !has_no)
      node.fail("an answer that means yes and one that means no is expected");
  }

  static std::string key_of(const JsonNode& node, const std::map<std::string, Bilingual>& titles) {
    std::vector<std::string> keys;
    for (const auto& [key, title] : titles) keys.push_back(key);
    return node.one_of(keys);
  }

  void read_follow_up(const JsonNode& node, Question& question) const {
    node.only({"of", "asked_when"});
    FollowUp follow_up;
    follow_up.of = node.at("of").text();
    const auto* const parent = set_.find(follow_up.of);
    if (parent == nullptr) node.at("of").fail("no such question stands before it");
    if (parent->follow_up) node.at("of").fail("that question is a follow-up itself");
    for (const auto index : parent->choices)
      if (std::ranges::find(question.choices, index) == question.choices.end() &&
          set_.scale.choices[index].means != Answer::partial)
        node.at("of").fail("it cannot inherit every answer of that question");
    node.at("asked_when").each([&](const JsonNode& item) {
      follow_up.asked_when.push_back(answer_of(item));
    });
    for (const auto index : parent->choices) {
      const auto means = set_.scale.choices[index].means;
      if (std::ranges::find(question.choices, index) == question.choices.end() &&
          std::ranges::find(follow_up.asked_when, means) == follow_up.asked_when.end())
        node.at("asked_when").fail("it would inherit an answer that it does not have");
    }
    question.follow_up = std::move(follow_up);
  }

  void read_testing(const JsonNode& node, Question& question) {
    const auto testability = node.at("testability").one_of({"T", "P", "N"});
    question.testability = testability == "T"   ? Testability::testable
                           : testability == "P" ? Testability::partly
                                                : Testability::never;
    const bool never = question.testability == Testability::never;
    if (const auto vantage = node.find("vantage")) question.vantage = read_vantage(*vantage);
    if (never == node.has("vantage"))
      node.fail(never ? "what traffic cannot test has no vantage point"
                      : "what traffic can test has a vantage point");
    if (const auto captures = node.find("captures"))
      question.captures = static_cast<int>(captures->integer(1, kMostCaptures));
    if (const auto days = node.find("min_days")) question.min_days = days->number(0, kLongestDays);
    if (const auto cap = node.find("cap"))
      question.one_step = cap->one_of({"one-step"}) == "one-step";
    const auto evidence = node.find("evidence");
    if (!evidence) return;
    if (never) evidence->fail("what traffic cannot test has no evidence");
    evidence->each([&](const JsonNode& item) {
      question.evidence.push_back(read_rule(item));
      for (const auto* const key : {"needs", "uses"}) check_inputs(item, key, question);
      const auto& id = question.evidence.back().id;
      if (!rules_.insert(id).second) item.at("id").fail(in_quotes(id) + " stands twice");
    });
  }

  /// The question names every list that a rule of it asks for, so that its verdict can.
  static void check_inputs(const JsonNode& rule, const std::string& key, const Question& question) {
    if (const auto inputs = rule.find(key))
      inputs->each([&](const JsonNode& item) { static_cast<void>(item.one_of(question.needs)); });
  }

  void read_question(const JsonNode& node, const std::string& area) {
    node.only({"id", "weight", "answers", "text", "yes_when", "testability", "fix", "basis",
               "vantage", "captures", "min_days", "cap", "follow_up", "needs", "refs", "evidence"});
    Question question;
    question.area = area;
    question.id = node.at("id").text();
    if (set_.find(question.id) != nullptr)
      node.at("id").fail(in_quotes(question.id) + " stands twice");
    if (normal_word(question.id) != question.id)
      node.at("id").fail("an id is in lower case, half width, without blanks at its ends");
    question.weight = node.at("weight").number(0, kMostPoints);
    read_choices(node.at("answers"), question);
    question.text = node.at("text").bilingual();
    question.yes_when = node.at("yes_when").bilingual();
    const auto fix = node.at("fix");
    fix.only({"type", "difficulty"});
    question.fix_type = key_of(fix.at("type"), set_.fix_types);
    question.fix_difficulty = key_of(fix.at("difficulty"), set_.difficulties);
    question.basis = node.at("basis").texts();
    if (const auto refs = node.find("refs")) question.refs = refs->texts();
    if (const auto needs = node.find("needs"))
      needs->each(
          [&](const JsonNode& item) { question.needs.push_back(key_of(item, set_.inputs)); });
    if (const auto follow_up = node.find("follow_up")) read_follow_up(*follow_up, question);
    read_testing(node, question);
    auto& share = set_.testability[static_cast<std::size_t>(question.testability)];
    ++share.lines;
    share.units += set_.most_units(question);
    set_.questions.push_back(std::move(question));
  }

  static void check_count(const JsonNode& node, std::size_t count) {
    if (node.integer(0, INT32_MAX) != static_cast<std::int64_t>(count))
      node.fail("there are " + std::to_string(count));
  }

  void check_totals(const JsonNode& node) const {
    node.only({"points", "lines", "numbered", "T", "P", "N"});
    check_points(node.at("points"), set_.most_units());
    check_count(node.at("lines"), set_.questions.size());
    check_count(node.at("numbered"), set_.numbered());
    for (std::size_t i = 0; i < kTestabilityCount; ++i) {
      const auto share = node.at(std::string{to_text(static_cast<Testability>(i))});
      share.only({"lines", "points"});
      check_count(share.at("lines"), set_.testability[i].lines);
      check_points(share.at("points"), set_.testability[i].units);
    }
  }

  QuestionSet& set_;
  std::map<std::string, std::string> words_;  // -> where it stands
  std::set<std::string> rules_;
};

}  // namespace

QuestionSet parse_question_set(std::string_view json, std::string_view file) {
  const auto root = parse_json(json, file);
  QuestionSet set;
  set.file = file;
  SetReader{set}.read(JsonNode{root, file});
  return set;
}

}  // namespace sekimori
