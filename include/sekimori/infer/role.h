#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

enum class Role : std::uint8_t {
  unknown,
  plc,
  rtu,
  ied,
  io,
  safety_controller,
  hmi,
  historian,
  engineering_station,
  scada_server,
  opc_server,
  workstation,
  server,
  router,
  network_switch,
  firewall,
  access_point,
  gateway,
  jump_host,
  printer,
  camera,
  external,
};
inline constexpr std::size_t kRoleCount = 22;

[[nodiscard]] std::string_view to_text(Role role) noexcept;

/// plc, rtu, ied, io, safety_controller.
[[nodiscard]] bool is_controller(Role role) noexcept;
/// hmi, historian, engineering_station, scada_server, opc_server.
[[nodiscard]] bool is_supervisory(Role role) noexcept;
/// workstation, server, printer, camera: at home in an office.
[[nodiscard]] bool is_office(Role role) noexcept;
/// router, switch, firewall, access_point.
[[nodiscard]] bool is_network(Role role) noexcept;

/// One fact that speaks for a role.
struct RoleEvidence {
  Role role = Role::unknown;
  int points = 0;
  std::string text;
};

struct RoleVerdict {
  Role role = Role::unknown;
  int confidence = 0;  ///< percent
  std::string reason;  ///< the facts that decided, and the runner-up
};

/// Points below which a role is not claimed.
inline constexpr int kLeastPoints = 25;

/// Weighs evidence. Its order does not matter.
[[nodiscard]] RoleVerdict decide(std::vector<RoleEvidence> evidence);

}  // namespace sekimori
