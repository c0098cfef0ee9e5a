#pragma once

#include <span>
#include <string_view>

namespace sekimori::embedded {

/// A file of the source tree that is part of the program (src/embed.cmake).
struct File {
  std::string_view name;  ///< without its folder
  std::string_view text;
};

}  // namespace sekimori::embedded
