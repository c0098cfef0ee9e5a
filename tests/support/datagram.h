#pragma once

#include "hex.h"
#include "transcript.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::test {

/// Where a test's datagrams were met.
struct Place {
  Over over = Over::udp;
  std::uint64_t seat = 0;
  Sender sender = Sender::client;
  std::string_view source = "10.0.0.5";
  std::string_view destination = "10.0.0.1";
};

inline Context context_of(const Place& place, FlowState& state) {
  Context context;
  context.over = place.over;
  context.sender = place.sender;
  context.sender_known = true;
  context.on_seat = place.seat != 0;
  context.seat = place.seat;
  if (!place.source.empty()) context.source = parse_ip(place.source).value();
  if (!place.destination.empty()) context.destination = parse_ip(place.destination).value();
  context.source_mac = parse_mac("00:1b:1b:00:00:05").value();
  context.state = &state;
  return context;
}

/// A message and what it means; `before` is what earlier messages left in the flow's state.
struct Meaning {
  std::vector<std::uint8_t> message;
  Place place;
  std::string means;
  FlowState before{};
};

/// Parts put one behind the other.
inline std::vector<std::uint8_t> join(std::initializer_list<std::vector<std::uint8_t>> parts) {
  std::vector<std::uint8_t> bytes;
  for (const auto& part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}

inline std::string hear(const std::vector<std::uint8_t>& bytes, const Context& context,
                        bool* whole = nullptr) {
  Transcript heard{the_dissector()};
  ByteCursor message{bytes};
  the_dissector().dissect(message, context, heard);
  if (whole != nullptr) *whole = message.ok();
  return heard.text();
}

inline std::set<std::string> clauses(const std::string& text) {
  std::set<std::string> found;
  std::size_t from = 0;
  while (from < text.size()) {
    const auto to = text.find("; ", from);
    found.insert(text.substr(from, to - from));
    from = to == std::string::npos ? text.size() : to + 2;
  }
  return found;
}

/// The whole message is recognised to its last byte and means what is written.
inline void check_meaning(const Meaning& c) {
  CAPTURE(c.means);
  auto state = c.before;
  const auto context = context_of(c.place, state);
  CHECK(the_dissector().extent(ByteCursor{c.message}, context) == Extent::of(c.message.size()));
  bool whole = false;
  CHECK(hear(c.message, context, &whole) == c.means);
  CHECK(whole);
}

/// Cut anywhere, a message says nothing that the whole does not.
inline void check_cuts(const Meaning& c) {
  const auto whole = clauses(c.means);
  for (std::size_t size = 0; size < c.message.size(); ++size) {
    CAPTURE(c.means, size);
    const std::vector<std::uint8_t> cut(c.message.begin(),
                                        c.message.begin() + static_cast<std::ptrdiff_t>(size));
    auto state = c.before;
    const auto context = context_of(c.place, state);
    const auto extent = the_dissector().extent(ByteCursor{cut}, context);
    CHECK((!extent.is_message() || (extent.size() > 0 && extent.size() <= c.message.size())));
    for (const auto& clause : clauses(hear(cut, context))) {
      CAPTURE(clause);
      CHECK(whole.count(clause) == 1);
    }
  }
}

inline Extent extent_of(const std::vector<std::uint8_t>& bytes, const Place& place) {
  FlowState state{};
  return the_dissector().extent(ByteCursor{bytes}, context_of(place, state));
}

}  // namespace sekimori::test
