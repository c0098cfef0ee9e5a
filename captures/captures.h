#pragma once

#include "plant.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace sekimori::captures {

/// A capture of this project: its name, and what happens in the plant.
struct Recipe {
  std::string_view name;
  void (*play)(Plant& plant);
};

[[nodiscard]] std::vector<Recipe> demo_recipes();
/// For each check of rulesets/checks, where it is violated, met and unseen.
[[nodiscard]] std::vector<Recipe> boundary_recipes();
[[nodiscard]] std::vector<Recipe> access_recipes();
[[nodiscard]] std::vector<Recipe> hygiene_recipes();
/// One or more for each protocol; their goldens hold what is to be understood of them.
[[nodiscard]] std::vector<Recipe> protocol_recipes();

/// Every capture, in no special order.
[[nodiscard]] std::vector<Recipe> all_recipes();
/// Plays them all, each into `folder`/name.pcap.
void write_captures(const std::filesystem::path& folder);

}  // namespace sekimori::captures
