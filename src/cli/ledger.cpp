// sekimori ledger: the asset ledger with its risks, out of what was observed.

#include "sekimori/reconcile/ledger.h"

#include "sekimori/bytes/draft.h"
#include "sekimori/bytes/error.h"
#include "sekimori/model/database.h"

#include "command.h"
#include "output.h"
#include "rules.h"

#include <filesystem>
#include <iostream>

namespace sekimori::cli {
namespace {

void write(const std::vector<CsvRow>& rows, const std::string& output, Language words) {
  Draft draft{output};
  if (std::filesystem::path{output}.extension() == ".xlsx")
    write_ledger_workbook(rows, draft.path(), words, output);
  else
    draft.write(ledger_csv(rows));
  draft.become_target();
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  described.add_options()("output,o", options::value<std::string>()->required()->value_name("FILE"),
                          "the ledger: .csv or .xlsx")(
      "filled", options::value<std::string>()->value_name("FILE"),
      "a ledger that was filled in (CSV, XLSX or XLS): its values are kept, its risks reckoned")(
      "risk", options::value<std::string>()->value_name("FILE"),
      "how risks are reckoned (JSON), instead of the program's own rulesets/risk.json");
  add_language_option(described, "both");
  const auto given = parse(self, described, "models", arguments);
  if (!given) return kClean;
  const auto models = many(*given, "models");
  if (models.size() != 1) throw Error("sekimori ledger", "give one model file");
  const auto output = one(*given, "output");
  const auto policy_file = one(*given, "risk");
  const auto policy = policy_file.empty() ? built_in_risk_policy() : load_risk_policy(policy_file);
  const auto filled_file = one(*given, "filled");
  spare_inputs(output, {models.front(), policy_file, filled_file});
  const auto filled = filled_file.empty() ? std::vector<CsvRow>{} : load_ledger(filled_file);
  Database model{models.front(), Database::Mode::read_only};
  const auto rows = risk_ledger(model, policy, filled, filled_file, language(*given));
  write(rows, output, language(*given));
  std::cout << output << ": " << rows.size() - 1 << " assets\n";
  return kClean;
}

const CommandRegistration registration{
    {.name = "ledger",
     .usage = "MODEL [--filled FILE] [--risk FILE] -o FILE",
     .summary = "writes the asset ledger of a model, and reckons the risks of one that was filled "
                "in",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
