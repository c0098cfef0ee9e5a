// The demo plant, all the way: what it should not have is found, what it does by right is not, and
// the claims that its traffic contradicts are lowered.

#include "sekimori/assess/plant_list.h"
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
#include <vector>

namespace sekimori::test {
namespace {

namespace fs = std::filesystem;
const fs::path source{SEKIMORI_SOURCE_DIR};

/// Whether the plant hands over its lists.
enum class Lists : std::uint8_t { none, given };

/// The demo, observed and judged as demo.sh does.
class Demo {
 public:
  explicit Demo(Lists lists) {
    ObserveOptions options;
    options.vantage = "B";
    const auto facts = observe({source / "captures/demo/plant.pcap"}, options);
    const auto plan = ZonePlan::load(source / "captures/demo/demo-zones.json");
    conclude_and_save(facts, plan, file());
    Database database{file(), Database::Mode::read_write};
    if (lists == Lists::given) hand_over(database);
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

  /// Every list that lies beside the capture.
  static void hand_over(Database& database) {
    std::vector<PlantList> lists;
    for (const auto& kind : list_kinds()) {
      const auto name = "demo-" + std::string{kind.name} + ".csv";
      if (fs::exists(source / "captures/demo" / name))
        lists.push_back(load_list(kind.name, source / "captures/demo" / name));
    }
    write_lists(lists, database);
  }

  Folder folder_;
};

const Demo& demo() {
  static const Demo made{Lists::none};
  return made;
}

using Set = std::set<std::string>;

TEST_CASE("Demo: hosts are what they are", "[demo]") {
  CHECK(demo().ask("SELECT DISTINCT a.ip || ' ' || s.role FROM asset s JOIN address a USING (asset)"
                   " WHERE s.kind = 'device' AND a.ip <> '' AND s.role <> 'unknown'") ==
        Set{"10.10.0.1 firewall",     "10.10.0.12 workstation", "10.10.0.33 workstation",
            "10.10.0.41 workstation", "10.10.0.5 server",       "10.10.0.50 engineering_station",
            "10.10.0.6 server",       "10.20.0.1 firewall",     "10.20.0.10 historian",
            "10.20.0.20 jump_host",   "10.30.0.1 firewall",     "10.30.0.10 scada_server",
            "10.30.0.11 hmi",         "10.30.0.2 switch",       "10.30.0.20 engineering_station",
            "10.30.0.30 historian",   "10.40.0.1 firewall",     "10.40.0.11 plc",
            "10.40.0.12 plc",         "10.40.0.13 plc",         "10.40.0.14 plc",
            "10.40.0.15 plc",         "10.40.0.20 gateway",     "10.40.0.30 rtu"});
}

TEST_CASE("Demo: the router's filter is seen where it shows, and nowhere else", "[demo]") {
  CHECK(demo().ask("SELECT a.name || ' / ' || b.name FROM wall w JOIN zone a "
                   "ON a.zone = w.from_zone JOIN zone b ON b.zone = w.to_zone "
                   "WHERE w.verdict = 'present'") ==
        Set{"Office / Control room", "Office / Field"});
  CHECK(demo().ask("SELECT from_zone FROM wall WHERE verdict = 'absent'").empty());
}

TEST_CASE("Demo: what it should not have is found, and nothing else", "[demo]") {
  CHECK(demo().ask("SELECT check_id || ': ' || subject FROM finding") ==
        Set{"CLR-01: 130.225.0.10 > EWS-01",
            "CLR-01: ADMIN-12 > SW-CORE",
            "CLR-02: EWS-01 > 10.40.0.11",
            "CLR-02: EWS-01 > 10.40.0.12",
            "CLR-02: SCADA-01 > SW-CORE",
            "CLR-03: SW-CORE < ADMIN-12",
            "CLR-03: SW-CORE < SCADA-01",
            "CLR-04: 10.40.0.11 < EWS-01",
            "CLR-04: EWS-01 < 130.225.0.10",
            "CLR-04: SW-CORE < ADMIN-12",
            "CLR-04: SW-CORE < SCADA-01",
            "CTL-08: 10.40.0.11",
            "CTL-08: 10.40.0.12",
            "HYG-01: FS-01 < HMI-01",
            "HYG-01: SW-CORE < SCADA-01",
            "HYG-02: SCADA-01 > mail.example.jp",
            "HYG-03: HMI-01",
            "HYG-04: HMI-01 > 8.8.8.8",
            "HYG-07: EWS-01",
            "HYG-07: HIST-COL",
            "HYG-07: HMI-01",
            "HYG-07: SCADA-01",
            "HYG-10: HMI-01",
            "INT-01: HMI-01",
            "INT-02: EWS-01",
            "INT-03: SCADA-01",
            "REM-01: 130.225.0.10 > EWS-01",
            "REM-01: ADMIN-12 > SW-CORE",
            "REM-02: 130.225.0.10 > EWS-01",
            "REM-03: HMI-01 > FS-01",
            "REM-07: ADMIN-12 > SW-CORE",
            "SEG-01: ENG-LAPTOP > PACKING-PLC",
            "SEG-01: OFFICE-33 > 10.40.0.12",
            "SEG-03: ADMIN-12 > SW-CORE",
            "SEG-03: ENG-LAPTOP > PACKING-PLC",
            "SEG-03: HMI-01 > FS-01",
            "SEG-03: OFFICE-33 > 10.40.0.12",
            "SEG-03: SCADA-01 > mail.example.jp",
            "SEG-04: ENG-LAPTOP > PACKING-PLC",
            "SEG-04: OFFICE-33 > 10.40.0.12",
            "SEG-06: 10.20.0.20",
            "SEG-08: HIST-COL"});
}

TEST_CASE("Demo: in Japanese a zone bears the name that the plan gives it", "[demo]") {
  CHECK(demo().ask("SELECT text_ja FROM finding WHERE check_id = 'SEG-04'") ==
        Set{"事務所のENG-LAPTOPと現場のPACKING-PLCの間でs7commが使われている。",
            "事務所のOFFICE-33と現場の10.40.0.12の間でmodbusが使われている。"});
  CHECK(demo().ask("SELECT text_ja FROM finding WHERE check_id = 'REM-01' AND client_zone = "
                   "(SELECT zone FROM zone WHERE name = 'external')") ==
        Set{"外部の130.225.0.10が、制御室のEWS-01にvncで直接接続している。"});
  CHECK(demo()
            .ask("SELECT text_ja FROM verdict_fact WHERE text_ja GLOB '*Office*' OR "
                 "text_ja GLOB '*Control room*'")
            .empty());
}

TEST_CASE("Demo: every finding has a frame that proves it", "[demo]") {
  CHECK(demo()
            .ask("SELECT finding FROM finding f WHERE f.frame IS NULL OR NOT EXISTS "
                 "(SELECT 1 FROM proof p WHERE p.finding = f.finding)")
            .empty());
}

TEST_CASE("Demo: five minutes do not prove what takes a week", "[demo]") {
  CHECK(demo().ask("SELECT check_id FROM check_result WHERE result = 'unseen' AND note <> ''") ==
        Set{"HYG-06", "HYG-14", "MON-02", "REM-05", "SEG-13"});
}

TEST_CASE("Demo: no password that crossed the wire is in the model", "[demo]") {
  // Of Telnet, and the community; the words `default` and `anonymous` are grades, not secrets.
  for (const auto* table : {"property", "event", "finding", "verdict_fact"}) {
    CAPTURE(table);
    const auto column = std::string{table} == "property" ? "value"
                        : std::string{table} == "event"  ? "detail"
                                                         : "text_en";
    CHECK(demo()
              .ask(std::string{"SELECT "} + column + " FROM " + table + " WHERE " + column +
                   " LIKE '%private%' OR " + column + " LIKE '%public%' OR " + column +
                   " LIKE '%ews@plant.example%'")
              .empty());
  }
}

TEST_CASE("Demo: false claims are contradicted", "[demo]") {
  CHECK(demo().given == 101);
  CHECK(demo().with(VerdictCode::contradicted) ==
        Set{"18", "20", "22", "23", "24", "25", "31", "32", "41", "44", "49", "51"});
  CHECK(demo().with(VerdictCode::partly_contradicted) ==
        Set{"19", "27", "42", "43", "46", "50", "87"});
  CHECK(demo().with(VerdictCode::confirmed_gap) == Set{});
  CHECK(demo().with(VerdictCode::na_disputed) == Set{});
  const auto& total = demo().reconciliation.total;
  CHECK(total.adjusted < total.claimed);
}

TEST_CASE("Demo: with its own lists, more of its claims are contradicted", "[demo]") {
  const Demo listed{Lists::given};
  CHECK(listed.with(VerdictCode::contradicted) == Set{"1", "2", "13", "15", "18", "20", "22", "23",
                                                      "24", "25", "31", "32", "41", "44", "49",
                                                      "51", "56", "75", "85"});
  CHECK(listed.with(VerdictCode::partly_contradicted) ==
        Set{"6", "19", "21", "27", "29", "42", "43", "46", "50", "59", "87"});
}

}  // namespace
}  // namespace sekimori::test
