// Any bytes as every list that a plant may hand over: a list, or an Error that names the file.

#include "sekimori/assess/plant_list.h"
#include "sekimori/bytes/error.h"

#include "target.h"

#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as the text that they are.
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const auto& kind : sekimori::list_kinds()) {
    try {
      static_cast<void>(sekimori::parse_list(kind.name, text, "fuzz"));
    } catch (const sekimori::Error&) {
    }
  }
  return 0;
}
