#pragma once

#include "../builds.h"
#include "../questionnaire.h"

#include <ostream>
#include <string>
#include <vector>

namespace sekimori::test {

/// A plant in which something happened, and what that is evidence of. Where `days` are given the
/// captures cover enough for silence to mean something.
struct Scenario {
  std::string question, what;
  Evidence evidence = Evidence::strong;
  double days = 0;
  Build build;
};

inline std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  return out << scenario.question << ": " << scenario.what;
}

using Scenarios = std::vector<Scenario>;

}  // namespace sekimori::test
