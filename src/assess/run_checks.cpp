// Evaluates checks over a model. Unseen is not absent: a check without a finding is `met` only
// where its `seen` has a row and the captures cover what it needs.

#include "sekimori/assess/run_checks.h"

#include "sekimori/assess/zone_words.h"
#include "sekimori/bytes/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace sekimori {
namespace {

/// The columns of `finding` that a query may return, beside its sentences.
constexpr auto kFindingColumns = std::to_array<const char*>(
    {"client", "server", "asset", "conversation", "operation", "client_zone", "server_zone",
     "first_seen", "last_seen", "strength", "count"});

struct Frame {
  std::int64_t capture = 0;
  std::int64_t number = 0;
  friend auto operator<=>(const Frame&, const Frame&) = default;
};

struct Finding {
  std::string subject, en, ja;
  std::vector<Frame> frames;   ///< the one to look at first stands first
  std::vector<Value> columns;  ///< as kFindingColumns

  [[nodiscard]] auto order() const { return std::tie(subject, en, frames); }
};

struct Evaluation {
  CheckOutcome outcome;
  std::vector<Finding> findings;
};

/// What `coverage` says, and from where it was seen.
struct Coverage {
  double days = 0, both_directions = 1, loss = 0;
  std::string vantage;
};

std::string decimal(double value) {
  std::array<char, 32> text{};
  const auto result =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3);
  std::string said{text.data(), result.ptr};
  while (said.ends_with('0')) said.pop_back();
  if (said.ends_with('.')) said.pop_back();
  return said;
}

Coverage coverage_of(Database& database) {
  Coverage coverage;
  // Captures may leave gaps in their span, or run side by side: the lesser is what was watched.
  auto rows = database.prepare(
      "SELECT MIN(span_days, seen_days), both_directions, loss FROM coverage WHERE captures > 0");
  if (rows.step()) {
    coverage.days = rows.real(0);
    if (!rows.is_null(1)) coverage.both_directions = rows.real(1);
    coverage.loss = rows.real(2);
  }
  auto letters = database.prepare("SELECT vantage FROM capture");
  while (letters.step()) coverage.vantage += letters.text(0);
  return coverage;
}

/// What is lacking, or "".
std::string lacking(const Needs& needs, const Coverage& coverage) {
  if (coverage.days < needs.days)
    return "coverage: days " + decimal(coverage.days) + " of " + decimal(needs.days);
  if (coverage.both_directions < needs.both_directions) {
    return "coverage: both_directions " + decimal(coverage.both_directions) + " of " +
           decimal(needs.both_directions);
  }
  if (coverage.loss > needs.loss)
    return "coverage: loss " + decimal(coverage.loss) + " over " + decimal(needs.loss);
  const bool from_there = std::ranges::any_of(needs.vantage, [&](const std::string& letter) {
    return coverage.vantage.find(letter) != std::string::npos;
  });
  if (needs.vantage.empty() || from_there) return {};
  std::string letters;
  for (const auto& letter : needs.vantage) letters += letter;
  return "coverage: vantage " + (coverage.vantage.empty() ? "-" : coverage.vantage) + " of " +
         letters;
}

/// Reads `capture:frame,capture:frame`, as group_concat makes it.
void add_frames(std::string_view list, std::set<Frame>& frames) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const auto item = list.substr(0, comma);
    Frame frame;
    const auto* const end = item.data() + item.size();
    const auto first = std::from_chars(item.data(), end, frame.capture);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ':')
      throw Error("frames: not capture:frame: \"" + std::string{item} + '"');
    const auto second = std::from_chars(first.ptr + 1, end, frame.number);
    if (second.ec != std::errc{} || second.ptr != end)
      throw Error("frames: not capture:frame: \"" + std::string{item} + '"');
    frames.insert(frame);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

/// A check's query and how its rows become findings.
class Query {
 public:
  Query(const Ruleset& ruleset, const Check& check, Database& database, const ZoneWords& zones)
      : ruleset_(ruleset),
        zones_(zones),
        statement_(database.prepare(check.violated)),
        en_(split_template(check.finding.en)),
        ja_(split_template(check.finding.ja)) {
    for (int i = 0; i < statement_.columns(); ++i) columns_[statement_.column_name(i)] = i;
  }

  bool step() { return statement_.step(); }

  [[nodiscard]] std::string subject() const { return value("subject").as_text(); }

  [[nodiscard]] Finding finding(std::size_t most_frames) const {
    Finding finding;
    finding.subject = subject();
    finding.en = sentence(en_, &Bilingual::en);
    finding.ja = sentence(ja_, &Bilingual::ja);
    finding.frames = frames(most_frames);
    for (const char* column : kFindingColumns) finding.columns.push_back(value(column));
    return finding;
  }

 private:
  [[nodiscard]] Value value(const std::string& column) const {
    const auto found = columns_.find(column);
    return found != columns_.end() ? statement_.value(found->second) : Value{};
  }

  [[nodiscard]] std::optional<Frame> frame(const char* capture, const char* number) const {
    const auto in = value(capture);
    const auto at = value(number);
    if (in.is_null() || at.is_null()) return std::nullopt;
    return Frame{in.as_integer(), at.as_integer()};
  }

  [[nodiscard]] std::vector<Frame> frames(std::size_t most) const {
    std::set<Frame> all;
    add_frames(value("frames").as_text(), all);
    const auto first = frame("capture", "frame");
    if (const auto last = frame("last_capture", "last_frame")) all.insert(*last);
    std::vector<Frame> chosen;
    if (first) {
      chosen.push_back(*first);
      all.erase(*first);
    }
    for (const auto& other : all) {
      if (chosen.size() >= most) break;
      chosen.push_back(other);
    }
    return chosen;
  }

  [[nodiscard]] std::string sentence(const std::vector<std::string>& pieces,
                                     std::string Bilingual::*language) const {
    std::string text;
    for (std::size_t i = 0; i < pieces.size(); ++i)
      text += i % 2 == 0 ? pieces[i] : said(pieces[i], language);
    return text;
  }

  /// A column's value, or the words that the ruleset, or the zone plan, has for it.
  [[nodiscard]] std::string said(const std::string& column,
                                 std::string Bilingual::*language) const {
    auto text = value(column).as_text();
    const auto words = ruleset_.words.find(column);
    if (words == ruleset_.words.end()) return zones_.say(column, text).*language;
    const auto word = words->second.find(text);
    return word != words->second.end() ? word->second.*language : text;
  }

  const Ruleset& ruleset_;
  const ZoneWords& zones_;
  Statement statement_;
  std::vector<std::string> en_, ja_;
  std::map<std::string, int> columns_;
};

/// Keeps the least `most` findings, so that what is listed does not depend on the query's order.
class LeastFindings {
 public:
  explicit LeastFindings(std::size_t most) : most_(most) {}

  /// Reads the finding that the query stands at, unless enough are known to come before it.
  void take(const Query& query, std::size_t most_frames) {
    if (bound_ && query.subject() > *bound_) return;
    findings_.push_back(query.finding(most_frames));
    if (findings_.size() >= 2 * most_ + 1000) sort();
  }

  [[nodiscard]] std::vector<Finding> all() && {
    sort();
    return std::move(findings_);
  }

 private:
  void sort() {
    std::ranges::sort(findings_, {}, &Finding::order);
    if (findings_.size() <= most_) return;
    findings_.resize(most_);
    if (!findings_.empty()) bound_ = findings_.back().subject;
  }

  std::size_t most_;
  std::vector<Finding> findings_;
  std::optional<std::string> bound_;  ///< no subject that is listed comes after it
};

Evaluation ask(const Rules::Entry& entry, Database& database, const Coverage& coverage,
               const ZoneWords& zones, const CheckLimits& limits,
               std::map<std::string, bool>& seen_before) {
  const auto& check = *entry.check;
  Evaluation answer;
  auto& outcome = answer.outcome;
  outcome.id = check.id;
  Query query{*entry.ruleset, check, database, zones};
  LeastFindings least{limits.findings};
  for (; query.step(); ++outcome.findings) least.take(query, limits.frames);
  answer.findings = std::move(least).all();
  if (outcome.findings > 0) {
    outcome.result = CheckResult::violated;
    if (outcome.findings > answer.findings.size()) {
      outcome.note = "listed " + std::to_string(answer.findings.size()) + " of " +
                     std::to_string(outcome.findings);
    }
    return answer;
  }
  // Several checks may ask for the same.
  auto seen = seen_before.find(check.seen);
  if (seen == seen_before.end())
    seen = seen_before.emplace(check.seen, database.prepare(check.seen).step()).first;
  if (!seen->second) return answer;
  outcome.note = lacking(check.needs, coverage);
  if (outcome.note.empty()) outcome.result = CheckResult::met;
  return answer;
}

/// Writes what was found into the model.
class Writer {
 public:
  explicit Writer(Database& database)
      : result_(database.prepare("INSERT INTO check_result (check_id, ruleset, result, findings, "
                                 "note) VALUES (?, ?, ?, ?, ?)")),
        finding_(database.prepare(finding_sql())),
        proof_(database.prepare("INSERT INTO proof (finding, capture, frame) VALUES (?, ?, ?)")) {}

  void write(const Rules::Entry& entry, const Evaluation& answer) {
    result_.bind(1, std::string_view{entry.check->id})
        .bind(2, std::string_view{entry.ruleset->name})
        .bind(3, to_text(answer.outcome.result))
        .bind(4, static_cast<std::int64_t>(answer.outcome.findings))
        .bind(5, std::string_view{answer.outcome.note});
    result_.run();
    std::size_t number = 0;
    for (const auto& finding : answer.findings)
      write(*entry.check, finding, entry.check->id + '.' + std::to_string(++number));
  }

 private:
  static std::string finding_sql() {
    std::string columns;
    std::string values;
    for (const char* column : kFindingColumns) {
      columns += std::string{", "} + column;
      values += ", ?";
    }
    return "INSERT INTO finding (finding, check_id, subject, severity, text_en, text_ja, capture, "
           "frame" +
           columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?" + values + ")";
  }

  void write(const Check& check, const Finding& finding, const std::string& id) {
    int position = 0;
    for (const std::string_view text :
         {std::string_view{id}, std::string_view{check.id}, std::string_view{finding.subject},
          to_text(check.severity), std::string_view{finding.en}, std::string_view{finding.ja}})
      finding_.bind(++position, text);
    Value capture;
    Value number;
    if (!finding.frames.empty()) {
      capture = {Value::Kind::integer, finding.frames.front().capture, 0, {}};
      number = {Value::Kind::integer, finding.frames.front().number, 0, {}};
    }
    finding_.bind(++position, capture);
    finding_.bind(++position, number);
    for (const auto& value : finding.columns) finding_.bind(++position, value);
    finding_.run();
    for (const auto& frame : finding.frames)
      proof_.bind(1, std::string_view{id}).bind(2, frame.capture).bind(3, frame.number).run();
  }

  Statement result_, finding_, proof_;
};

/// Lifts the restriction again, whatever happens between.
class Restricted {
 public:
  Restricted(Database& database, std::uint64_t steps) : database_(database) {
    database_.restrict(steps);
  }
  Restricted(const Restricted&) = delete;
  Restricted& operator=(const Restricted&) = delete;
  ~Restricted() { database_.lift_restriction(); }

 private:
  Database& database_;
};

}  // namespace

std::string_view to_text(CheckResult result) noexcept {
  switch (result) {
    case CheckResult::violated:
      return "violated";
    case CheckResult::met:
      return "met";
    case CheckResult::unseen:
      return "unseen";
  }
  return "";
}

std::vector<CheckOutcome> run_checks(const Rules& rules, Database& database,
                                     const CheckLimits& limits) {
  const auto entries = rules.entries();
  std::vector<Evaluation> answers;
  {
    const Restricted restricted{database, limits.steps};
    const auto coverage = coverage_of(database);
    const ZoneWords zones{database};
    std::map<std::string, bool> seen;  // by query
    for (const auto& entry : entries) {
      try {
        answers.push_back(ask(entry, database, coverage, zones, limits, seen));
      } catch (const Error& error) {
        // A query that fails has seen nothing, and says so.
        answers.push_back(
            {{entry.check->id, CheckResult::unseen, 0, std::string{"failed: "} + error.what()},
             {}});
      }
    }
  }

  // A savepoint, because the caller may have a transaction open.
  database.execute("SAVEPOINT checks");
  try {
    for (const char* table : {"finding", "proof", "check_result"})
      database.execute(std::string{"DELETE FROM "} + table);
    Writer writer{database};
    for (std::size_t i = 0; i < entries.size(); ++i) writer.write(entries[i], answers[i]);
  } catch (const Error&) {
    database.execute("ROLLBACK TO checks");
    database.execute("RELEASE checks");
    throw;
  }
  database.execute("RELEASE checks");

  std::vector<CheckOutcome> outcomes;
  for (auto& answer : answers) outcomes.push_back(std::move(answer.outcome));
  return outcomes;
}

}  // namespace sekimori
