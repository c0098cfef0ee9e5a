#pragma once

#include "sekimori/infer/census.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// The best-founded answer to one question about an asset.
struct BestText {
  std::string_view text;
  int confidence = -1;
  std::uint64_t count = 0;

  /// The greater confidence stands, then the greater count, then the lesser text.
  void offer(std::string_view value, int value_confidence, std::uint64_t value_count) {
    const bool better = value_confidence != confidence ? value_confidence > confidence
                        : value_count != count         ? value_count > count
                                                       : value < text;
    if (!value.empty() && better) *this = {value, value_confidence, value_count};
  }
};

/// What the properties and the MAC say of an asset.
struct Profile {
  BestText name, vendor, product, model, firmware, serial, os;
};

struct Profiles {
  std::vector<Profile> assets;         ///< in the order of rows
  std::vector<RowId> property_assets;  ///< in the order of Facts::properties
};

[[nodiscard]] Profiles make_profiles(const Facts& facts, const Census& census);

/// What to call an asset: its best name, else its address.
[[nodiscard]] std::string name_of(RowId asset, const Census& census,
                                  const std::vector<Profile>& profiles);

}  // namespace sekimori
