// Any bytes as a ruleset.

#include "sekimori/assess/ruleset.h"
#include "sekimori/bytes/error.h"

#include "target.h"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  try {
    (void)sekimori::parse_ruleset(text, "fuzz.json");
  } catch (const sekimori::Error&) {
  }
  return 0;
}
