#pragma once

#include <string>

namespace sekimori {

/// A sentence in the report's two languages.
struct Bilingual {
  std::string en, ja;
};

}  // namespace sekimori
