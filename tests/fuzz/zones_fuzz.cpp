// Any bytes as a zone plan.

#include "sekimori/bytes/error.h"
#include "sekimori/infer/zone_plan.h"

#include "target.h"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  try {
    (void)sekimori::ZonePlan::parse(text, "fuzz.json");
  } catch (const sekimori::Error&) {
  }
  return 0;
}
