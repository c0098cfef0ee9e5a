// Any bytes as what says whose answers are to what: a site file, and a question set.

#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/question_set.h"
#include "sekimori/reconcile/site.h"

#include "target.h"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  try {
    static_cast<void>(sekimori::parse_site(text, "fuzz.json"));
  } catch (const sekimori::Error&) {
  }
  try {
    static_cast<void>(sekimori::parse_question_set(text, "fuzz.json"));
  } catch (const sekimori::Error&) {
  }
  return 0;
}
