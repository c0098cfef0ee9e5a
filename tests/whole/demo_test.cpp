// The demo plant, all the way: what it should not have is found, what it does by right is not, and
// the claims that its traffic contradicts are lowered.

#include "sekimori/assess/run_checks.h"
#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"
#include "sekimori/reconcile/reconcile.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
const fs::path source{SEKIMORI_SOURCE_DIR};

/// The demo, observed and judged once for all cases.
class Demo {
 public:
  Demo() {
    ObserveOptions options;
    options.vantage = "B";
    const auto facts = observe({source / "captures/demo/plant.pcap"}, options);
    const auto plan = ZonePlan::load(source / "captures/demo/demo-zones.json");
    save(facts, file(), [&](Database& database) { infer_into(database, facts, plan); });
    Database database{file(), Database::Mode::read_write};
    run_checks(Rules::builtin(), database);
    const auto set = load_question_set(source / "rulesets/questionnaires/ssat.json");
    const auto answers = load_answers(source / "captures/demo/demo-answers.csv", set);
    given = answers.given.size();
    reconciliation =
        reconcile(database, set, answers, load_merge_policy(source / "rulesets/merge.json"));
  }

  /// The first column of a query's rows.
  [[nodiscard]] std::set<std::string> ask(const std::string& sql) const {
    Database database{file(), Database::Mode::read_only};
    auto rows = database.prepare(sql);
    std::set<std::string> found;
    while (rows.step()) found.insert(rows.text(0));
    return found;
  }

  [[nodiscard]] std::set<std::string> with(VerdictCode code) const {
    std::set<std::string> found;
    for (const auto& verdict : reconciliation.verdicts)
      if (verdict.code == code) found.insert(verdict.question);
    return found;
  }

  std::size_t given = 0;
  Reconciliation reconciliation;

 private:
  [[nodiscard]] fs::path file() const { return folder_ / "demo.sekimori"; }

  Folder folder_;
};

const Demo& demo() {
  static const Demo made;
  return made;
}

using Set = std::set<std::string>;

TEST_CASE("Demo: hosts are what they are", "[demo]") {
  CHECK(
      demo().ask("SELECT DISTINCT a.ip || ' ' || s.role FROM asset s JOIN address a USING (asset) "
                 "WHERE s.kind = 'device' AND a.ip <> ''") == Set{});
}

TEST_CASE("Demo: walls are where the signs say", "[demo]") {
  CHECK(demo().ask("SELECT a.name || ' / ' || b.name || ': ' || w.verdict FROM wall w JOIN zone a "
                   "ON a.zone = w.from_zone JOIN zone b ON b.zone = w.to_zone") == Set{});
}

TEST_CASE("Demo: what it should not have is found, and nothing else", "[demo]") {
  CHECK(demo().ask("SELECT check_id || ': ' || subject FROM finding") == Set{});
}

TEST_CASE("Demo: checks that found nothing say why", "[demo]") {
  CHECK(demo().ask("SELECT check_id || ' ' || result || ' ' || note FROM check_result "
                   "WHERE result <> 'violated'") == Set{});
}

TEST_CASE("Demo: false claims are contradicted", "[demo]") {
  CHECK(demo().given == 101);
  CHECK(demo().with(VerdictCode::contradicted) == Set{});
  CHECK(demo().with(VerdictCode::partly_contradicted) == Set{});
  CHECK(demo().with(VerdictCode::confirmed_gap) == Set{});
  CHECK(demo().with(VerdictCode::corroborated) == Set{});
  CHECK(demo().with(VerdictCode::na_disputed) == Set{});
}

}  // namespace
}  // namespace sekimori::test
