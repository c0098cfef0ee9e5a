#pragma once

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/dissect/dissector.h"

#include <cstdint>
#include <string_view>

// What a CIP device says it is: the Identity object (The CIP Networks Library, volume 1, 5A-2), as
// EtherNet/IP's ListIdentity and CIP's own services tell it.
namespace sekimori {

/// The maker behind a CIP vendor id; empty where it is none of those whose devices stand in plants.
[[nodiscard]] std::string_view cip_vendor_name(std::uint16_t id) noexcept;

/// What a device type stands for, in lower case; empty where it is not known.
[[nodiscard]] std::string_view cip_device_type_name(std::uint16_t type) noexcept;

/// Attributes 1 to 7 in their order.
struct CipIdentity {
  std::uint16_t vendor = 0;
  std::uint16_t type = 0;
  std::uint16_t product = 0;
  std::uint8_t major = 0;  ///< of the revision
  std::uint8_t minor = 0;
  std::uint16_t status = 0;
  std::uint32_t serial = 0;
  Bytes name = {};

  /// The cursor tells whether it was all there.
  [[nodiscard]] static CipIdentity read(ByteCursor& bytes) noexcept;

  /// A controller of the Logix family, whose status word holds its mode.
  [[nodiscard]] bool is_logix() const noexcept;
};

/// `remote run`: the mode that a Logix controller's status word tells; empty where it tells none.
[[nodiscard]] std::string_view logix_mode(std::uint16_t status) noexcept;

// Of each attribute, what is known by it.
void tell_cip_vendor(std::uint16_t id, const Subject& subject, Observer& out);
void tell_cip_revision(std::uint8_t major, std::uint8_t minor, const Subject& subject,
                       Observer& out);
void tell_cip_serial(std::uint32_t serial, const Subject& subject, Observer& out);
/// Faults alone: that a device is well is no event.
void tell_cip_status(std::uint16_t status, const Subject& subject, Observer& out);
/// All of them, and the mode of a Logix controller.
void tell_cip_identity(const CipIdentity& identity, const Subject& subject, Observer& out);

}  // namespace sekimori
