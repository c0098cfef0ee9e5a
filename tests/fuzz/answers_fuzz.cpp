// Any bytes as an answer sheet: JSON, CSV in any encoding, or a workbook; and as a map.

#include "sekimori/bytes/error.h"
#include "sekimori/reconcile/answers.h"
#include "sekimori/reconcile/question_set.h"

#include "target.h"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kSet = sekimori::load_question_set(std::string{SEKIMORI_SOURCE_DIR} +
                                                       "/rulesets/questionnaires/ssat.json");
  const std::string text{data, data + size};
  try {
    (void)sekimori::parse_answers(text, "fuzz.csv", kSet);
  } catch (const sekimori::Error&) {
  }
  try {
    const auto map = sekimori::parse_answer_map(text, "fuzz.csv", kSet);
    (void)sekimori::parse_answers(text, "fuzz.csv", kSet, &map);
  } catch (const sekimori::Error&) {
  }
  try {
    (void)sekimori::propose_answer_map(text, "fuzz.csv", kSet);
  } catch (const sekimori::Error&) {
  }
  return 0;
}
