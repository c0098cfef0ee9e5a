#pragma once

// What an outstation answers and reports: the fragment behind its function, IEEE 1815-2012, 4.2.2
// (internal indications), 4.4 and Annex A.

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include "files.h"
#include "memory.h"
#include "objects.h"
#include "operations.h"
#include "security.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekimori::dnp3 {

/// The internal indications as they stand: the first octet low, the second high.
inline constexpr std::uint32_t kRefusals =
    0x0100 | 0x0200 | 0x0400 | 0x1000;  // function, object, parameter; already executing

struct Indication {
  std::uint16_t bit = 0;
  std::string_view says = {};
};
inline constexpr auto kStates = std::to_array<Indication>({
    {0x0080, "restart"},
    {0x0040, "trouble"},
    {0x0020, "local control"},
    {0x0010, "time needed"},
    {0x2000, "configuration corrupt"},
    {0x0800, "event buffer overflow"},
});

/// Tells what was not so in the outstation's message before.
inline void say_states(std::uint16_t indications, const Subject& subject, Memory& memory,
                       Observer& out) {
  unsigned now = 0;
  for (unsigned i = 0; i < kStates.size(); ++i)
    now |= (indications & kStates[i].bit) != 0 ? 1U << i : 0U;
  const auto news = memory.news(static_cast<std::uint16_t>(subject.unit), now);
  for (unsigned i = 0; i < kStates.size(); ++i)
    if ((news >> i & 1U) != 0) out.event(Event::device_state, kStates[i].says, subject);
}

/// Why a request was not carried out: the status of the first point or file that was refused, or
/// else the indications that say so; 0 where it was.
struct Verdict {
  std::uint32_t reason = 0;
  bool is_known = false;

  Verdict(Bytes body, std::uint16_t indications, bool is_cut) noexcept {
    Objects objects{body, Objects::Data::present};
    bool has_header = false;
    bool has_status = false;
    while (objects.next_header()) {
      const auto& header = objects.header();
      has_header = true;
      const bool command =
          (header.group == kCommand && header.variation <= 2) || header.group == kAnalogCommand;
      if (!command && header.group != kFile) continue;
      has_status = true;
      while (objects.next_object()) {
        const auto object = objects.object();
        if (reason != 0 || object.empty()) continue;
        // The status is the last octet of a command; its top bit is reserved.
        reason = command ? object.back() & 0x7fU : file_status(header.variation, object);
      }
    }
    // Of a cut answer, what stands first tells whether any status is to come.
    is_known = !is_cut || (has_header && (!has_status || reason != 0));
    if (reason == 0) reason = indications & kRefusals;
  }
};

/// Annex A, group 0: the attributes that say what the device is.
[[nodiscard]] constexpr std::optional<Property> property_of(std::uint8_t variation) noexcept {
  switch (variation) {
    case 206:  // secondary operator
    case 207:  // primary operator
    case 244:  // owner
      return Property::contact;
    case 208:  // system name
    case 246:  // user's own code or number
      return Property::description;
    case 242:
      return Property::firmware;
    case 243:
      return Property::hardware;
    case 245:
      return Property::location;
    case 247:
      return Property::name;
    case 248:
      return Property::serial;
    case 249:  // subset and conformance
      return Property::capability;
    case 250:
      return Property::model;
    case 252:
      return Property::vendor;
    default:
      return std::nullopt;
  }
}

/// The type, the length, the value. Set 0 is the standard's own; others are of users and makers.
inline void say_attribute(const ObjectHeader& header, std::uint64_t set, Bytes object,
                          const Subject& subject, Observer& out) {
  constexpr std::uint8_t kText = 1;
  const auto property = property_of(header.variation);
  if (!property || set != 0 || object.size() <= 2 || object[0] != kText) return;
  const auto text = object.subspan(2);
  if (header.variation == 249)
    out.property(subject, *property, SmallText{"DNP3 "}.add(view_of(text)).bytes(),
                 Confidence::stated);
  else
    out.property(subject, *property, text, Confidence::stated);
}

inline void say_objects(Bytes body, const Subject& subject, bool is_cut, std::uint8_t function,
                        Observer& out) {
  Objects objects{body, Objects::Data::present};
  while (objects.next_header()) {
    const auto& header = objects.header();
    if (header.group != kAttributes) continue;
    while (objects.next_object())
      say_attribute(header, objects.index(), objects.object(), subject, out);
  }
  if (!is_cut && objects.end() == Objects::End::broken)
    out.event(Event::malformed, SmallText{"objects of "}.decimal(function).view(), subject);
}

/// A challenge is no answer: the request that it is about goes on waiting.
inline void say_authentication(Bytes body, std::uint16_t outstation, unsigned sequence,
                               const Subject& subject, Memory& memory, Observer& out) {
  Objects objects{body, Objects::Data::present};
  while (objects.next_header()) {
    const auto& header = objects.header();
    if (header.group != kAuthentication || !objects.next_object()) continue;
    if (header.variation == kChallenge) {
      say_challenge(objects.object(), subject, out);
    } else if (header.variation == kAuthenticationError) {
      const AuthenticationError error{objects.object()};
      if (memory.is_challenged()) {
        memory.challenge(false);
        out.reply(challenge_key(outstation), Outcome::rejected, error.code);
      }
      out.reply(memory.close(outstation, sequence), Outcome::rejected, error.code);
      say_error(error, subject, out);
    } else {
      out.reply(memory.close(outstation, sequence), Outcome::executed);
      if (header.variation == kKeyStatus) say_key_status(objects.object(), subject, out);
    }
    return;
  }
}

struct Answer {
  std::uint8_t function = 0;
  unsigned sequence = 0;
  bool is_first = false;  ///< of the fragments that make up the answer
  bool is_cut = false;
};

inline void say_answer(const Answer& answer, ByteCursor& rest, std::uint16_t outstation,
                       Memory& memory, Observer& out) {
  Subject subject;
  subject.unit = outstation;
  const auto indications = rest.le16();
  if (!rest.ok()) {
    if (!answer.is_cut) out.event(Event::malformed, "response without indications", subject);
    return;
  }
  const auto body = rest.rest();
  if (answer.function == kUnsolicited && answer.is_first)
    out.notice(kUnsolicited, {.unit = outstation});
  say_states(indications, subject, memory, out);
  if (answer.function == kAuthenticationResponse) {
    if (!answer.is_cut) say_authentication(body, outstation, answer.sequence, subject, memory, out);
  } else if (answer.function == kResponse && answer.is_first) {
    const Verdict verdict{body, indications, answer.is_cut};
    if (!verdict.is_known) return;
    if (memory.is_challenged()) {
      memory.challenge(false);
      out.reply(challenge_key(outstation), Outcome::executed);
    }
    const auto asked =
        out.reply(memory.close(outstation, answer.sequence),
                  verdict.reason == 0 ? Outcome::executed : Outcome::rejected, verdict.reason);
    if (asked && verdict.reason == 0 && *asked == kStartApplication)
      out.event(Event::mode_change, "start application", subject);
    if (asked && verdict.reason == 0 && *asked == kStopApplication)
      out.event(Event::mode_change, "stop application", subject);
  }
  say_objects(body, subject, answer.is_cut, answer.function, out);
}

}  // namespace sekimori::dnp3
