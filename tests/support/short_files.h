#pragma once

#include <csignal>
#include <sys/resource.h>

namespace sekimori::test {

/// While it lives no file may grow past so many bytes, as on a disk that is full.
class ShortFiles {
 public:
  explicit ShortFiles(rlim_t most) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    auto less = before_;
    less.rlim_cur = most;
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ShortFiles(const ShortFiles&) = delete;
  ShortFiles& operator=(const ShortFiles&) = delete;
  ~ShortFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    static_cast<void>(std::signal(SIGXFSZ, handler_));
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace sekimori::test
