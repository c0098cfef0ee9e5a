#pragma once

// What is kept of a flow from one message to the next.

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace sekimori::dnp3 {

/// FlowState[0]: bit 0 the flow is known; 1 and 2 segments are gathered of the client and of the
/// server; 3 a challenge was answered and nothing heard of it since; from 8 and from 12 how many
/// link requests of each are open; from 16, three bits for each application sequence: which of the
/// latest requests that bore it are open. [1] and [2]: 16 nibbles, one for each sequence: how often
/// it was used, and by whom. [3]: four times 16 bits of what outstations said of themselves.
class Memory {
 public:
  explicit Memory(const Context& context) noexcept
      : state_(context.state), sender_(static_cast<unsigned>(context.sender)) {}

  [[nodiscard]] bool is_known() const noexcept { return bit(0); }
  void know() noexcept { set_bit(0, true); }

  [[nodiscard]] bool is_gathering() const noexcept { return bit(1 + sender_); }
  void gather(bool yes) noexcept { set_bit(1 + sender_, yes); }

  [[nodiscard]] bool is_challenged() const noexcept { return bit(3); }
  void challenge(bool yes) noexcept { set_bit(3, yes); }

  void ask_link() noexcept { set_link(sender_, std::min<std::uint64_t>(link(sender_) + 1, 15)); }
  /// Confirmed data are acknowledged as link requests are: what was open before has no answer.
  void forget_link() noexcept { set_link(sender_, 0); }
  [[nodiscard]] bool answer_link() noexcept {
    const auto asked = link(1 - sender_);
    if (asked == 0) return false;
    set_link(1 - sender_, asked - 1);
    return true;
  }

  /// The key of a new request. A sequence is soon used again (it counts to 15, 4.2.2), and an
  /// answer belongs to the latest request that bore it: so each use of it for the same outstation
  /// makes another key.
  [[nodiscard]] std::uint64_t open(std::uint16_t outstation, unsigned sequence) noexcept {
    if (state_ == nullptr) return key(outstation, sequence, 0);
    auto round = nibble(1, sequence);
    const bool again = nibble(2, sequence) == tag(outstation);
    if (again) round = (round + 1) & 15U;
    const auto before = use(sequence);
    // Up to three that wait together; once one was answered, what stayed behind it is lost.
    const bool all_wait = again && before.open > 0 && before.answered == 0;
    set_use(sequence, {all_wait ? std::min(before.open + 1, 3U) : 1U, 0});
    set_nibble(1, sequence, round);
    set_nibble(2, sequence, tag(outstation));
    return key(outstation, sequence, round);
  }
  /// The key of the request that an answer is of. Some masters do not wait, and use a sequence
  /// again at once: a further answer is of the request before.
  [[nodiscard]] std::uint64_t close(std::uint16_t outstation, unsigned sequence) noexcept {
    if (state_ == nullptr) return key(outstation, sequence, 0);
    const auto round = nibble(1, sequence);
    const auto now = use(sequence);
    if (nibble(2, sequence) != tag(outstation) || now.open == 0)
      return key(outstation, sequence, round);
    set_use(sequence, {now.open - 1, now.answered + 1});
    return key(outstation, sequence, (round - now.answered) & 15U);
  }

  /// The bits of `now` that were not set when last asked for this outstation; six bits.
  [[nodiscard]] unsigned news(std::uint16_t outstation, unsigned now) noexcept {
    if (state_ == nullptr) return now;
    const auto at = 16U * (outstation & 3U);
    const auto before = static_cast<unsigned>((*state_)[3] >> at & 0xffffU);
    const auto owner = unsigned{outstation} >> 2U & 0x3ffU;
    const bool same = before >> 6U == owner;
    (*state_)[3] &= ~(std::uint64_t{0xffff} << at);
    (*state_)[3] |= std::uint64_t{owner << 6U | now} << at;
    return same ? now & ~before : now;
  }

 private:
  /// Of the latest requests with one sequence: how many are open, and how many of the later ones
  /// were answered.
  struct Use {
    unsigned open = 0;
    unsigned answered = 0;
  };
  static constexpr auto kUses =
      std::to_array<Use>({{0, 0}, {1, 0}, {2, 0}, {1, 1}, {3, 0}, {2, 1}, {1, 2}});

  [[nodiscard]] Use use(unsigned sequence) const noexcept {
    const auto at = (*state_)[0] >> (16U + 3U * sequence) & 7U;
    return at < kUses.size() ? kUses[at] : Use{};
  }
  void set_use(unsigned sequence, const Use& use) noexcept {
    std::uint64_t at = 0;
    for (std::size_t i = 1; i < kUses.size(); ++i)
      if (kUses[i].open == use.open && kUses[i].answered == use.answered) at = i;
    (*state_)[0] &= ~(std::uint64_t{7} << (16U + 3U * sequence));
    (*state_)[0] |= at << (16U + 3U * sequence);
  }

  [[nodiscard]] static std::uint64_t key(std::uint16_t outstation, std::uint64_t sequence,
                                         std::uint64_t round) noexcept {
    return std::uint64_t{outstation} << 12U | std::uint64_t{1} << 8U | round << 4U | sequence;
  }
  [[nodiscard]] static std::uint64_t tag(std::uint16_t outstation) noexcept {
    return (outstation ^ outstation >> 4U ^ outstation >> 8U ^ outstation >> 12U) & 15U;
  }
  [[nodiscard]] bool bit(unsigned at) const noexcept {
    return state_ != nullptr && ((*state_)[0] >> at & 1U) != 0;
  }
  void set_bit(unsigned at, bool yes) noexcept {
    if (state_ == nullptr) return;
    const auto mask = std::uint64_t{1} << at;
    (*state_)[0] = yes ? (*state_)[0] | mask : (*state_)[0] & ~mask;
  }
  [[nodiscard]] std::uint64_t nibble(std::size_t word, unsigned at) const noexcept {
    return (*state_)[word] >> (4U * at) & 15U;
  }
  void set_nibble(std::size_t word, unsigned at, std::uint64_t value) noexcept {
    (*state_)[word] &= ~(std::uint64_t{15} << (4U * at));
    (*state_)[word] |= value << (4U * at);
  }
  [[nodiscard]] std::uint64_t link(unsigned sender) const noexcept {
    return state_ == nullptr ? 0 : nibble(0, 2 + sender);
  }
  void set_link(unsigned sender, std::uint64_t count) noexcept {
    if (state_ != nullptr) set_nibble(0, 2 + sender, count);
  }

  FlowState* state_;
  unsigned sender_;
};

/// Keys that bear no sequence.
[[nodiscard]] constexpr std::uint64_t link_key(std::uint16_t outstation) noexcept {
  return std::uint64_t{outstation} << 12U | std::uint64_t{2} << 8U;
}
[[nodiscard]] constexpr std::uint64_t challenge_key(std::uint16_t outstation) noexcept {
  return std::uint64_t{outstation} << 12U | std::uint64_t{3} << 8U;
}

}  // namespace sekimori::dnp3
