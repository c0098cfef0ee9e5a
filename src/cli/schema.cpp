// sekimori schema: what other programs may rely on.

#include "sekimori/bytes/error.h"
#include "sekimori/model/database.h"
#include "sekimori/report/report.h"

#include "command.h"

#include <iostream>

namespace sekimori::cli {
namespace {

int run(const Command& self, const std::vector<std::string>& arguments) {
  const auto given = parse(self, options::options_description{"Options"}, "words", arguments);
  if (!given) return kClean;
  const auto words = many(*given, "words");
  if (words.empty() || (words.size() == 1 && words[0] == "report")) {
    std::cout << report_schema();
  } else if (words.size() == 1 && words[0] == "model") {
    std::cout << schema_sql();
  } else {
    throw Error("sekimori schema", "no such schema; report or model");
  }
  return kClean;
}

const CommandRegistration registration{
    {.name = "schema",
     .usage = "[report|model]",
     .summary = "prints the JSON Schema of report.json, or the SQL schema of the model file",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
