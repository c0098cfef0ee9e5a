#include "captures.h"

#include <string>

namespace sekimori::captures {

std::vector<Recipe> all_recipes() {
  std::vector<Recipe> all;
  for (const auto& some : {demo_recipes(), boundary_recipes(), access_recipes(), hygiene_recipes(),
                           monitoring_recipes(), trap_recipes(), protocol_recipes()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

void write_captures(const std::filesystem::path& folder) {
  for (const auto& recipe : all_recipes()) {
    Plant plant;
    recipe.play(plant);
    plant.scene.write(folder / (std::string{recipe.name} + ".pcap"));
  }
}

}  // namespace sekimori::captures
