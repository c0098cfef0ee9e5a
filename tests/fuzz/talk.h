#pragma once

#include "sekimori/capture/frame.h"

#include <cstddef>
#include <cstdint>
#include <vector>

/// An input of the talks targets, and the frames that it stands for. An input is
///   how      one byte: bits 0-3 what the packets are wrapped in, bits 4-5 over TCP, UDP, IP or
///            Ethernet, bit 6 IPv6, bit 7 without a TCP handshake
///   number   two bytes, big endian: the server's port, the IP protocol (its low byte), the
///   EtherType sayings  each one byte of SayingFlag, two of length, little endian, and the bytes
/// so that any bytes are a talk. Lengths, checksums and sequence numbers of the frames are right.
namespace sekimori::fuzz {

constexpr std::size_t kTalkHead = 3;
constexpr std::size_t kSayingHead = 3;

enum class TalkOver : std::uint8_t { tcp, udp, ip, ethernet };
constexpr unsigned kTalkOver = 0x30;  ///< in the first byte

enum SayingFlag : std::uint8_t {
  kFromServer = 0x01,
  kCut = 0x06,       ///< 0: whole, 2: in halves, 4: in pieces of 8 bytes, 6: the first bytes apart
  kSwapped = 0x08,   ///< the last two pieces change places
  kRepeated = 0x10,  ///< the first piece is sent again
  kLost = 0x20,      ///< the first piece of several is not in the capture
  kOtherFlow = 0x40,
  kLater = 0x80,  ///< after a pause
};

/// A frame with memory of its own, for a sanitizer to see a read past its end.
struct TalkFrame {
  std::vector<std::uint8_t> bytes;
  LinkType link = LinkType::ethernet;
  std::int64_t time = 0;
};

[[nodiscard]] std::vector<TalkFrame> play(Bytes input);

}  // namespace sekimori::fuzz
