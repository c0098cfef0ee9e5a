#include "sekimori/bytes/draft.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sekimori {
namespace {

namespace fs = std::filesystem;

constexpr int kMostTries = 100;
constexpr mode_t kFileMode = 0666;  // less the umask
constexpr mode_t kFolderMode = 0777;

[[noreturn]] void fail(const fs::path& called, int code) {
  throw Error(called.string(), "cannot be written: " + std::generic_category().message(code));
}

int open_file(const fs::path& path, int flags, mode_t mode = 0) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX.
  return ::open(path.c_str(), flags | O_CLOEXEC, mode);
}

/// Whether the lock is this process's. What cannot be locked at all counts as locked.
bool locks(int file) {
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    return errno != EWOULDBLOCK;
  }
  return true;
}

/// Whether the path still leads to the open file: whoever locked it first may have removed it.
bool is_at(int file, const fs::path& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(file, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

int make_file(const fs::path& path) {
  return open_file(path, O_RDWR | O_CREAT | O_EXCL, kFileMode);
}

void remove_file(const fs::path& path) {
  ::unlink(path.c_str());
}

int make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), kFolderMode) != 0) return -1;
  const int made = open_file(path, O_RDONLY | O_DIRECTORY);
  const int code = errno;
  if (made < 0) ::rmdir(path.c_str());
  errno = code;
  return made;
}

void remove_folder(const fs::path& path) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{path, ignored})
    if (!entry.is_regular_file(ignored) || entry.is_symlink(ignored)) return;
  fs::remove_all(path, ignored);
}

}  // namespace

struct DraftPlace::Kind {
  int flags;  // to open one that is there
  int (*make)(const fs::path& path);
  void (*remove)(const fs::path& path);
};

DraftPlace::DraftPlace(int descriptor, fs::path path) noexcept
    : descriptor_(descriptor), path_(std::move(path)) {}

DraftPlace::DraftPlace(DraftPlace&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

DraftPlace& DraftPlace::operator=(DraftPlace&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

DraftPlace::~DraftPlace() {
  if (holds()) ::close(descriptor_);
}

/// Takes away what nobody alive works on.
void DraftPlace::remove_dead(const fs::path& path, const Kind& kind) {
  const DraftPlace found{open_file(path, kind.flags | O_NOFOLLOW), path};
  if (found.holds() && locks(found.descriptor_) && is_at(found.descriptor_, path))
    kind.remove(path);
}

DraftPlace DraftPlace::make(const fs::path& target, const fs::path& called, const Kind& kind) {
  for (int i = 0; i < kMostTries; ++i) {
    auto path = target;
    path += (i == 0 ? "" : '.' + std::to_string(i)) + ".partial";
    // Twice: one that a killed run left is removed first.
    for (int turn = 0; turn < 2; ++turn) {
      DraftPlace made{kind.make(path), path};
      if (made.holds()) {
        if (locks(made.descriptor_) && is_at(made.descriptor_, path)) return made;
        break;
      }
      if (errno != EEXIST) fail(called, errno);
      remove_dead(path, kind);
    }
  }
  fail(called, EEXIST);
}

DraftPlace DraftPlace::file(const fs::path& target, const fs::path& called) {
  return make(target, called, {O_RDONLY, make_file, remove_file});
}

DraftPlace DraftPlace::folder(const fs::path& target, const fs::path& called) {
  return make(target, called, {O_RDONLY | O_DIRECTORY, make_folder, remove_folder});
}

fs::path followed(fs::path path) {
  constexpr int kMostLinks = 40;  // as the kernel follows; what leads in a circle stays a link
  std::error_code code;
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(path, code)); ++i)
    path = path.parent_path() / fs::read_symlink(path, code);
  return path;
}

Draft::Draft(fs::path target, fs::path called)
    : target_(followed(target)), called_(called.empty() ? target : std::move(called)) {
  std::error_code code;
  const auto there = fs::status(target, code);
  // Renaming would take away a device, or fail only at the end.
  if (fs::is_directory(there)) throw Error(called_.string(), "cannot be written: it is a folder");
  if (fs::exists(there) && !fs::is_regular_file(there))
    throw Error(called_.string(), "cannot be written: it is no file");
  place_ = DraftPlace::file(target_, called_);
  resemble_target();
}

/// From the beginning, so that nobody reads the new file who could not read the old one.
void Draft::resemble_target() const {
  constexpr mode_t kPermissions = 0777;
  constexpr mode_t kOwn = S_IRUSR | S_IWUSR;  // it is about to be written
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0)
    static_cast<void>(::fchmod(place_.descriptor(), (old.st_mode & kPermissions) | kOwn));
}

Draft::~Draft() {
  if (place_.holds()) ::unlink(path().c_str());
}

void Draft::write(std::string_view bytes) {
  if (!write_all(place_.descriptor(), bytes)) fail(called_, errno);
}

void Draft::become_target() {
  if (::fsync(place_.descriptor()) != 0 && errno != EINVAL) fail(called_, errno);
  if (::rename(path().c_str(), target_.c_str()) != 0) fail(called_, errno);
  place_ = {};
  flush_folder(fs::absolute(target_).parent_path());
}

void flush_folder(const fs::path& folder) noexcept {
  const int opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  if (opened < 0) return;
  static_cast<void>(::fsync(opened));
  ::close(opened);
}

}  // namespace sekimori
