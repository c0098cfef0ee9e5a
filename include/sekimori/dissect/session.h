#pragma once

#include "sekimori/capture/frame.h"
#include "sekimori/dissect/dissector.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace sekimori {

/// A request that waits for its answer. `operation` is the recorder's index.
struct Pending {
  std::uint64_t key = 0;
  std::uint64_t context = 0;
  std::uint32_t operation = 0;
};

/// The open requests of one side, oldest first. Two fit in place; a few more beside it.
class OpenRequests {
 public:
  static constexpr std::size_t kMost = 256;  ///< then the oldest counts as unanswered

  /// Returns the oldest where it had to go to make room.
  std::optional<Pending> open(const Pending& pending) {
    if (near_size_ == near_.size()) return open_far(pending);
    near_[near_size_++] = pending;
    return std::nullopt;
  }
  /// Takes out the oldest with `key`.
  std::optional<Pending> close(std::uint64_t key) noexcept {
    if (near_size_ != 1 || near_[0].key != key) return close_any(key);
    near_size_ = 0;
    if (!far_) return near_[0];
    const auto found = near_[0];
    refill();
    return found;
  }
  /// Takes out the oldest.
  std::optional<Pending> pop() noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return near_size_ + far_size(); }
  /// Bytes kept beside it.
  [[nodiscard]] std::size_t held() const noexcept {
    return far_ ? sizeof *far_ + far_->capacity() * sizeof(Pending) : 0;
  }

 private:
  [[nodiscard]] std::size_t far_size() const noexcept { return far_ ? far_->size() : 0; }
  std::optional<Pending> open_far(const Pending& pending);
  std::optional<Pending> close_any(std::uint64_t key) noexcept;
  void refill() noexcept;

  std::array<Pending, 2> near_{};
  std::uint8_t near_size_ = 0;
  std::unique_ptr<std::vector<Pending>> far_;
};

/// Buffers of one direction for Observer::buffer().
class BufferShelf {
 public:
  static constexpr std::size_t kMost = 8;

  StreamBuffer& at(std::uint64_t key);
  [[nodiscard]] std::size_t held() const noexcept;  ///< bytes, its own as well

 private:
  struct Entry {
    std::uint64_t key;
    std::unique_ptr<StreamBuffer> buffer;
  };
  std::vector<Entry> entries_;  // the least recently asked for first
};

/// A stretch of a stream that came in one frame, kept until its protocol is known.
struct Chunk {
  std::uint8_t sender = 0;  ///< index of the flow's end
  std::uint32_t size = 0;
  Sighting seen;
};

/// What was heard before a protocol is accepted.
struct Trial {
  struct Candidate {
    const Dissector* dissector = nullptr;
    bool on_seat = false;
    std::array<std::uint32_t, 2> position{};  ///< of each end's bytes, how many were understood
    std::array<std::uint8_t, 2> messages{};   ///< valid ones of each end
  };
  static constexpr std::size_t kMostBytes = 16384;
  static constexpr std::size_t kMostChunks = 64;

  std::vector<Candidate> candidates;
  std::vector<Chunk> chunks;
  std::array<std::vector<std::uint8_t>, 2> bytes;
  FlowState words{};  ///< stays zero: nothing is dissected on trial

  [[nodiscard]] std::size_t held() const noexcept {  ///< bytes, its own as well
    return sizeof *this + candidates.capacity() * sizeof(Candidate) +
           chunks.capacity() * sizeof(Chunk) + bytes[0].capacity() + bytes[1].capacity();
  }
};

/// One direction of an accepted stream.
struct StreamSide {
  std::vector<std::uint8_t> partial;  ///< the front of a message whose end has not come
  std::uint64_t skip = 0;             ///< bytes that nobody needs
  bool opaque = false;
  std::uint8_t foreign = 0;  ///< segments in a row that were not understood
};

/// What the dissect layer keeps beside a flow.
struct Session {
  static constexpr std::uint32_t kNone = 0xffffffff;
  enum class State : std::uint8_t { fresh, trying, accepted, given_up };

  const Dissector* dissector = nullptr;
  State state = State::fresh;
  std::uint8_t retries = 0;
  bool on_seat = false;
  bool to_group = false;   ///< sent to a multicast or broadcast address: silence is no refusal
  bool encrypted = false;  ///< the dissector said so of this flow
  bool keeps = false;      ///< it may keep bytes outside itself: held() may have changed
  std::uint32_t conversation = kNone;  ///< the recorder's index, once accepted
  std::uint32_t counted = 0;           ///< of held(), what Dissection counts of it
  std::array<std::uint32_t, 4> recent{kNone, kNone, kNone, kNone};  ///< the recorder's operations
  std::uint8_t recent_next = 0;
  FlowState words{};
  std::array<StreamSide, 2> side;
  std::array<OpenRequests, 2> open;
  std::unique_ptr<Trial> trial;
  std::array<std::unique_ptr<BufferShelf>, 2> shelf;

  /// Bytes that it keeps outside itself.
  [[nodiscard]] std::size_t held() const noexcept {
    auto bytes = trial ? trial->held() : 0;
    for (std::size_t end = 0; end < 2; ++end) {
      bytes += side[end].partial.capacity() + open[end].held();
      if (shelf[end]) bytes += shelf[end]->held();
    }
    return bytes;
  }
};

/// The registered dissectors, arranged for quick questions.
class Dissectors {
 public:
  explicit Dissectors(const std::vector<const Dissector*>& all);

  [[nodiscard]] bool is_seat(Over over, std::uint64_t number) const noexcept;
  /// Those that may ride over `over`: the ones whose seat is `number` or `other_number` first,
  /// then by name.
  [[nodiscard]] std::vector<Trial::Candidate> candidates(Over over, std::uint64_t number,
                                                         std::uint64_t other_number) const;
  [[nodiscard]] const std::vector<const Dissector*>& all() const noexcept { return all_; }
  /// Null where there is none.
  [[nodiscard]] const Dissector* named(std::string_view name) const noexcept;

 private:
  struct Row {
    Over over;
    std::uint64_t number;
    const Dissector* dissector;
  };

  static constexpr std::size_t kNames = 512;  // several times as many as there are protocols

  std::vector<const Dissector*> all_;
  std::array<const Dissector*, kNames> named_{};         // by hash of the name, then the next free
  std::vector<Row> seats_;                               // by over and number
  std::array<std::vector<std::uint64_t>, 2> port_bits_;  // udp, tcp: a bit a port
  std::array<std::vector<const Dissector*>, 2> anywhere_;  // udp, tcp: by name
};

}  // namespace sekimori
