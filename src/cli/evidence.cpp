// sekimori evidence: the frames that prove a finding, as a small capture.

#include "sekimori/report/evidence.h"

#include "sekimori/bytes/error.h"

#include "command.h"
#include "output.h"

#include <iostream>
#include <system_error>

namespace sekimori::cli {
namespace {

namespace fs = std::filesystem;

/// The model file, where its folder or a report beside it was named.
fs::path model_file(const fs::path& named) {
  constexpr const char* kModel = "report.sekimori";
  std::error_code ignored;  // of what cannot be looked at, the model file says why
  if (fs::is_directory(named, ignored)) return named / kModel;
  auto beside = named.parent_path() / kModel;
  if (named.extension() != ".sekimori" && fs::exists(named, ignored) && fs::exists(beside, ignored))
    return beside;
  return named;
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  described.add_options()("output,o", options::value<std::string>()->required()->value_name("FILE"),
                          "the capture to write")(
      "captures",
      options::value<std::vector<std::string>>()->composing()->multitoken()->value_name("PATH..."),
      "where the captures are now: files or folders. Else they are looked for where they were "
      "read, and beside the model file");
  const auto given = parse(self, described, "words", arguments);
  if (!given) return kClean;
  const auto words = many(*given, "words");
  if (words.size() != 2)
    throw Error("sekimori evidence", "give a model file and the finding or question to prove");
  const auto file = model_file(words[0]);
  const auto captures = many(*given, "captures");
  const auto output = one(*given, "output");
  auto inputs = captures;
  inputs.push_back(file.string());
  spare_inputs(output, inputs);
  try_output(output);
  Database model{file, Database::Mode::read_only};
  const auto proof = proof_of(model, words[1]);
  const auto frames =
      cut_evidence(model, proof, {{captures.begin(), captures.end()}, file}, output);
  std::cout << output << ": " << frames << (frames == 1 ? " frame\n" : " frames\n");
  return kClean;
}

const CommandRegistration registration{
    {.name = "evidence",
     .usage = "MODEL FINDING -o FILE [--captures PATH...]",
     .summary = "cuts the frames that prove a finding (SEG-01.1) or a question's verdict (18), or "
                "frames by their numbers (1:383,1:390)",
     .run = run}};

}  // namespace
}  // namespace sekimori::cli
