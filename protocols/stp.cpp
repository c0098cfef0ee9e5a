// Spanning Tree Protocol, its rapid and its multiple form: IEEE 802.1D-1998, 9 and 802.1Q-2018, 14,
// over LLC 0x42; one tree for each VLAN by Cisco's PVST+, over SNAP 00000C/010B.
// Codes are the BPDU type: 0x00 configuration, 0x80 topology change, 0x02 rapid or multiple.

#include "sekimori/dissect/dissector.h"

#include <array>

namespace sekimori {
namespace {

constexpr std::uint64_t kPerVlan = std::uint64_t{0x00000c} << 16U | 0x010b;

// BPDU types, 802.1Q, 14.4.
constexpr std::uint8_t kConfiguration = 0x00;
constexpr std::uint8_t kRapid = 0x02;
constexpr std::uint8_t kTopologyChange = 0x80;
constexpr std::size_t kConfigurationSize = 35;  // 802.1D, 9.3.1
constexpr std::uint8_t kChangeFlag = 0x01;      // 802.1D, 9.3.1
constexpr std::uint8_t kMultiple = 3;           // versions, 802.1Q, 14.4
constexpr std::uint8_t kHighestVersion = 4;     // shortest path bridging

constexpr auto kSeats = std::to_array<Seat>({{Over::llc, 0x42}, {Over::snap, kPerVlan}});

constexpr auto kOperations = std::to_array<Operation>({
    {kConfiguration, "configuration", Access::report, "0x00"},
    {kRapid, "rapid-configuration", Access::report, "0x02"},
    {kTopologyChange, "topology-change", Access::report, "0x80"},
});

Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto all = stream.remaining();
  const auto protocol = stream.be16();
  const auto version = stream.u8();
  const auto type = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  if (protocol != 0 || version > kHighestVersion) return Extent::foreign();
  if (type == kTopologyChange) return Extent::of(all);
  if (type != kConfiguration && type != kRapid) return Extent::foreign();
  return all >= kConfigurationSize ? Extent::of(all) : Extent::incomplete();
}

/// Priority with the tree's number in its low bits, and a MAC (802.1Q, 14.2.5).
struct BridgeId {
  std::uint16_t priority = 0;
  Mac mac;
};
BridgeId bridge_id_of(ByteCursor& cursor) noexcept {
  const auto priority = cursor.be16();
  return {priority, Mac::of(cursor.take(6))};
}

/// 802.1Q, 14.3: where a bridge had its id stands that of the region's root; its own comes behind
/// the region's name, revision and digest. Returns the name.
std::string_view hear_region(ByteCursor& message, BridgeId& bridge) noexcept {
  constexpr std::size_t kTimes = 10;  // port id, age, greatest age, hello, delay
  constexpr std::size_t kName = 32;
  constexpr std::size_t kRevisionAndDigest = 18;
  message.skip(kTimes + 1 + 2 + 1);  // lengths of versions 1 and 3, format
  const auto name = view_of(message.take(kName));
  message.skip(kRevisionAndDigest + 4);  // cost of the path inside
  bridge = bridge_id_of(message);
  return name.substr(0, name.find('\0'));
}

void dissect(ByteCursor& message, const Context& /*context*/, Observer& out) {
  message.skip(2);
  const auto version = message.u8();
  const auto type = message.u8();
  if (!message.ok()) return;
  out.notice(type, {});
  if (type == kTopologyChange) {
    out.event(Event::device_state, "topology change notified");
    return message.skip(message.remaining());
  }
  const auto flags = message.u8();
  if (!message.ok()) return;
  if ((flags & kChangeFlag) != 0) out.event(Event::device_state, "topology change");
  const auto root = bridge_id_of(message);
  message.skip(4);  // cost of the path to it
  auto bridge = bridge_id_of(message);
  if (!message.ok()) return;
  if (version >= kMultiple && type == kRapid) {
    const auto region = hear_region(message, bridge);
    if (!message.ok()) return;
    if (!region.empty())
      out.property({}, Property::description, SmallText{"mst region "}.add(region).bytes(),
                   Confidence::stated);
  }
  const auto say = [&](Property property, const SmallText& text) {
    out.property({}, property, text.bytes(), Confidence::stated);
  };
  say(Property::capability, SmallText{"bridge"});
  say(Property::identifier, SmallText{"bridge "}.add(to_text(bridge.mac)));
  const bool is_root = root.mac == bridge.mac && root.priority == bridge.priority;
  auto text = SmallText{is_root ? "stp root, priority " : "stp root "};
  if (!is_root) text.add(to_text(root.mac)).add(", priority ");
  say(Property::description, text.decimal(root.priority));
  message.skip(message.remaining());
}

const Registration registration{{
    .name = "stp",
    .title = "Spanning tree",
    .seats = kSeats,
    .operations = kOperations,
    .alone = 1,
    .extent = extent,
    .dissect = dissect,
}};

}  // namespace
}  // namespace sekimori
