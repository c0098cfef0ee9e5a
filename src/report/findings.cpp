// Findings with their proof, and what became of every check.

#include "context.h"
#include "verdicts.h"

#include <algorithm>

namespace sekimori::report {
namespace {

Json standards_of(const Check& check) {
  return check.maps_to;
}

// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON throws nothing.
struct FindingRow {
  std::string id, check, severity, subject;
  Bilingual text;
  Json client, server, asset, first_seen, last_seen, strength, count;
  std::optional<std::int64_t> conversation, conduit;

  /// `SEG-01.12` comes after `SEG-01.2`.
  [[nodiscard]] std::uint64_t number() const {
    std::uint64_t number = 0;
    for (auto at = id.rfind('.') + 1; at != 0 && at < id.size(); ++at)
      number = number * 10 + static_cast<std::uint64_t>(id[at] - '0');
    return number;
  }
};

std::optional<std::int64_t> number(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

/// Whom a finding is about, where its query told it.
Json party(const Context& context, std::optional<std::int64_t> asset,
           std::optional<std::int64_t> zone) {
  if (!asset && !zone) return nullptr;
  auto end = context.ends.end(asset, "", zone);
  end.erase("address");
  return end;
}

std::vector<FindingRow> finding_rows(const Context& context) {
  auto rows = context.from.model.prepare(
      "SELECT f.finding, f.check_id, f.severity, f.subject, f.text_en, f.text_ja, f.client, "
      "f.client_zone, f.server, f.server_zone, f.asset, f.conversation, f.first_seen, f.last_seen, "
      "f.strength, f.count, d.conduit FROM finding f LEFT JOIN conversation c USING (conversation) "
      "LEFT JOIN conduit d ON d.from_zone = COALESCE(f.client_zone, c.client_zone) AND d.to_zone = "
      "COALESCE(f.server_zone, c.server_zone)");
  std::vector<FindingRow> findings;
  const auto time = [&](int column) {
    return rows.is_null(column) ? Json(nullptr) : Json(utc_of_seconds(rows.real(column)));
  };
  while (rows.step()) {
    FindingRow row;
    row.id = rows.text(0);
    row.check = rows.text(1);
    row.severity = rows.text(2);
    row.subject = rows.text(3);
    row.text = {rows.text(4), rows.text(5)};
    row.client = party(context, number(rows, 6), number(rows, 7));
    row.server = party(context, number(rows, 8), number(rows, 9));
    row.asset = party(context, number(rows, 10), std::nullopt);
    row.conversation = number(rows, 11);
    row.first_seen = time(12);
    row.last_seen = time(13);
    row.strength = rows.is_null(14) ? Json(nullptr) : Json(rows.text(14));
    row.count = rows.is_null(15) ? Json(nullptr) : Json(rows.integer(15));
    row.conduit = number(rows, 16);
    findings.push_back(std::move(row));
  }
  std::ranges::sort(findings, [](const FindingRow& a, const FindingRow& b) {
    const auto key = [](const FindingRow& row) {
      return std::tuple{-rank_of(row.severity), std::string_view{row.check}, row.number()};
    };
    return key(a) < key(b);
  });
  return findings;
}

Json proof_json(const Context& context, const FindingRow& row) {
  auto proof = context.from.model.prepare(
      "SELECT capture, frame FROM proof WHERE finding = ? ORDER BY capture, frame");
  proof.bind(1, std::string_view{row.id});
  auto list = Json::array();
  while (proof.step())
    list.push_back(context.frames.evidence({proof.integer(0), proof.integer(1)}, row.conversation,
                                           context.ends));
  return list;
}

Json finding_json(const Context& context, const FindingRow& row) {
  const auto* check = context.from.rules.find(row.check);
  auto evidence = proof_json(context, row);
  Json json;
  json["id"] = row.id;
  json["check"] = row.check;
  json["severity"] = row.severity;
  json["subject"] = row.subject;
  json["text"] = text_of(row.text);
  // A model checked with other rules than those at hand has findings without a text.
  if (check != nullptr) {
    json["title"] = text_of(check->title);
    json["why"] = text_of(check->why);
    json["remedy"] = text_of(check->remedy);
    json["standards"] = standards_of(*check);
  }
  json["client"] = row.client;
  json["server"] = row.server;
  json["asset"] = row.asset;
  json["conversation"] = row.conversation ? Json(*row.conversation) : Json(nullptr);
  json["conduit"] = row.conduit ? Json(*row.conduit) : Json(nullptr);
  json["strength"] = row.strength;
  json["count"] = row.count;
  json["first_seen"] = row.first_seen;
  json["last_seen"] = row.last_seen;
  json["command"] = evidence.empty() ? Json(nullptr) : Json(evidence_command(row.id));
  json["evidence"] = std::move(evidence);
  return json;
}

/// `a b of c` of a note such as `coverage: days 0.2 of 7`.
struct Lacking {
  std::string what, value, need;
};

std::optional<Lacking> lacking(std::string_view note) {
  constexpr std::string_view kPrefix = "coverage: ";
  if (!note.starts_with(kPrefix)) return std::nullopt;
  note.remove_prefix(kPrefix.size());
  const auto blank = note.find(' ');
  for (const std::string_view between : {" of ", " over "}) {
    const auto at = note.find(between);
    if (blank == std::string_view::npos || at == std::string_view::npos || at <= blank) continue;
    return Lacking{std::string{note.substr(0, blank)},
                   std::string{note.substr(blank + 1, at - blank - 1)},
                   std::string{note.substr(at + between.size())}};
  }
  return std::nullopt;
}

/// Why a check came out as it did, from what run_checks() notes (run_checks.h).
Bilingual reason_of(const Words& words, const std::string& result, std::int64_t findings,
                    std::int64_t listed, const std::string& note) {
  if (result == "violated" && listed < findings)
    return words.say("reason-listed", {{"total", plain(findings)}, {"listed", plain(listed)}});
  if (result == "violated") return words.say("reason-violated", {{"count", plain(findings)}});
  if (result == "met") return words.say("reason-met");
  constexpr std::string_view kFailed = "failed: ";
  if (note.starts_with(kFailed))
    return words.say("reason-failed", {{"error", plain(note.substr(kFailed.size()))}});
  if (const auto lack = lacking(note); lack && words.has("reason-" + lack->what))
    return words.say("reason-" + lack->what,
                     {{"value", plain(lack->value)}, {"need", plain(lack->need)}});
  return note.empty() ? words.say("reason-unseen") : plain(note);
}

}  // namespace

Json findings_section(const Context& context) {
  auto list = Json::array();
  std::map<std::string, std::size_t> told;
  for (const auto& row : finding_rows(context))
    if (++told[row.check] <= kMostFindings) list.push_back(finding_json(context, row));
  return list;
}

Json checks_section(const Context& context) {
  auto rows = context.from.model.prepare(
      "SELECT check_id, ruleset, result, findings, note, (SELECT COUNT(*) FROM finding f "
      "WHERE f.check_id = r.check_id) FROM check_result r ORDER BY check_id");
  auto list = Json::array();
  while (rows.step()) {
    const auto* check = context.from.rules.find(rows.text(0));
    if (check == nullptr) continue;
    const auto listed = std::min(rows.integer(5), static_cast<std::int64_t>(kMostFindings));
    Json json;
    json["id"] = check->id;
    json["ruleset"] = rows.text(1);
    json["title"] = text_of(check->title);
    json["severity"] = to_text(check->severity);
    json["result"] = rows.text(2);
    json["findings"] = rows.integer(3);
    json["listed"] = listed;
    json["reason"] =
        text_of(reason_of(context.words, rows.text(2), rows.integer(3), listed, rows.text(4)));
    json["why"] = text_of(check->why);
    json["remedy"] = text_of(check->remedy);
    json["standards"] = standards_of(*check);
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace sekimori::report
