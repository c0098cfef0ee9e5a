#pragma once

// What a master asks: the fragment behind its function, IEEE 1815-2012, 4.4.

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include "files.h"
#include "memory.h"
#include "objects.h"
#include "operations.h"
#include "security.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sekimori::dnp3 {

/// Annex A, group 12: trip and close of a pair of relays, else what is done with the one.
[[nodiscard]] constexpr std::string_view control_name(std::uint8_t code) noexcept {
  constexpr auto kNames =
      std::to_array<std::string_view>({"nul", "pulse-on", "pulse-off", "latch-on", "latch-off"});
  constexpr auto kPairs = std::to_array<std::string_view>({"", "close", "trip", "reserved"});
  const unsigned pair = code >> 6U;
  if (pair != 0) return kPairs[pair];
  const unsigned operation = code & 15U;
  return operation < kNames.size() ? kNames[operation] : std::string_view{"undefined"};
}

[[nodiscard]] constexpr bool is_printable(Bytes text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
}

/// Upon what a request acts: what all of its objects have in common.
class Aim {
 public:
  Aim(std::uint8_t function, Bytes body) noexcept : function_(function) {
    Objects objects{body, data_of(function)};
    while (objects.next_header()) {
      const auto& header = objects.header();
      if (!is_aimed_at(header)) continue;
      see(header);
      while (objects.next_object()) see(header, objects.index(), objects.object());
    }
    is_broken_ = objects.end() == Objects::End::broken;
  }

  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }
  [[nodiscard]] std::uint32_t code() const noexcept {
    return has_group_ && same_group_ ? code_for(function_, group_) : function_;
  }
  [[nodiscard]] SmallText name() const noexcept {
    SmallText text;
    if (!text_.empty()) return text.add(view_of(text_));
    if (!has_group_) return text;
    if (!same_name_) return text.add("several");
    if (group_ == kAuthentication) return text.add(security_name(variation_));
    text.add(group_name(group_));
    if (group_ == kClass && function_ != 22) {
      for (unsigned i = 0; i < 4; ++i)
        if ((classes_ >> i & 1U) != 0) text.add(' ').decimal(i);
    }
    if (!action_.empty()) text.add(' ').add(action_);
    return text;
  }
  void range(Target& target) const noexcept {
    target.has_range = has_range_ && same_name_ && !is_all_ && text_.empty();
    if (!target.has_range) return;
    target.first = first_;
    target.last = last_;
  }

 private:
  /// What only goes along: the proof of an aggressive request, the time at which to freeze, the
  /// class that is assigned.
  [[nodiscard]] bool is_aimed_at(const ObjectHeader& header) const noexcept {
    const bool authenticates = function_ == kAuthenticate || function_ == kAuthenticateNoAck;
    if (header.group == kAuthentication) return authenticates;
    if (header.group == kTime) return data_of(function_) != Objects::Data::of_time;
    return header.group != kClass || function_ != 22;
  }

  void see(const ObjectHeader& header) noexcept {
    if (!has_group_) {
      has_group_ = true;
      group_ = header.group;
      variation_ = header.variation;
    }
    same_group_ = same_group_ && header.group == group_;
    same_name_ = same_name_ && group_name(header.group) == group_name(group_);
    if (header.group == kClass && header.variation >= 1 && header.variation <= 4)
      classes_ |= 1U << (header.variation - 1U);
    if (header.group == kAttributes)
      widen(header.variation, header.variation);
    else if (header.has_range)
      widen(header.first, header.first + header.count - 1);
    else if (header.is_all)
      is_all_ = true;
  }

  void see(const ObjectHeader& header, std::uint64_t index, Bytes object) noexcept {
    if (header.index_width != 0) widen(index, index);
    if (header.group == kCommand && header.variation <= 2 && !object.empty()) {
      const auto name = control_name(object[0]);
      action_ = action_.empty() || action_ == name ? name : std::string_view{"mixed"};
    }
    if (!text_.empty()) return;
    if (header.group == kFile) text_ = file_name(header.variation, object);
    if (header.group == 90 && is_printable(object)) text_ = object;
  }

  void widen(std::uint64_t first, std::uint64_t last) noexcept {
    first_ = has_range_ ? std::min(first_, first) : first;
    last_ = has_range_ ? std::max(last_, last) : last;
    has_range_ = true;
  }

  std::uint8_t function_;
  std::uint8_t group_ = 0;
  std::uint8_t variation_ = 0;
  unsigned classes_ = 0;
  bool has_group_ = false;
  bool same_group_ = true;
  bool same_name_ = true;
  bool has_range_ = false;
  bool is_all_ = false;
  bool is_broken_ = false;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::string_view action_;
  Bytes text_;
};

/// What a request says beside its target: files, logins.
inline void say_details(std::uint8_t function, Bytes body, Observer& out) {
  Objects objects{body, data_of(function)};
  while (objects.next_header()) {
    const auto [group, variation] = std::pair{objects.header().group, objects.header().variation};
    if (group != kFile && group != kAuthentication) continue;
    while (objects.next_object()) {
      const auto object = objects.object();
      if (group == kFile) {
        const auto name = file_name(variation, object);
        if (variation == 2) say_file_login(object, out);
        if (!name.empty()) say_transfer(function, name, open_mode(object), out);
      } else if (variation == kChallengeReply) {
        say_user(object, "challenge-reply", out);
      } else if (variation == kAggressive) {
        say_user(object, "aggressive mode", out);
      } else if (const auto user = user_name(variation, object); !user.empty()) {
        out.event(Event::login, SmallText{"DNP3 user "}
                                    .add(view_of(user))
                                    .add(", ")
                                    .add(security_name(variation))
                                    .view());
      }
    }
  }
}

/// The first variation of group 120; 0 where there is none.
[[nodiscard]] constexpr std::uint8_t first_security(Bytes body) noexcept {
  Objects objects{body, Objects::Data::present};
  while (objects.next_header())
    if (objects.header().group == kAuthentication) return objects.header().variation;
  return 0;
}

inline void say_request(std::uint8_t function, unsigned sequence, Bytes body,
                        std::uint16_t outstation, Memory& memory, Observer& out) {
  const Aim aim{function, body};
  const auto name = aim.name();
  Target target{.unit = outstation, .name = name.bytes()};
  aim.range(target);
  if (outstation >= kAll || is_unanswered(function) || function == kConfirm) {
    out.notice(aim.code(), target);
  } else if (function == kAuthenticate && first_security(body) == kChallengeReply) {
    // Its own answer is that the challenged request is carried out.
    memory.challenge(true);
    out.request(aim.code(), target, challenge_key(outstation), aim.code());
  } else {
    out.request(aim.code(), target, memory.open(outstation, sequence), aim.code());
  }
  say_details(function, body, out);
  if (aim.is_broken())
    out.event(Event::malformed, SmallText{"objects of "}.decimal(function).view());
}

}  // namespace sekimori::dnp3
