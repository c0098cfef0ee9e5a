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
  std::uint8_t sender = 0;  ///< index of the end that asks
};

/// The open requests of a flow, oldest first. One fits in place, as almost always; more beside it.
class OpenRequests {
 public:
  static constexpr std::size_t kMost = 256;  ///< of one sender; the oldest then is unanswered

  /// Returns the sender's oldest where it had to go to make room.
  std::optional<Pending> open(const Pending& pending) {
    if (has_near()) return open_far(pending);
    near_ = pending;
    return std::nullopt;
  }
  /// Takes out the oldest of a sender with `key`.
  std::optional<Pending> close(std::uint8_t sender, std::uint64_t key) noexcept {
    if (!has_near()) return std::nullopt;
    if (near_.key != key || near_.sender != sender) return close_far(sender, key);
    const auto found = near_;
    refill();
    return found;
  }
  /// Takes out the oldest.
  std::optional<Pending> pop() noexcept {
    if (!has_near()) return std::nullopt;
    const auto first = near_;
    refill();
    return first;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return (has_near() ? 1U : 0U) + (far_ ? far_->size() : 0U);
  }
  /// Bytes kept beside it.
  [[nodiscard]] std::size_t held() const noexcept {
    return far_ ? sizeof *far_ + far_->capacity() * sizeof(Pending) : 0;
  }

 private:
  std::optional<Pending> open_far(const Pending& pending);
  std::optional<Pending> close_far(std::uint8_t sender, std::uint64_t key) noexcept;
  [[nodiscard]] std::size_t size_of(std::uint8_t sender) const noexcept;
  void refill() noexcept {
    near_.sender = kNobody;
    if (far_ && !far_->empty()) take_from_far();
  }
  void take_from_far() noexcept;

  [[nodiscard]] bool has_near() const noexcept { return near_.sender != kNobody; }

  static constexpr std::uint8_t kNobody = 0xff;

  Pending near_{0, 0, 0, kNobody};  // the oldest of all
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

/// What an accepted stream leaves for later, by the end that sent it. Few flows have it.
struct Leftovers {
  std::array<std::vector<std::uint8_t>, 2> partial;  ///< the front of a message in parts
  std::array<std::uint64_t, 2> skip{};               ///< bytes to come that nobody needs
  std::array<std::unique_ptr<BufferShelf>, 2> shelf;

  [[nodiscard]] std::size_t held() const noexcept {  ///< bytes, its own as well
    auto bytes = sizeof *this + partial[0].capacity() + partial[1].capacity();
    for (const auto& kept : shelf)
      if (kept) bytes += kept->held();
    return bytes;
  }
};

/// What the dissect layer keeps beside a flow.
struct Session {
  static constexpr std::uint32_t kNone = 0xffffffff;
  enum class State : std::uint8_t { fresh, trying, accepted, given_up };

  const Dissector* dissector = nullptr;
  std::uint32_t conversation = kNone;  ///< the recorder's index, once accepted
  std::uint32_t counted = 0;           ///< of held(), what Dissection counts of it
  std::array<std::uint32_t, 4> recent{kNone, kNone, kNone, kNone};  ///< the recorder's operations
  State state = State::fresh;
  std::uint8_t retries = 0;
  std::uint8_t recent_next = 0;
  std::array<std::uint8_t, 2> foreign{};  ///< segments in a row that were not understood
  std::array<bool, 2> opaque{};           ///< what this end sends says nothing more
  bool on_seat : 1 = false;
  bool to_group : 1 = false;   ///< sent to a multicast or broadcast address: silence is no refusal
  bool encrypted : 1 = false;  ///< the dissector said so of this flow
  bool keeps : 1 = false;      ///< it may keep bytes outside itself: held() may have changed
  FlowState words{};
  OpenRequests open;
  std::unique_ptr<Trial> trial;
  std::unique_ptr<Leftovers> left;

  Leftovers& leftovers() {
    if (!left) {
      left = std::make_unique<Leftovers>();
      keeps = true;
    }
    return *left;
  }

  /// Bytes that it keeps outside itself.
  [[nodiscard]] std::size_t held() const noexcept {
    return (trial ? trial->held() : 0) + (left ? left->held() : 0) + open.held();
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
  static constexpr std::uint16_t kNoNumber = 0xffff;
  /// The place in all(); kNoNumber where there is none of that name.
  [[nodiscard]] std::uint16_t number_of(std::string_view name) const noexcept;

 private:
  struct Row {
    Over over;
    std::uint64_t number;
    const Dissector* dissector;
  };

  static constexpr std::size_t kNames = 512;  // several times as many as there are protocols

  std::vector<const Dissector*> all_;
  std::array<std::uint16_t, kNames> named_{};            // by hash of the name, then the next free
  std::vector<Row> seats_;                               // by over and number
  std::array<std::vector<std::uint64_t>, 2> port_bits_;  // udp, tcp: a bit a port
  std::array<std::vector<const Dissector*>, 2> anywhere_;  // udp, tcp: by name
};

}  // namespace sekimori
