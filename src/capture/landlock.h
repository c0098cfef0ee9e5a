#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sekimori::detail {

/// Restricts this thread with Landlock as far as the kernel has it: see confine(). The process must
/// have set no_new_privs. Returns what was done, for people.
std::string landlock(const std::vector<std::filesystem::path>& readable,
                     const std::vector<std::filesystem::path>& writable);

}  // namespace sekimori::detail
