#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sekimori::cli {

/// Throws Error where the output is one of the inputs, under whatever name; `-` is standard input.
void spare_inputs(const std::filesystem::path& output, const std::vector<std::string>& inputs);

/// The same for a model file, which also replaces nothing but an earlier one: where an option's
/// value was forgotten, the next word takes its place, and that may be a capture.
void spare_for_model(const std::filesystem::path& output, const std::vector<std::string>& inputs);

/// Throws Error where no file can be put there: to be known before the work, not after it.
void try_output(const std::filesystem::path& output);

}  // namespace sekimori::cli
