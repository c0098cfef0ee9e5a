#pragma once

#include "plant.h"

#include <filesystem>
#include <string_view>
#include <utility>
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
[[nodiscard]] std::vector<Recipe> monitoring_recipes();
/// What looks wrong and is not: tests/whole/traps_test.cpp.
[[nodiscard]] std::vector<Recipe> trap_recipes();
/// One or more for each protocol; their goldens hold what is to be understood of them.
[[nodiscard]] std::vector<Recipe> protocol_recipes();

/// Adds a recipe to protocol_recipes() by existing, so that a protocol brings its captures in a
/// file of its own: `const ProtocolRecipe recipe{{"dnp3-outstation", dnp3_outstation}};`
class ProtocolRecipe {
 public:
  explicit ProtocolRecipe(const Recipe& recipe) noexcept
      : recipe_(recipe), next_(std::exchange(first_, this)) {}

  ProtocolRecipe(const ProtocolRecipe&) = delete;
  ProtocolRecipe& operator=(const ProtocolRecipe&) = delete;

  [[nodiscard]] static std::vector<Recipe> all();

 private:
  const Recipe recipe_;
  const ProtocolRecipe* const next_;
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the list itself.
  inline static constinit const ProtocolRecipe* first_ = nullptr;
};

/// Every capture, in no special order.
[[nodiscard]] std::vector<Recipe> all_recipes();
/// Plays them all, each into `folder`/name.pcap.
void write_captures(const std::filesystem::path& folder);

}  // namespace sekimori::captures
