// sekimori observe: captures to a model file, the map step.

#include "sekimori/model/observe.h"

#include "sekimori/bytes/error.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/store.h"

#include "command.h"
#include "inputs.h"
#include "output.h"

namespace sekimori::cli {
namespace {

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  described.add_options()("output,o", options::value<std::string>()->required()->value_name("FILE"),
                          "the model file to write (.sekimori)");
  add_reading_options(described);
  const auto given = parse(self, described, "captures", arguments);
  if (!given) return kClean;
  const auto output = one(*given, "output");
  auto inputs = many(*given, "captures");
  inputs.push_back(one(*given, "zones"));
  spare_for_model(output, inputs);
  try_output(output);
  const auto plan = zone_plan(*given);
  const auto facts = read_captures(self, *given);
  conclude_and_save(facts, plan, output);
  return kClean;
}

const CommandRegistration registration{
    {.name = "observe",
     .usage = "CAPTURE... -o FILE",
     .summary = "reads captures (files, folders, - for standard input) into a model file",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
