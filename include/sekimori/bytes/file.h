#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace sekimori {

/// A file that a person wrote, whole. Throws Error: no such file, a folder, unreadable, or larger
/// than `most` bytes.
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::uintmax_t most = 64U * 1024 * 1024);

/// All of `bytes` to what is open as `descriptor`. False, with the reason in `errno`, where a part
/// was not taken.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes) noexcept;

}  // namespace sekimori
