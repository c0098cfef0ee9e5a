#pragma once

#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/facts.h"

#include "command.h"

namespace sekimori::cli {

/// --threads, --memory, --vantage, --zones: what every command that reads captures takes.
void add_reading_options(options::options_description& described);
/// --memory alone.
void add_memory_option(options::options_description& described);
/// --zones alone.
void add_zone_option(options::options_description& described);

/// Reads the captures that stand alone on the command line, with a progress line. Throws Error.
[[nodiscard]] Facts read_captures(const Command& self, const options::variables_map& given);

/// --vantage, in the order of merge-rules 5.2. Throws Error for letters that mean nothing.
[[nodiscard]] std::string vantage(const options::variables_map& given);

/// --threads, of which 0 stands for the cores there are.
[[nodiscard]] unsigned threads(const options::variables_map& given);

/// --memory in bytes: a number of mebibytes or gibibytes. Throws Error for what is neither, or less
/// than ObserveOptions::kLeastMemory.
[[nodiscard]] std::size_t memory(const options::variables_map& given);

/// The plan of --zones, or an empty one. Throws Error.
[[nodiscard]] ZonePlan zone_plan(const options::variables_map& given);

}  // namespace sekimori::cli
