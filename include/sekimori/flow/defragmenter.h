#pragma once

#include "sekimori/bytes/address.h"
#include "sekimori/capture/frame.h"
#include "sekimori/decode/packet.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sekimori {

/// Bounds of reassembly. All are counted when reached.
struct DefragmenterLimits {
  std::size_t datagrams = 4096;                       ///< unfinished at once
  std::size_t bytes = std::size_t{16} * 1024 * 1024;  ///< that they take together
  std::size_t fragments = 512;                        ///< of one datagram
  std::int64_t patience_ipv4 = 30'000'000'000;  ///< ns from the first to arrive; ids come round
  std::int64_t patience_ipv6 = 60'000'000'000;  ///< ns (RFC 8200, 4.5)
  std::int64_t duplicate_window = 50'000'000;   ///< ns; a mirror's second copy comes this soon
};

/// Fragments of datagrams that were never whole.
struct LostFragments {
  std::uint64_t fragments = 0;
  Sighting first;  ///< of the earliest such datagram, where there is one
};

/// What became of the fragments of one capture. A datagram counts where its first fragment was.
struct DefragmenterCounters {
  std::uint64_t fragments = 0;
  std::uint64_t datagrams_completed = 0;
  std::uint64_t datagrams_lost = 0;  ///< never whole, for whatever reason
  std::uint64_t fragments_lost = 0;  ///< those of lost datagrams, and refused ones
  std::uint64_t timed_out = 0;       ///< part of datagrams_lost: found late before the end
  std::uint64_t snapped = 0;         ///< part of datagrams_lost: the snap length cut a fragment
  std::uint64_t refused = 0;         ///< fragments that no datagram can have
  std::uint64_t duplicates = 0;
  std::uint64_t overlaps = 0;   ///< fragments that cover what another brought
  std::uint64_t conflicts = 0;  ///< bytes in which they disagree
  LostFragments cut;            ///< where the snap length cut one of the datagram's
  LostFragments lacking;        ///< of the other lost datagrams
};

/// How often a bound was reached.
struct DefragmenterCaps {
  std::uint64_t datagrams = 0;
  std::uint64_t bytes = 0;
  std::uint64_t fragments = 0;
};

/// Puts IP datagrams together from fragments, for one thread. Where IPv4 fragments overlap, the
/// bytes that came first stay; an IPv6 datagram with overlaps is lost (RFC 5722). Time is the
/// packets' own.
class Defragmenter {
 public:
  /// The seed scatters the table against chosen collisions; no result depends on it.
  explicit Defragmenter(const DefragmenterLimits& limits = {}, std::uint64_t seed = 0);

  /// Takes a packet with `fragment` set. Yields the whole IP payload when this one completes it,
  /// for decode_reassembled(); the memory is good until the next call.
  std::optional<Bytes> add(const Packet& fragment);

  /// No more will come: what is not whole is lost.
  void finish();

  /// By Frame::capture; shorter than the captures where the last had no fragments.
  [[nodiscard]] const std::vector<DefragmenterCounters>& counters() const noexcept {
    return counters_;
  }
  /// What the fragments of the last whole datagram took on the wire, headers and all.
  [[nodiscard]] std::uint64_t wire_bytes() const noexcept { return wire_bytes_; }
  [[nodiscard]] const DefragmenterCaps& caps() const noexcept { return caps_; }
  /// Datagrams begun and not whole.
  [[nodiscard]] std::size_t waiting() const noexcept { return datagrams_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Key {
    IpAddress source;
    IpAddress destination;
    std::uint64_t segment = 0;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;
    std::uint8_t version = 0;
    std::uint16_t tunnel_pair = 0;

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::uint64_t seed;

    std::size_t operator()(const Key& key) const noexcept;
  };
  /// Bytes [begin, end) of a datagram, which stand at `at` of Datagram::bytes.
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t at = 0;
  };
  enum class State : std::uint8_t {
    waiting,
    whole,  ///< handed over; kept for a moment, to know its duplicates
    lost,   ///< counted; kept so that its stragglers begin no other
  };
  struct Datagram {
    Key key;
    State state = State::waiting;
    bool snapped = false;
    Sighting first;
    std::int64_t completed = 0;  ///< ns
    std::uint64_t wire_bytes = 0;
    std::uint32_t fragments = 0;
    std::uint32_t covered = 0;
    std::optional<std::uint32_t> total = {};
    std::vector<Piece> pieces;          ///< by `begin`, apart from each other
    std::vector<std::uint8_t> bytes;    ///< in order of arrival
    std::vector<std::uint64_t> prints;  ///< of the fragments, to tell a duplicate
  };
  using Datagrams = std::list<Datagram>;
  /// What a fragment covers, [begin, end), and its fingerprint.
  struct Part {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint64_t print = 0;
  };

  [[nodiscard]] DefragmenterCounters& of(std::uint32_t capture);
  [[nodiscard]] std::int64_t patience(const Datagram& datagram) const noexcept;
  [[nodiscard]] static std::size_t cost(const Datagram& datagram) noexcept;
  void sweep(std::int64_t now);
  void make_room();
  /// The datagram that a fragment belongs to, begun where there is none.
  Datagram& place(const Key& key, const Packet& fragment, std::uint64_t print);
  /// Whether the datagram is still worth filling; its books are kept otherwise.
  bool accept(Datagram& datagram, const Packet& fragment, const Part& part);
  bool fits(Datagram& datagram, const Packet& fragment, const Part& part);
  static void fill(Datagram& datagram, const Packet& fragment, const Part& part);
  void compare(const Datagram& datagram, const Packet& fragment, const Part& part);
  Bytes assemble(Datagram& datagram, std::int64_t now);
  LostFragments& losses_of(const Datagram& datagram);
  void lose(Datagram& datagram);
  static void release(Datagram& datagram);
  void remove(Datagrams::iterator datagram);

  DefragmenterLimits limits_;
  Datagrams datagrams_;        // waiting or lost, oldest first
  Datagrams whole_datagrams_;  // by time of completion
  std::unordered_map<Key, Datagrams::iterator, Hash> places_;
  std::vector<std::uint8_t> whole_;
  std::uint64_t wire_bytes_ = 0;
  std::vector<DefragmenterCounters> counters_;
  DefragmenterCaps caps_;
  std::size_t bytes_ = 0;
};

}  // namespace sekimori
