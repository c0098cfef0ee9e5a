#include "sekimori/bytes/file.h"

#include "sekimori/bytes/error.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace sekimori {

std::string read_file(const std::filesystem::path& path, std::uintmax_t most) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) throw Error(path.string(), "is a folder");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rb"),
                                                             std::fclose};
  if (!file) throw Error(path.string(), std::strerror(errno));
  std::string text;
  std::array<char, 65536> block{};
  while (const auto count = std::fread(block.data(), 1, block.size(), file.get())) {
    if (text.size() + count > most) throw Error(path.string(), "larger than such a file can be");
    text.append(block.data(), count);
  }
  if (std::ferror(file.get()) != 0) throw Error(path.string(), "cannot be read to its end");
  return text;
}

bool write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace sekimori
