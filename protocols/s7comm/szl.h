#pragma once

// What a controller tells of itself in its system status lists (Systemzustandsliste): Siemens,
// System Software for S7-300/400, System and Standard Functions, Volume 2, "System Status Lists".
//
//   id (2), index (2), size of a record (2), how many (2), then the records.

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::s7comm {

inline constexpr std::size_t kSzlHeader = 8;

/// The lower byte names the list, the upper one what of it; above 0x0fff it is not the CPU's.
[[nodiscard]] constexpr std::uint8_t list_of(std::uint16_t id) noexcept {
  return id <= 0x0fff ? static_cast<std::uint8_t>(id) : std::uint8_t{0};
}
inline constexpr std::uint8_t kModuleIdentification = 0x11;
inline constexpr std::uint8_t kComponentIdentification = 0x1c;
inline constexpr std::uint16_t kCurrentMode = 0x0424;
inline constexpr std::uint16_t kCommunication = 0x0131;
inline constexpr std::uint8_t kCommunicationStatus = 0x32;

[[nodiscard]] constexpr bool tells_identity(std::uint16_t id) noexcept {
  return list_of(id) == kModuleIdentification || list_of(id) == kComponentIdentification;
}

class Szl {
 public:
  explicit Szl(Observer& out) noexcept : out_(out) {}

  /// Says what the records tell that came whole.
  void tell(Bytes list) {
    ByteCursor cursor{list};
    const auto id = cursor.be16();
    cursor.skip(2);
    const auto size = cursor.be16();
    const auto count = cursor.be16();
    for (unsigned i = 0; i < count && cursor.ok() && size != 0; ++i) {
      auto record = cursor.nested(size);
      if (!record.ok()) return;
      if (list_of(id) == kModuleIdentification) module(record);
      if (list_of(id) == kComponentIdentification) component(record);
      if (list_of(id) == kCommunicationStatus) status(record);
      if (id == kCommunication) communication(record);
      if (id == kCurrentMode) mode(record);
    }
  }

 private:
  void say(Property property, Bytes value, Confidence confidence = Confidence::stated) {
    if (!value.empty()) out_.property({}, property, value, confidence);
  }
  void say(Property property, const SmallText& value) { say(property, value.bytes()); }

  /// Texts are filled up with zeros or blanks.
  static Bytes text(Bytes bytes) noexcept {
    auto end = static_cast<std::size_t>(std::ranges::find(bytes, 0) - bytes.begin());
    while (end > 0 && bytes[end - 1] == ' ') --end;
    return bytes.first(end);
  }

  /// W#16#xy11: index (2), order number (20), type (2), version (2), release (2). A firmware has a
  /// letter and three numbers in the last two, hardware a number in the first.
  void module(ByteCursor& record) {
    constexpr std::uint16_t kModule = 1;
    constexpr std::uint16_t kHardware = 6;
    constexpr std::uint16_t kFirmware = 7;
    const auto index = record.be16();
    const auto order = text(record.take(20));
    record.skip(2);
    const auto letter = record.u8();
    const auto major = record.u8();
    const auto minor = record.u8();
    const auto patch = record.u8();
    if (!record.ok()) return;
    if (index == kModule || index == kHardware) say(Property::model, order);
    if (index == kHardware && letter == 0 && major != 0)
      say(Property::hardware, SmallText{}.decimal(major));
    if (index == kFirmware && letter == 'V') {
      SmallText version{"V"};
      version.decimal(major).add('.').decimal(minor).add('.').decimal(patch);
      say(Property::firmware, version);
    }
  }

  /// W#16#xy1C: index (2), then 32 bytes by index.
  void component(ByteCursor& record) {
    const auto index = record.be16() & 0xffU;  // above it the rack of a redundant controller
    const auto whole = record.take(32);
    const auto value = text(whole);
    if (!record.ok()) return;
    switch (index) {
      case 1:
        return say(Property::description, SmallText{"station "}, value);
      case 2:
        return say(Property::name, value);
      case 3:
        return say(Property::location, SmallText{"plant "}, value);
      case 4:
        say(Property::description, value);
        if (view_of(value) == "Original Siemens Equipment")
          say(Property::vendor, bytes_of("Siemens"));
        return;
      case 5:
        return say(Property::serial, value);
      case 7:
        return say(Property::product, value);
      case 8:
        return say(Property::description, SmallText{"memory card "}, value);
      case 9:
        return maker(whole);
      case 10:
        return say(Property::description, SmallText{"OEM "}, value);
      case 11:
        return say(Property::location, value);
      default:
        return;
    }
  }

  void say(Property property, SmallText front, Bytes value) {
    if (!value.empty()) say(property, front.add(view_of(value)));
  }

  /// A PROFINET maker's number (PI, Man_ID).
  void maker(Bytes component) {
    constexpr std::uint16_t kSiemens = 0x002a;
    ByteCursor cursor{component};
    if (cursor.be16() == kSiemens && cursor.ok()) say(Property::vendor, bytes_of("Siemens"));
  }

  /// W#16#0131, index 1: index, PDU size (2), connections (2), rates.
  void communication(ByteCursor& record) {
    const auto index = record.be16();
    const auto pdu = record.be16();
    const auto connections = record.be16();
    if (!record.ok() || index != 1) return;
    SmallText text;
    text.decimal(connections).add(" connections, PDU of ").decimal(pdu).add(" bytes");
    say(Property::capability, text);
  }

  /// W#16#xy32, index 4: index, protection level by the switch, by parameter, the valid one, then
  /// where the mode switch stands (each 2).
  void status(ByteCursor& record) {
    constexpr auto kSwitch = std::to_array<std::string_view>({"", "RUN", "RUN-P", "STOP", "MRES"});
    const auto index = record.be16();
    record.skip(4);
    const auto level = record.be16();
    const auto position = record.be16();
    if (!record.ok() || (index & 0xffU) != 4) return;
    if (level >= 1 && level <= 3)
      say(Property::capability, SmallText{"protection level "}.decimal(level));
    if (position >= 1 && position < kSwitch.size())
      say(Property::capability, SmallText{"mode switch at "}.add(kSwitch[position]));
  }

  /// W#16#0424: event (2), 0xff, then the mode in the lower half of a byte.
  void mode(ByteCursor& record) {
    record.skip(3);
    const auto id = record.u8();
    if (!record.ok()) return;
    const auto name = mode_name(id & 0x0fU);
    if (!name.empty()) say(Property::mode, bytes_of(name));
  }

  static std::string_view mode_name(unsigned mode) noexcept {
    switch (mode) {
      case 1:
      case 2:
      case 3:
      case 4:
        return "stop";
      case 5:
      case 6:
      case 7:
        return "startup";
      case 8:
      case 9:
        return "run";
      case 10:
        return "hold";
      case 13:
        return "defect";
      default:
        return {};
    }
  }

  Observer& out_;
};

}  // namespace sekimori::s7comm
