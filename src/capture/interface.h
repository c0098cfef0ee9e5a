#pragma once

#include "sekimori/capture/frame.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sekimori::detail {

struct InterfaceOptions {
  std::string filter;
  std::size_t ring_bytes = 0;
  bool promiscuous = true;
};

/// Frames as pcap records with nanoseconds (draft-ietf-opsawg-pcap, 5), in this machine's order.
struct Records {
  std::vector<std::uint8_t> bytes;
  std::vector<std::size_t> begins;  ///< where each record's header stands in `bytes`

  void clear() noexcept {
    bytes.clear();
    begins.clear();
  }
};

/// A network interface, opened for listening. The one door to libpcap.
class Interface {
 public:
  /// Throws Error.
  Interface(const std::string& name, const InterfaceOptions& options);
  ~Interface();
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;

  /// Adds what has come, up to `most` records, without waiting. False where libpcap failed.
  bool read(Records& records, int most);

  enum class Link : std::uint8_t { up, down, gone };
  /// Asks the kernel. What is gone does not come back, even under the same name.
  [[nodiscard]] Link link() const;

  struct Drops {
    std::uint64_t kernel = 0;     ///< since the interface was opened
    std::uint64_t interface = 0;  ///< the same
  };
  Drops drops();

  [[nodiscard]] int descriptor() const noexcept;  ///< for poll(2)
  [[nodiscard]] LinkType link_type() const noexcept;
  [[nodiscard]] bool promiscuous() const noexcept;
  [[nodiscard]] bool nanoseconds() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sekimori::detail
