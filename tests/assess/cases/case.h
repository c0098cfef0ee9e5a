#pragma once

#include "../plant.h"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace sekimori::test {

/// A plant, and what a check says of it: `violated`, `met` or `unseen`.
struct Case {
  std::string name;
  std::string id;
  std::string result;
  std::function<void(Plant&)> plant;
};

inline std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.id << ": " << c.name << " is " << c.result;
}

using Cases = std::vector<Case>;
using P = Plant;

}  // namespace sekimori::test
