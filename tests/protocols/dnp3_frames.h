#pragma once

// Frames of DNP3 from the fragments that they carry; the CRC bit by bit, as the standard draws it.

#include "dialogue.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sekimori::test::dnp3 {

using Message = std::vector<std::uint8_t>;

constexpr std::uint16_t kMaster = 3;
constexpr std::uint16_t kOutstation = 10;

inline void add_crc(Message& bytes, std::size_t from) {
  unsigned crc = 0;
  for (auto i = from; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool feedback = ((crc ^ unsigned{bytes[i]} >> bit) & 1U) != 0;
      crc = crc >> 1U ^ (feedback ? 0xa6bcU : 0U);
    }
  }
  crc = ~crc;
  bytes.push_back(static_cast<std::uint8_t>(crc));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
}

inline Message frame(std::uint8_t control, unsigned destination, unsigned source,
                     const Message& data = {}) {
  Message bytes{0x05, 0x64};
  for (const auto byte : {static_cast<unsigned>(5 + data.size()), unsigned{control}, destination,
                          destination >> 8U, source, source >> 8U})
    bytes.push_back(static_cast<std::uint8_t>(byte));
  add_crc(bytes, 0);
  for (std::size_t at = 0; at < data.size(); at += 16) {
    const auto front = bytes.size();
    const auto end = std::min(data.size(), at + 16);
    bytes.insert(bytes.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                 data.begin() + static_cast<std::ptrdiff_t>(end));
    add_crc(bytes, front);
  }
  return bytes;
}

/// A fragment in one segment.
inline Message one(const Message& fragment) {
  Message data{0xc0};
  data.insert(data.end(), fragment.begin(), fragment.end());
  return data;
}

inline Turn asks(const Message& fragment, unsigned outstation = kOutstation) {
  return client(frame(0xc4, outstation, kMaster, one(fragment)));
}
inline Turn answers(const Message& fragment, unsigned outstation = kOutstation) {
  return server(frame(0x44, kMaster, outstation, one(fragment)));
}

/// A fragment in segments of `size`, the first of which has the number `sequence`.
inline std::vector<Message> segments(const Message& fragment, std::size_t size,
                                     unsigned sequence = 0) {
  std::vector<Message> found;
  for (std::size_t at = 0; at < fragment.size(); at += size) {
    const auto end = std::min(fragment.size(), at + size);
    Message data{static_cast<std::uint8_t>(
        (at == 0 ? 0x40U : 0U) | (end == fragment.size() ? 0x80U : 0U) | (sequence++ & 0x3fU))};
    data.insert(data.end(), fragment.begin() + static_cast<std::ptrdiff_t>(at),
                fragment.begin() + static_cast<std::ptrdiff_t>(end));
    found.push_back(data);
  }
  return found;
}

}  // namespace sekimori::test::dnp3
