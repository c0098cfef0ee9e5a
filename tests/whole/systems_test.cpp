// Two systems of one site, each with its own sheet: a control system behind its wall, and a
// telemetry whose outstation the office reads. What one of them does is nothing against the other.

#include "sekimori/assess/run_checks.h"
#include "sekimori/bytes/file.h"
#include "sekimori/infer/inference.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/observe.h"
#include "sekimori/model/store.h"
#include "sekimori/reconcile/site.h"
#include "sekimori/report/evidence.h"
#include "sekimori/report/report.h"
#include "sekimori/report/tables.h"

#include "../../src/reconcile/xlsx.h"
#include "folder.h"
#include "json_schema.h"
#include "modbus.h"
#include "plant.h"
#include "sessions.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sekimori::test {
namespace {

using captures::Modbus;
using captures::Plant;
using Json = nlohmann::ordered_json;

constexpr std::string_view kZones = R"({ "zones": [
  { "name": "Office", "kind": "office", "subnets": ["10.10.0.0/24"] },
  { "name": "DMZ", "kind": "dmz", "subnets": ["10.20.0.0/24"], "vlans": [20] },
  { "name": { "en": "Boilers", "ja": "ボイラー" }, "kind": "control", "subnets": ["10.30.0.0/24"],
    "vlans": [30] },
  { "name": "Cells", "kind": "field", "subnets": ["10.40.0.0/24"], "vlans": [40] },
  { "name": "Pumps", "kind": "control", "subnets": ["10.60.0.0/24"], "vlans": [60] } ] })";
constexpr double kDays = 8 * 86400.0;  // from a Monday over a weekend

/// The telemetry beside the plant's own networks.
struct Telemetry {
  explicit Telemetry(captures::Scene& scene)
      : master(scene.station("00:50:56:00:60:10", "10.60.0.10", 60)),
        outstation(scene.station("00:80:f4:00:60:20", "10.60.0.20", 60)) {}
  captures::Station &master, &outstation;
};

void boilers_run(Plant& plant) {
  Modbus{plant.scene, plant.scada, plant.plc1}.read(3, 0, 10).close();
}

void pumps_run(Plant& plant, Telemetry& telemetry) {
  Modbus{plant.scene, telemetry.master, telemetry.outstation}.read(3, 0, 10).close();
}

void office_reads(Plant& plant, captures::Station& station) {
  Modbus{plant.scene, plant.office_pc, station}.read(3, 0, 4).close();
}

/// Both systems, for eight days; the office reads an outstation of the telemetry.
void only_pumps_are_read(Plant& plant) {
  Telemetry telemetry{plant.scene};
  for (const double when : {0.0, kDays}) {
    plant.scene.go_to(when);
    boilers_run(plant);
    pumps_run(plant, telemetry);
    office_reads(plant, telemetry.outstation);
  }
}

/// Whoever claims that nothing passes the wall but what may, and that nothing speaks an industrial
/// protocol outside of it.
constexpr std::string_view kClaims = "question_id,answer\n18,yes\n23,yes\n";

/// One for each system: claims about SSAT, and of any other set an empty one.
std::vector<Sheet> sheets(const Site& site, std::string_view claims) {
  std::vector<Sheet> all;
  for (const auto& system : site.systems) {
    const bool is_ssat = system.set.empty();
    const auto set = built_in_question_set(is_ssat ? "ssat" : system.set);
    const auto text = is_ssat ? claims : std::string_view{"question_id,answer\n"};
    all.push_back({set, parse_answers(text, "answers.csv", set), {}});
  }
  return all;
}

/// What the captures come to, by the systems of a site.
class Assessed {
 public:
  using Play = std::function<void(Plant&)>;

  Assessed(const std::vector<std::pair<std::string, Play>>& plays, std::string_view site,
           std::string_view claims = kClaims) {
    std::vector<std::filesystem::path> files;
    for (const auto& [name, play] : plays) {
      Plant plant;
      play(plant);
      files.push_back(folder_ / name);
      plant.scene.write(files.back());
    }
    ObserveOptions options;
    options.vantage = "BCDFMR";
    const auto facts = observe(files, options);
    const auto policy = built_in_merge_policy();
    const auto rules = Rules::builtin();
    const auto plan = ZonePlan::parse(kZones, "zones.json");
    site_ = parse_site(site, "site.json");
    sheets_ = sheets(site_, claims);
    conclude_and_save(facts, plan, model(), [&](Database& database) {
      judged = judge_systems(database, rules, site_, sheets_, policy);
      run_checks(rules, database);
      std::vector<SystemSources> systems;
      for (std::size_t i = 0; i < judged.size(); ++i)
        systems.push_back({site_.systems[i].name, site_.systems[i].kind, judged[i].part,
                           sheets_[i].questions, judged[i].verdicts, &*sheets_[i].answers,
                           judged[i].violated});
      report = make_report({database,
                            rules,
                            sheets_.front().questions,
                            policy,
                            judged.front().verdicts,
                            &*sheets_.front().answers,
                            {},
                            systems});
    });
  }

  [[nodiscard]] std::filesystem::path model() const { return folder_ / "model.sekimori"; }
  [[nodiscard]] const Verdict& verdict(std::size_t system, const std::string& question) const {
    return *std::ranges::find(judged.at(system).verdicts.verdicts, question, &Verdict::question);
  }
  [[nodiscard]] std::string code(std::size_t system, const std::string& question) const {
    return std::string{to_text(verdict(system, question).code)};
  }

  std::vector<Judged> judged;
  Json report;

 private:
  Folder folder_;
  Site site_;
  std::vector<Sheet> sheets_;
};

constexpr std::string_view kByZones = R"({ "systems": [
  { "name": { "en": "Boiler DCS", "ja": "ボイラーDCS" }, "kind": "ics", "zones": ["ボイラー", "Cells"] },
  { "name": "Pump telemetry", "kind": "telemetry", "zones": ["Pumps"] } ] })";

const Assessed& by_zones() {
  static const Assessed made{{{"core.pcap", only_pumps_are_read}}, kByZones};
  return made;
}

std::string word(const std::string& key) {
  static const auto words = Json::parse(read_file(SEKIMORI_SOURCE_DIR "/src/report/words.json"));
  return words.at("labels").at(key).at("ja");
}

TEST_CASE("Systems: frames of one contradict no claim of the other", "[systems]") {
  const auto& made = by_zones();
  CHECK(made.code(0, "18") == "NOT_CONTRADICTED");
  CHECK(made.verdict(0, "18").facts.empty());
  CHECK(made.code(1, "18") == "CONTRADICTED");
  // What speaks for a claim is the system's own too.
  CHECK(made.code(0, "23") == "CORROBORATED");
  CHECK(made.code(1, "23") == "CONTRADICTED");
  CHECK(made.judged[0].verdicts.total.adjusted == made.judged[0].verdicts.total.claimed);
  CHECK(made.judged[1].verdicts.total.adjusted < made.judged[1].verdicts.total.claimed);
  for (const auto& fact : made.verdict(1, "18").facts)
    CHECK(fact.text.en.find("10.60.0.20") != std::string::npos);
}

TEST_CASE("Systems: the same frames contradict a sheet that is bound to nothing", "[systems]") {
  const Assessed made{{{"core.pcap", only_pumps_are_read}}, R"({ "systems": [
    { "name": "Boilers", "kind": "ics", "zones": ["Boilers", "Cells"] },
    { "name": "All", "kind": "ics" } ] })"};
  CHECK(made.code(0, "18") == "NOT_CONTRADICTED");
  CHECK(made.code(1, "18") == "CONTRADICTED");
}

TEST_CASE("Systems: a conversation between two is of the one that serves", "[systems]") {
  const Assessed made{{{"core.pcap",
                        [](Plant& plant) {
                          Telemetry telemetry{plant.scene};
                          boilers_run(plant);
                          pumps_run(plant, telemetry);
                          captures::ftp(plant.scene, plant.ews, telemetry.outstation, "USER",
                                        "USER");
                        }}},
                      kByZones,
                      "question_id,answer\n44,yes\n51,yes\n"};
  CHECK(made.verdict(0, "44").facts.empty());
  CHECK_FALSE(made.verdict(1, "44").facts.empty());
  CHECK(made.verdict(0, "51").facts.empty());
  CHECK_FALSE(made.verdict(1, "51").facts.empty());
}

TEST_CASE("Systems: by captures, each is judged by its own, and silence needs them", "[systems]") {
  const std::vector<std::pair<std::string, Assessed::Play>> plays{
      {"boilers.pcap",
       [](Plant& plant) {
         boilers_run(plant);
         plant.scene.go_to(kDays);
         boilers_run(plant);
       }},
      {"pumps.pcap",
       [](Plant& plant) {
         Telemetry telemetry{plant.scene};
         pumps_run(plant, telemetry);
         office_reads(plant, telemetry.outstation);
       }},
      {"short.pcap", [](Plant& plant) {
         Telemetry telemetry{plant.scene};
         plant.scene.go_to(60);
         pumps_run(plant, telemetry);
       }}};
  const Assessed made{plays, R"({ "systems": [
    { "name": "Boilers", "kind": "ics", "captures": ["boilers.pcap"] },
    { "name": "Pumps", "kind": "telemetry", "captures": ["pumps.pcap"] },
    { "name": "A minute", "kind": "telemetry", "captures": ["short.pcap"] } ] })"};
  CHECK(made.code(0, "18") == "NOT_CONTRADICTED");
  CHECK(made.code(1, "18") == "CONTRADICTED");
  CHECK(made.code(2, "18") == "NOT_OBSERVED");
  CHECK(made.verdict(0, "18").coverage.days > 7);
  CHECK(made.verdict(2, "18").coverage.days < 1);
}

TEST_CASE("Systems: a zone is covered by what saw it alone", "[systems]") {
  const std::vector<std::pair<std::string, Assessed::Play>> plays{
      {"boilers.pcap",
       [](Plant& plant) {
         boilers_run(plant);
         plant.scene.go_to(kDays);
         boilers_run(plant);
       }},
      {"pumps.pcap", [](Plant& plant) {
         Telemetry telemetry{plant.scene};
         pumps_run(plant, telemetry);
       }}};
  const Assessed made{plays, kByZones};
  CHECK(made.code(0, "18") == "NOT_CONTRADICTED");
  CHECK(made.code(1, "18") == "NOT_OBSERVED");
}

TEST_CASE("Systems: the report tells each, and shows the first", "[systems]") {
  const auto& report = by_zones().report;
  const JsonSchema schema{Json::parse(report_schema())};
  std::string errors;
  for (const auto& error : schema.errors(report)) errors += error + '\n';
  CHECK(errors == "");
  const auto& systems = report.at("systems");
  REQUIRE(systems.size() == 2);
  CHECK(systems[0].at("name").at("ja") == "ボイラーDCS");
  CHECK(systems[0].at("zones") == Json::array({"Boilers", "Cells"}));
  CHECK(systems[1].at("kind") == "telemetry");
  for (const auto* const key : {"contradictions", "gaps", "questions", "plan"})
    CHECK(report.at(key) == systems[0].at(key));
  CHECK(report.at("summary").at("score") == systems[0].at("summary").at("score"));
  for (const auto* const key : {"rules", "references"})
    CHECK(report.at("annex").at(key) == systems[0].at("annex").at(key));
  CHECK(systems[0].at("contradictions").empty());
  CHECK(systems[1].at("contradictions")[0].at("command") ==
        "sekimori evidence report.sekimori 2/18 -o 2-18.pcap");
  // What is wrong in the network is told for the whole site.
  CHECK_FALSE(report.at("findings").empty());
}

TEST_CASE("Systems: a name that is not there is an error of the site file, and of no other",
          "[systems]") {
  const auto assess = [](const std::string& bound) {
    return Assessed{{{"core.pcap", boilers_run}},
                    R"({ "systems": [ { "name": "A", "kind": "ics", )" + bound + " } ] }"};
  };
  CHECK_THROWS_WITH(assess(R"("zones": ["Boiler"])"),
                    R"(site.json: /systems/0/zones/0: the plant has no zone "Boiler"; did you )"
                    R"(mean "Boilers"?)");
  CHECK_THROWS_WITH(assess(R"("captures": ["core.pcapng"])"),
                    R"(site.json: /systems/0/captures/0: there is no capture "core.pcapng"; did )"
                    R"(you mean "core.pcap"?)");
}

TEST_CASE("Systems: the document and the workbook tell each", "[systems]") {
  auto report = by_zones().report;
  keep_language(report, Language::ja);
  const auto text = to_markdown(report);
  const auto has = [&](const std::string& part) { return text.find(part) != std::string::npos; };
  CHECK(has("## 個別に評価したシステム\n"));
  CHECK(has("| 1 | ボイラーDCS | 制御システム（ICS） | ボイラー, Cells |"));
  for (const auto* const name : {"ボイラーDCS", "Pump telemetry"})
    for (const auto* const key : {"contradictions", "gaps", "questions", "plan"})
      CHECK(has("## " + word(key) + "：" + name + '\n'));
  CHECK(has("sekimori evidence report.sekimori 2/18"));

  Folder folder;
  Database model{by_zones().model(), Database::Mode::read_only};
  ReportWorkbook{model, Language::ja, folder / "r.xlsx"}.finish(report);
  const auto sheets = read_xlsx(read_file(folder / "r.xlsx"), "r.xlsx");
  std::map<std::string, std::vector<CsvRow>> rows;
  for (const auto& sheet : sheets) rows[sheet.name] = sheet.rows;
  const auto& systems = rows.at(word("systems"));
  REQUIRE(systems.size() == 3);
  CHECK(systems[1][1] == "ボイラーDCS");
  CHECK(systems[1][3] == "ボイラー, Cells");
  CHECK(systems[2][2] == "テレメトリ");
  const auto& questions = rows.at(word("questions"));
  REQUIRE(questions.size() == 1 + 2 * 101);
  CHECK(questions[1][0] == "ボイラーDCS");
  CHECK(questions[102][0] == "Pump telemetry");
  CHECK(rows.at(word("areas")).size() == 1 + 2 * 14);
}

TEST_CASE("Systems: each has the rules and references of its own questions", "[systems]") {
  const Assessed made{{{"core.pcap", boilers_run}}, R"({ "systems": [
    { "name": "A", "kind": "ics" }, { "name": "B", "kind": "ics", "set": "meti10" } ] })"};
  const auto& systems = made.report.at("systems");
  for (const auto* const key : {"rules", "references"}) {
    CHECK(made.report.at("annex").at(key) == systems[0].at("annex").at(key));
    CHECK(systems[1].at("annex").at(key) != systems[0].at("annex").at(key));
  }
  const auto in_text = [](Json report, const std::string& heading) {
    keep_language(report, Language::en);
    return to_markdown(report).find("### " + heading + '\n') != std::string::npos;
  };
  CHECK(in_text(made.report, "Cross-references: A"));
  CHECK(in_text(made.report, "Cross-references: B"));
  CHECK(in_text(by_zones().report, "Cross-references"));
}

TEST_CASE("Systems: the model keeps them apart, and so does what proves a verdict", "[systems]") {
  Database model{by_zones().model(), Database::Mode::read_only};
  auto rows = model.prepare(
      "SELECT s.name || ' ' || s.kind || ' ' || v.verdict FROM verdict v JOIN system s USING "
      "(system) WHERE v.question = '18' ORDER BY v.system");
  REQUIRE(rows.step());
  CHECK(rows.text(0) == "Boiler DCS ics NOT_CONTRADICTED");
  REQUIRE(rows.step());
  CHECK(rows.text(0) == "Pump telemetry telemetry CONTRADICTED");
  CHECK_FALSE(proof_of(model, "2/18").frames.empty());
  CHECK_THROWS_WITH(proof_of(model, "18"), "question 18 rests on no frame");
  CHECK_THROWS_WITH(proof_of(model, "1/18"), "question 18 rests on no frame");
  CHECK_THROWS_WITH(proof_of(model, "3/18"), Catch::Contains("no such finding or question"));
  // What the checks found for one system went with it.
  auto checks = model.prepare("SELECT COUNT(*), SUM(findings) FROM check_result");
  REQUIRE(checks.step());
  CHECK(checks.integer(0) == static_cast<std::int64_t>(Rules::builtin().entries().size()));
  auto findings = model.prepare("SELECT COUNT(*) FROM finding");
  REQUIRE(findings.step());
  CHECK(findings.integer(0) == checks.integer(1));
}

}  // namespace
}  // namespace sekimori::test
