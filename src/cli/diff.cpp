// sekimori diff: what changed between two assessments of one plant.

#include "sekimori/report/diff.h"

#include "sekimori/bytes/error.h"
#include "sekimori/report/report.h"

#include "command.h"

#include <nlohmann/json.hpp>

#include <iostream>

namespace sekimori::cli {
namespace {

nlohmann::ordered_json compared(const std::string& older, const std::string& newer) {
  const auto before = load_report(older);
  const auto after = load_report(newer);
  try {
    return diff_reports(before, after);
  } catch (const nlohmann::json::exception& error) {
    throw Error(older + ", " + newer, std::string{"no whole report: "} + error.what());
  }
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  described.add_options()("json", "as JSON");
  const auto given = parse(self, described, "reports", arguments);
  if (!given) return kClean;
  const auto reports = many(*given, "reports");
  if (reports.size() != 2) throw Error("sekimori diff", "give the older report and the newer one");
  const auto diff = compared(reports[0], reports[1]);
  std::cout << (given->count("json") > 0 ? to_json_text(diff) : diff_text(diff));
  return kClean;
}

const CommandRegistration registration{
    {.name = "diff",
     .usage = "OLD NEW [--json]",
     .summary = "tells what is new, gone and still there between two reports (report.json, or the "
                "folders that hold them)",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
