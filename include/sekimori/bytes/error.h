#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace sekimori {

/// Something that the operator must mend: a file, an option, a ruleset.
/// Thrown where it is known, printed by `main` as `file: where: what`, exit 2.
/// What arrives on the wire is never an Error: it is a value, counted and kept.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what) : std::runtime_error(what) {}
  Error(std::string_view file, std::string_view what)
      : std::runtime_error(std::string{file} + ": " + std::string{what}) {}
  Error(std::string_view file, std::string_view where, std::string_view what)
      : std::runtime_error(std::string{file} + ": " + std::string{where} + ": " +
                           std::string{what}) {}
};

}  // namespace sekimori
