#pragma once

#include "sekimori/capture/capture_set.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sekimori {

struct LiveOptions {
  std::vector<std::string> interfaces;
  std::string filter;                               ///< pcap-filter(7); "" takes everything
  std::size_t ring_bytes = std::size_t{64} << 20U;  ///< the kernel's buffer, of each interface
  bool promiscuous = true;
  std::filesystem::path raw;  ///< where frames are kept as pcap; empty: nowhere
  /// Bytes of raw files in all, then the oldest goes; 0: one file of each interface, without end.
  std::uint64_t raw_cap = 0;
  bool raw_goes_on = false;  ///< a raw file that is there stays, and the next is numbered
};

/// How an interface does.
struct LiveStatus {
  enum class Link : std::uint8_t { up, down, gone };

  std::string interface;
  Link link = Link::up;
  bool promiscuous = false;  ///< the kernel granted it
  bool nanoseconds = false;  ///< of its clock; else microseconds
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;            ///< on the wire
  std::uint64_t kernel_drops = 0;     ///< the ring was full
  std::uint64_t interface_drops = 0;  ///< the driver or the card said so
  std::uint64_t own_drops = 0;        ///< observed, and lacking in the raw file
  std::string raw_trouble;            ///< why no frames are kept; ""
};

/// Frames from network interfaces, through libpcap. The sockets receive only: confine() takes
/// writing to them away.
class LiveCapture {
 public:
  /// File descriptors of capture sockets, and of nothing else that is written to, are at least
  /// this; so one comparison in the system call filter tells them apart.
  static constexpr int kFirstSocket = 64;

  /// Opens every interface. Throws Error: no such interface, no permission, a filter that does not
  /// compile.
  explicit LiveCapture(const LiveOptions& options);
  ~LiveCapture();
  LiveCapture(const LiveCapture&) = delete;
  LiveCapture& operator=(const LiveCapture&) = delete;

  /// Makes the raw files, where any are wanted: with the rights with which later ones are made.
  /// They go again where no next() follows. Throws Error, also where one is there already and
  /// raw_goes_on is not said.
  void keep_raw();

  /// Waits for frames, no longer than `wait`, and fills `batch` with what came, merged by time;
  /// their memory is good until the next call. Returns early, with nothing, at a signal.
  /// False once no interface is left.
  bool next(FrameBatch& batch, std::chrono::milliseconds wait);

  /// One capture an interface, as of now. The SHA-256 is that of its frames as one pcap file with
  /// nanoseconds, which the raw file is where there is one.
  [[nodiscard]] std::vector<CaptureFile> captures() const;
  /// Asks the kernel for its counts.
  [[nodiscard]] std::vector<LiveStatus> status();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sekimori
