#include "sekimori/report/output_folder.h"

#include "sekimori/bytes/error.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <list>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sekimori {
namespace {

namespace fs = std::filesystem;

/// The folder that it is, whatever links lead to it.
fs::path place_of(const fs::path& folder) {
  std::error_code code;
  auto place = fs::weakly_canonical(fs::absolute(folder), code);
  if (code) throw Error(folder.string(), "cannot be made: " + code.message());
  return place.has_filename() ? place : place.parent_path();
}

/// Gives the new folder the old one's mode and owner; false where that is not allowed.
bool resembles(int made, const fs::path& old) {
  struct stat before {};
  struct stat after {};
  if (::stat(old.c_str(), &before) != 0 || ::fstat(made, &after) != 0) return false;
  const bool same_owner = before.st_uid == after.st_uid && before.st_gid == after.st_gid;
  if (!same_owner && ::fchown(made, before.st_uid, before.st_gid) != 0) return false;
  constexpr mode_t kMode = 07777;
  return ::fchmod(made, before.st_mode & kMode) == 0;
}

}  // namespace

OutputFolder::OutputFolder(fs::path folder)
    : folder_(std::move(folder)), place_(place_of(folder_)) {
  try {
    std::error_code code;
    const bool exists = fs::exists(place_, code);
    if (exists && !fs::is_directory(place_)) throw Error(folder_.string(), "is not a folder");
    if (exists && ::access(place_.c_str(), W_OK | X_OK) != 0)
      throw Error(folder_.string(), "cannot be written: " + std::generic_category().message(errno));
    if (!exists) make(place_.parent_path());
    const auto around = place_.parent_path();
    if (place_ != around && ::access(around.c_str(), W_OK | X_OK) == 0) {
      draft_ = DraftPlace::folder(around / ('.' + place_.filename().string()), folder_);
    } else if (exists) {
      draft_ = DraftPlace::folder(place_ / ".report", folder_);
    } else {
      throw Error(folder_.string(), "cannot be made: " + std::generic_category().message(errno));
    }
  } catch (...) {
    for (const auto& path : made_) ::rmdir(path.c_str());
    throw;
  }
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  if (draft_.holds()) fs::remove_all(draft_.path(), ignored);
  // They stay where there is something in them.
  for (const auto& path : made_) ::rmdir(path.c_str());
}

/// Makes a folder and those around it, and keeps in mind which, innermost first.
void OutputFolder::make(const fs::path& folder) {
  std::vector<fs::path> missing;
  std::error_code code;
  for (auto at = folder; !fs::exists(at, code) && at != at.parent_path(); at = at.parent_path())
    missing.push_back(at);
  for (; !missing.empty(); missing.pop_back()) {
    if (fs::create_directory(missing.back(), code)) made_.insert(made_.begin(), missing.back());
    if (code) throw Error(folder_.string(), "cannot be made: " + code.message());
  }
}

fs::path OutputFolder::reserve(std::string_view name) {
  const auto path = folder_ / name;
  // Renaming would fail only after other files had been replaced.
  if (fs::is_directory(path)) throw Error(path.string(), "cannot be written: it is a folder");
  const std::lock_guard lock{naming_};
  names_.emplace_back(name);
  return draft_.path() / name;
}

void OutputFolder::write(std::string_view name, std::string_view content) {
  write(name, [&](const TextSink& sink) { sink(content); });
}

void OutputFolder::write(std::string_view name,
                         const std::function<void(const TextSink&)>& content) {
  const auto path = reserve(name);
  Draft draft{path, folder_ / name};
  content([&](std::string_view piece) { draft.write(piece); });
  draft.become_target();
}

void OutputFolder::publish() {
  if (!replace_folder()) replace_files();
  std::error_code ignored;
  fs::remove_all(draft_.path(), ignored);
  draft_ = {};  // from here on the name may be another run's
  flush_folder(place_);
  flush_folder(place_.parent_path());
}

bool OutputFolder::is_all_replaced() const {
  std::error_code code;
  if (fs::equivalent(place_, fs::current_path(code), code)) return false;
  for (const auto& entry : fs::directory_iterator{place_, code}) {
    const bool ours = entry.is_regular_file() && !entry.is_symlink() &&
                      std::ranges::count(names_, entry.path().filename().string()) != 0;
    if (!ours) return false;
  }
  return !code;
}

bool OutputFolder::replace_folder() {
  if (draft_.path().parent_path() != place_.parent_path()) return false;
  if (!fs::exists(place_)) return ::rename(draft_.path().c_str(), place_.c_str()) == 0;
  // Where the old folder's mode and owner are not to be had, or the file system cannot exchange
  // (NFS, FAT), the files are replaced instead.
  return is_all_replaced() && resembles(draft_.descriptor(), place_) &&
         ::renameat2(AT_FDCWD, draft_.path().c_str(), AT_FDCWD, place_.c_str(), RENAME_EXCHANGE) ==
             0;
}

void OutputFolder::replace_files() {
  make(place_);
  for (const auto& name : names_) {
    std::error_code code;
    fs::rename(draft_.path() / name, place_ / name, code);
    if (code == std::errc::cross_device_link) return copy_files();
    if (code) throw Error((folder_ / name).string(), "cannot be written: " + code.message());
  }
}

void OutputFolder::copy_files() {
  constexpr std::streamsize kPiece = 1 << 20;
  std::list<Draft> copies;  // each beside what it replaces, before the first one is replaced
  std::string piece;
  for (const auto& name : names_) {
    auto& copy = copies.emplace_back(place_ / name, folder_ / name);
    // Not by std::filesystem: its copying asks the kernel for sendfile(), which confine() forbids.
    std::ifstream made{draft_.path() / name, std::ios::binary};
    do {
      piece.resize(kPiece);
      made.read(piece.data(), kPiece);
      piece.resize(static_cast<std::size_t>(made.gcount()));
      copy.write(piece);
    } while (made);
    if (!made.eof())
      throw Error(copy.called().string(), "cannot be written: its draft is unreadable");
  }
  for (auto& copy : copies) copy.become_target();
}

}  // namespace sekimori
