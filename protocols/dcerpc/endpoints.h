#pragma once

// Where interfaces are to be found: towers of the endpoint mapper (C706, appendix L) and string
// bindings of DCOM ([MS-DCOM] 2.2.19.3). Both lie behind pointers whose width depends on how
// arguments are written (NDR or NDR64), so that they are looked for by how they begin.

#include "sekimori/dissect/text_line.h"

#include "interfaces.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sekimori::dcerpc {

inline constexpr int kMostTowers = 64;
inline constexpr int kMostBindings = 16;

/// `rpc samr tcp/49664`
inline void say_endpoint(std::string_view name, std::uint64_t port, Observer& out) {
  SmallText text{"rpc "};
  text.add(name).add(" tcp/").decimal(port);
  out.property({}, Property::capability, text.bytes(), Confidence::stated);
}

inline void say_towers(Bytes stub, Observer& out) {
  // Five floors; the first has 19 bytes and begins with 13, a UUID.
  constexpr auto kBegin = std::to_array<std::uint8_t>({5, 0, 19, 0, 13});
  constexpr std::uint8_t kTcp = 7;
  auto from = stub.begin();
  for (int i = 0; i < kMostTowers; ++i) {
    from = std::search(from, stub.end(), kBegin.begin(), kBegin.end());
    if (from == stub.end()) return;
    ByteCursor tower{stub.subspan(static_cast<std::size_t>(from - stub.begin()))};
    ++from;
    tower.skip(kBegin.size());
    const Uuid uuid{tower.le32(), tower.le16(), tower.le16(), tower.be64()};
    tower.skip(2);  // its version
    tower.skip(tower.le16());
    for (int floor = 0; floor < 2; ++floor) {  // how arguments are written, and the protocol
      tower.skip(tower.le16());
      tower.skip(tower.le16());
    }
    const auto size = tower.le16();
    const auto protocol = tower.u8();
    const auto width = tower.le16();
    const auto port = tower.be16();
    if (!tower.ok() || size != 1 || protocol != kTcp || width != 2 || port == 0) continue;
    const auto place = place_of(uuid);
    const auto text = to_text(uuid);
    say_endpoint(place < kInterfaces.size() ? kInterfaces[place].name : text.view(), port, out);
  }
}

/// A host's name or address as a string binding gives it, before the port in brackets.
[[nodiscard]] inline bool is_host_letter(std::uint8_t letter) noexcept {
  return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= 'a' && letter <= 'z') || letter == '.' || letter == '-' || letter == '_' ||
         letter == ':' || letter == '[' || letter == ']';
}

/// The names of the machine go to `name`; its addresses, which tell of a second network, to
/// `description`; a port of its own, to what it can do.
inline void say_bindings(Bytes stub, Observer& out) {
  constexpr std::uint8_t kTcp = 7;  // [MS-DCOM] 2.2.19.4
  SmallText addresses;
  int found = 0;
  for (std::size_t at = 0; at + 8 < stub.size() && found < kMostBindings; at += 2) {
    if (stub[at] != kTcp || stub[at + 1] != 0) continue;
    SmallText text;
    auto end = at + 2;
    while (end + 1 < stub.size() && stub[end + 1] == 0 && is_host_letter(stub[end]) &&
           text.view().size() < 100) {
      text.add(static_cast<char>(stub[end]));
      end += 2;
    }
    if (end + 1 >= stub.size() || stub[end] != 0 || stub[end + 1] != 0 || text.view().size() < 3)
      continue;
    ++found;
    at = end;
    auto rest = text.view();
    const auto host = take_until(rest, '[');
    if (const auto port = decimal_of(take_until(rest, ']')); port && *port > 0 && *port < 65536)
      say_endpoint("dcom", *port, out);
    const bool is_name = std::ranges::any_of(host, [](char letter) {
      return (letter >= 'g' && letter <= 'z') || (letter >= 'G' && letter <= 'Z') || letter == '-';
    });
    if (is_name) {
      out.property({}, Property::name, bytes_of(host), Confidence::stated);
    } else if (host.find('.') != std::string_view::npos) {
      addresses.add(addresses.empty() ? "DCOM at " : ", ").add(host);
    }
  }
  if (!addresses.empty())
    out.property({}, Property::description, addresses.bytes(), Confidence::stated);
}

}  // namespace sekimori::dcerpc
