#include "sekimori/report/output_folder.h"

#include "sekimori/bytes/error.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace sekimori {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".partial";
constexpr mode_t kMode = 0666;  // less the umask

[[noreturn]] void fail(const fs::path& path, int code) {
  throw Error(path.string(), "cannot be written: " + std::generic_category().message(code));
}

/// A file that is closed whatever happens.
class File {
 public:
  /// `name` is what errors call it.
  File(const fs::path& path, const fs::path& name)
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX.
      : path_(name), file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode)) {
    if (file_ < 0) fail(name, errno);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(file_); }

  void write(std::string_view content) {
    while (!content.empty()) {
      const auto done = ::write(file_, content.data(), content.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) fail(path_, errno);
      content.remove_prefix(static_cast<std::size_t>(done));
    }
    if (::fsync(file_) != 0 && errno != EINVAL) fail(path_, errno);
  }

 private:
  const fs::path& path_;
  int file_;
};

fs::path partial(const fs::path& path) {
  return fs::path{path} += kSuffix;
}

}  // namespace

OutputFolder::OutputFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code code;
  is_new_ = fs::create_directories(folder_, code);
  if (code) throw Error(folder_.string(), "cannot be made: " + code.message());
  if (!fs::is_directory(folder_)) throw Error(folder_.string(), "is not a folder");
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  for (const auto& path : waiting_) fs::remove(partial(path), ignored);
  if (is_new_) fs::remove(folder_, ignored);  // it stays where there is something in it
}

fs::path OutputFolder::reserve(std::string_view name) {
  const auto path = folder_ / name;
  // Renaming would fail only after other files had been replaced.
  if (fs::is_directory(path)) throw Error(path.string(), "cannot be written: it is a folder");
  waiting_.push_back(path);
  return partial(path);
}

void OutputFolder::write(std::string_view name, std::string_view content) {
  File{reserve(name), folder_ / name}.write(content);
}

void OutputFolder::publish() {
  while (!waiting_.empty()) {
    const auto& path = waiting_.back();
    std::error_code code;
    fs::rename(partial(path), path, code);
    if (code) throw Error(path.string(), "cannot be written: " + code.message());
    waiting_.pop_back();
  }
}

}  // namespace sekimori
