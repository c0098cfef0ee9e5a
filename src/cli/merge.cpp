// sekimori merge: model files to one, the reduce step.

#include "sekimori/bytes/error.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/store.h"

#include "command.h"
#include "inputs.h"
#include "output.h"

#include <map>
#include <utility>

namespace sekimori::cli {
namespace {

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  described.add_options()("output,o", options::value<std::string>()->required()->value_name("FILE"),
                          "the model file to write (.sekimori)");
  add_zone_option(described);
  const auto given = parse(self, described, "models", arguments);
  if (!given) return kClean;
  const auto models = many(*given, "models");
  if (models.empty()) throw Error("sekimori merge", "no model file given");
  const auto output = one(*given, "output");
  auto inputs = models;
  inputs.push_back(one(*given, "zones"));
  spare_for_model(output, inputs);
  try_output(output);
  const auto plan = zone_plan(*given);
  Facts facts;
  std::map<std::string, std::string> from;  // SHA-256 of a capture -> model file
  for (const auto& model : models) {
    auto more = load(model);
    for (const auto& capture : more.captures) {
      if (capture.packets == 0) continue;  // an interface that was silent on two days
      const auto [known, is_new] = from.emplace(capture.sha256, model);
      if (!is_new)
        throw Error(model, "capture " + capture.name,
                    "is in " + known->second + " too; its counts would be doubled");
    }
    facts.join(std::move(more));
  }
  facts.sort_captures();
  conclude_and_save(facts, plan, output);
  return kClean;
}

const CommandRegistration registration{
    {.name = "merge",
     .usage = "MODEL... -o FILE",
     .summary = "joins model files of several captures, sensors or sites into one",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
