#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace sekimori {

/// What work in a process of its own may use.
struct Allowance {
  unsigned seconds = 20;                ///< by the clock and of the processor, 1 or more
  std::size_t memory = 1U << 30U;       ///< bytes beyond what this process has
  std::size_t result = 256U * 1048576;  ///< bytes
};

/// Does `work` in a copy of this process and gives what it returned, so that a library that is not
/// safe with hostile bytes breaks the copy alone. The copy makes no file longer. Nothing where it
/// ended in another way: by a fault, by an exception, past its allowance, or for want of /proc.
/// Throws Error where there can be no process.
[[nodiscard]] std::optional<std::string> run_apart(const std::function<std::string()>& work,
                                                   const Allowance& allowance = {});

}  // namespace sekimori
