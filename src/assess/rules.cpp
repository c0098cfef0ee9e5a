// The checks in force: those of the program and those of the user, each tried on an empty model.

#include "sekimori/assess/ruleset.h"
#include "sekimori/bytes/embedded.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/nearest.h"
#include "sekimori/model/database.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sekimori {
namespace embedded {
extern const std::span<const File> checks;
}  // namespace embedded

namespace {

namespace fs = std::filesystem;

// Enough for every query over an empty model.
constexpr std::uint64_t kTrialSteps = 10'000'000;

/// Prepares and runs queries over an empty model, as a check will be run over a full one.
class Trial {
 public:
  Trial() : database_(":memory:", Database::Mode::create) {
    database_.execute(schema_sql());
    database_.restrict(kTrialSteps);
  }

  /// The names of the columns that the query returns.
  std::vector<std::string> columns(const std::string& sql, const Ruleset& ruleset,
                                   const std::string& path) {
    try {
      auto statement = database_.prepare(sql);
      std::vector<std::string> names;
      for (int i = 0; i < statement.columns(); ++i) names.push_back(statement.column_name(i));
      statement.run();
      return names;
    } catch (const Error& error) {
      throw Error(ruleset.file, path, error.what());
    }
  }

 private:
  Database database_;
};

void check_columns(const std::vector<std::string>& columns, const Ruleset& ruleset,
                   const std::string& path) {
  const auto has = [&columns](std::string_view name) {
    return std::ranges::count(columns, name) != 0;
  };
  if (!has("subject")) throw Error(ruleset.file, path, "the query returns no column \"subject\"");
  if (!has("frames") && !(has("capture") && has("frame"))) {
    throw Error(ruleset.file, path,
                "the query returns neither \"capture\" and \"frame\" nor \"frames\", so nothing "
                "would prove a finding");
  }
  for (const auto& name : columns) {
    if (std::ranges::count(columns, name) > 1)
      throw Error(ruleset.file, path, "the query returns the column \"" + name + "\" twice");
  }
}

void check_placeholders(const std::string& text, const std::vector<std::string>& columns,
                        const Ruleset& ruleset, const std::string& path) {
  const auto pieces = split_template(text);
  for (std::size_t i = 1; i < pieces.size(); i += 2) {
    if (std::ranges::count(columns, pieces[i]) != 0) continue;
    const auto meant = nearest(pieces[i], columns);
    throw Error(ruleset.file, path,
                "the query returns no column \"" + pieces[i] + '"' +
                    (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
  }
}

void verify(const Ruleset& ruleset) {
  Trial trial;
  std::size_t number = 0;
  for (const auto& check : ruleset.checks) {
    const auto path = "/checks/" + std::to_string(number++);
    const auto columns = trial.columns(check.violated, ruleset, path + "/violated");
    check_columns(columns, ruleset, path + "/violated");
    check_placeholders(check.finding.en, columns, ruleset, path + "/finding/en");
    check_placeholders(check.finding.ja, columns, ruleset, path + "/finding/ja");
    (void)trial.columns(check.seen, ruleset, path + "/seen");
  }
}

}  // namespace

Rules Rules::builtin() {
  Rules rules;
  for (const auto& file : embedded::checks) rules.add(parse_ruleset(file.text, file.name));
  return rules;
}

void Rules::add(Ruleset ruleset) {
  for (const auto& other : rulesets_) {
    std::size_t number = 0;
    for (const auto& check : ruleset.checks) {
      const auto path = "/checks/" + std::to_string(number++) + "/id";
      for (const auto& taken : other.checks) {
        if (taken.id == check.id)
          throw Error(ruleset.file, path,
                      "the id " + check.id + " stands in " + other.file + ", too");
      }
    }
  }
  verify(ruleset);
  rulesets_.push_back(std::move(ruleset));
}

void Rules::add(const fs::path& file_or_folder) {
  if (!fs::is_directory(file_or_folder)) {
    add(parse_ruleset(read_file(file_or_folder), file_or_folder.string()));
    return;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{file_or_folder}) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) throw Error(file_or_folder.string(), "a folder without a ruleset (*.json)");
  std::ranges::sort(files);
  for (const auto& file : files) add(parse_ruleset(read_file(file), file.string()));
}

std::vector<Rules::Entry> Rules::entries() const {
  std::vector<Entry> entries;
  for (const auto& ruleset : rulesets_)
    for (const auto& check : ruleset.checks) entries.push_back({&ruleset, &check});
  std::ranges::sort(entries, {}, [](const Entry& entry) { return entry.check->id; });
  return entries;
}

const Check* Rules::find(std::string_view id) const {
  for (const auto& ruleset : rulesets_)
    for (const auto& check : ruleset.checks)
      if (check.id == id) return &check;
  return nullptr;
}

const Check& Rules::at(std::string_view id) const {
  if (const auto* check = find(id)) return *check;
  std::vector<std::string> ids;
  for (const auto& entry : entries()) ids.push_back(entry.check->id);
  const auto meant = nearest(id, ids);
  throw Error("no such check: \"" + std::string{id} + '"' +
              (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
}

}  // namespace sekimori
