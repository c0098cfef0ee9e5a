#include "output.h"

#include "sekimori/bytes/draft.h"
#include "sekimori/bytes/error.h"
#include "sekimori/model/store.h"

#include <system_error>

namespace sekimori::cli {

namespace fs = std::filesystem;

void spare_inputs(const fs::path& output, const std::vector<std::string>& inputs) {
  for (const auto& input : inputs) {
    std::error_code ignored;  // what is not there cannot be overwritten
    if (fs::equivalent(output, input == "-" ? "/dev/stdin" : input, ignored))
      throw Error(output.string(), "is read too, and would be overwritten; choose another name");
  }
}

void spare_for_model(const fs::path& output, const std::vector<std::string>& inputs) {
  spare_inputs(output, inputs);
  std::error_code ignored;
  if (fs::is_regular_file(output, ignored) && fs::file_size(output, ignored) > 0 &&
      !is_model_file(output))
    throw Error(output.string(),
                "is there already, and no model file that may be replaced; choose another name");
}

void try_output(const fs::path& output) {
  const Draft draft{output};
}

}  // namespace sekimori::cli
