#pragma once

#include "sekimori/bytes/text.h"
#include "sekimori/capture/capture_set.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sekimori::test {

using Octets = std::vector<std::uint8_t>;

enum class Endian { little, big };

/// Numbers and bytes, one behind the other, in one byte order.
class Writing {
 public:
  explicit Writing(Endian endian) : endian_(endian) {}

  Writing& u8(std::uint64_t value) { return number(value, 1); }
  Writing& u16(std::uint64_t value) { return number(value, 2); }
  Writing& u32(std::uint64_t value) { return number(value, 4); }
  Writing& u64(std::uint64_t value) { return number(value, 8); }
  Writing& add(const Octets& bytes) {
    octets_.insert(octets_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Writing& pad(std::size_t to) {
    while (octets_.size() % to != 0) octets_.push_back(0);
    return *this;
  }

  [[nodiscard]] const Octets& octets() const { return octets_; }

 private:
  Writing& number(std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) {
      const auto place = endian_ == Endian::little ? i : width - 1 - i;
      octets_.push_back(static_cast<std::uint8_t>(value >> (8U * place)));
    }
    return *this;
  }

  Endian endian_;
  Octets octets_;
};

inline Octets join(std::initializer_list<Octets> parts) {
  Octets whole;
  for (const auto& part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

// pcap

constexpr std::uint32_t kMicroMagic = 0xa1b2c3d4;
constexpr std::uint32_t kNanoMagic = 0xa1b23c4d;
constexpr std::uint32_t kModifiedMagic = 0xa1b2cd34;

inline Octets pcap_header(Endian endian, std::uint32_t magic = kMicroMagic,
                          std::uint32_t link_type = 1, std::uint16_t minor = 4) {
  return Writing{endian}.u32(magic).u16(2).u16(minor).u64(0).u32(65535).u32(link_type).octets();
}
inline Octets pcap_record(Endian endian, std::uint32_t seconds, std::uint32_t fraction,
                          const Octets& bytes, std::uint32_t on_wire) {
  return Writing{endian}
      .u32(seconds)
      .u32(fraction)
      .u32(bytes.size())
      .u32(on_wire)
      .add(bytes)
      .octets();
}

// pcapng

inline Octets block(Endian endian, std::uint32_t type, const Octets& body) {
  const auto padded = Writing{endian}.add(body).pad(4).octets();
  const auto length = padded.size() + 12;
  return Writing{endian}.u32(type).u32(length).add(padded).u32(length).octets();
}
inline Octets option(Endian endian, std::uint16_t code, const Octets& value) {
  return Writing{endian}.u16(code).u16(value.size()).add(value).pad(4).octets();
}
inline Octets section(Endian endian) {
  return block(endian, 0x0a0d0d0a,
               Writing{endian}.u32(0x1a2b3c4d).u16(1).u16(0).u64(~std::uint64_t{0}).octets());
}
inline Octets interface(Endian endian, std::uint16_t link_type = 1, std::uint32_t snap_length = 0,
                        const Octets& options = {}) {
  return block(endian, 1,
               Writing{endian}.u16(link_type).u16(0).u32(snap_length).add(options).octets());
}
inline Octets enhanced(Endian endian, std::uint32_t id, std::uint64_t ticks, const Octets& bytes,
                       std::uint32_t on_wire, const Octets& options = {}) {
  return block(endian, 6,
               Writing{endian}
                   .u32(id)
                   .u32(ticks >> 32U)
                   .u32(ticks)
                   .u32(bytes.size())
                   .u32(on_wire)
                   .add(bytes)
                   .pad(4)
                   .add(options)
                   .octets());
}

// Files and what is read from them

/// A folder to be filled.
class TemporaryFolder : public Folder {
 public:
  [[nodiscard]] std::filesystem::path write(std::string_view name, const Octets& bytes) const {
    const auto target = path() / name;
    std::filesystem::create_directories(target.parent_path());
    std::ofstream{target, std::ios::binary} << view_of(bytes);
    return target;
  }
};

/// A frame that owns its bytes.
struct Seen {
  Octets bytes;
  std::uint32_t wire_length = 0;
  std::uint32_t capture = 0;
  std::uint64_t number = 0;
  std::int64_t time = 0;
  LinkType link_type = LinkType::ethernet;

  friend bool operator==(const Seen&, const Seen&) = default;
};

inline void take(const FrameBatch& batch, std::vector<Seen>& seen) {
  for (const auto& frame : batch.frames) {
    seen.push_back({{frame.bytes.begin(), frame.bytes.end()},
                    frame.wire_length,
                    frame.capture,
                    frame.number,
                    frame.time,
                    frame.link_type});
  }
}

/// All frames of a set, `most` at a time.
inline std::vector<Seen> read_all(CaptureSet& set, std::size_t most = 1000) {
  std::vector<Seen> seen;
  FrameBatch batch;
  while (set.next(batch, most)) take(batch, seen);
  return seen;
}

struct Reading {
  std::vector<Seen> frames;
  std::vector<CaptureFile> captures;
  std::vector<std::string> skipped;
};

inline Reading read_paths(const std::vector<std::filesystem::path>& paths,
                          std::size_t most = 1000) {
  CaptureSet set{paths};
  auto frames = read_all(set, most);
  return {std::move(frames), set.captures(), set.skipped()};
}

inline Reading read_bytes(const Octets& bytes, std::string_view name = "x.pcap") {
  const TemporaryFolder folder;
  return read_paths({folder.write(name, bytes)});
}

}  // namespace sekimori::test
