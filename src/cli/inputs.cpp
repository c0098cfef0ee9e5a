#include "inputs.h"

#include "sekimori/bytes/error.h"
#include "sekimori/model/observe.h"

#include "progress.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <thread>

namespace sekimori::cli {
namespace {

constexpr std::string_view kVantages = "BCDFRMW";  // merge-rules 5.2

}  // namespace

std::string vantage(const options::variables_map& given) {
  std::string letters;
  for (const char letter : one(given, "vantage")) {
    const auto upper =
        static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
    if (upper == ',' || upper == ' ') continue;
    if (kVantages.find(upper) == std::string_view::npos)
      throw Error("--vantage", std::string{"no such vantage point: \""} + letter +
                                   "\"; B boundary, C control core, D DMZ, F field cell, R "
                                   "remote access, M management, W wireless");
    letters += upper;
  }
  std::ranges::sort(letters);
  letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
  return letters;
}

unsigned threads(const options::variables_map& given) {
  const auto count = given["threads"].as<unsigned>();
  return count != 0 ? count : std::max(1U, std::thread::hardware_concurrency());
}

std::size_t memory(const options::variables_map& given) {
  const auto& text = one(given, "memory");
  constexpr std::size_t kMostGiga = 1 << 20U;
  std::size_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, count);
  auto shift = 0U;
  if (unit + 1 == end && *unit == 'M') shift = 20;
  if (unit + 1 == end && *unit == 'G') shift = 30;
  const auto bytes = count <= kMostGiga ? count << shift : 0;
  if (error != std::errc{} || shift == 0 || bytes < ObserveOptions::kLeastMemory)
    throw Error("--memory", text + " is no size such as 512M or 4G, of at least " +
                                std::to_string(ObserveOptions::kLeastMemory >> 20U) + "M");
  return bytes;
}

void add_zone_option(options::options_description& described) {
  described.add_options()("zones", options::value<std::string>()->value_name("FILE"),
                          "JSON: which subnets, VLANs and MACs are which zone");
}

void add_memory_option(options::options_description& described) {
  described.add_options()(
      "memory", options::value<std::string>()->default_value("1G")->value_name("SIZE"),
      "what reading may take, such as 512M or 4G. When it is full, what tells least goes, and the "
      "report says so");
}

void add_reading_options(options::options_description& described) {
  add_zone_option(described);
  described.add_options()("vantage", options::value<std::string>()->value_name("LETTERS"),
                          "where the captures were taken: B boundary, C control core, D DMZ, F "
                          "field cell, R remote access, M management, W wireless")(
      "threads", options::value<unsigned>()->default_value(0)->value_name("N"),
      "threads to work with; 0: one for each core. The result is the same");
  add_memory_option(described);
}

Facts read_captures(const Command& self, const options::variables_map& given) {
  const auto names = many(given, "captures");
  if (names.empty()) throw Error("sekimori " + std::string{self.name}, "no capture given");
  ProgressLine line;
  ObserveOptions reading;
  reading.threads = threads(given);
  reading.memory = memory(given);
  reading.vantage = vantage(given);
  reading.progress = [&](const Progress& progress) { line.show(progress); };
  reading.skipped = [](const std::string& name) { std::cerr << "passed over: " << name << '\n'; };
  auto facts = observe({names.begin(), names.end()}, reading);
  for (const auto& capture : facts.captures)
    if (!capture.damage.empty()) std::cerr << capture.name << ": " << capture.damage << '\n';
  return facts;
}

ZonePlan zone_plan(const options::variables_map& given) {
  return given.count("zones") == 0 ? ZonePlan{} : ZonePlan::load(one(given, "zones"));
}

}  // namespace sekimori::cli
