#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sekimori {

/// A file that a person wrote, whole. Throws Error: no such file, a folder, unreadable, or larger
/// than `most` bytes.
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::uintmax_t most = 64U * 1024 * 1024);

}  // namespace sekimori
