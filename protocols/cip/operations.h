#pragma once

// What CIP can be asked. A service number above 0x31 means what its class says it means, so a code
// is a service with a class. Sources of the rows, by what stands at each: The CIP Networks Library,
// volume 1, 4 and 5A (classes and their services), as icsnpp-enip and Wireshark list them;
// Rockwell 1756-PM020 (tags: classes 0x6b and 0x6c); MITRE's ACID (0x8e and 0xac); real captures of
// a ControlLogix with its engineering station (start, stop, lock, firmware, upload, clock).

#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sekimori::cip {

/// A code is `service`, or `kWithClass | class << 8 | service`.
inline constexpr std::uint32_t kWithClass = 1U << 24U;
inline constexpr std::uint32_t kCodeBits = (1U << 25U) - 1;

[[nodiscard]] constexpr std::uint32_t code_of(std::uint8_t service, std::uint16_t of) noexcept {
  return kWithClass | std::uint32_t{of} << 8U | service;
}
[[nodiscard]] constexpr std::uint8_t service_of(std::uint32_t code) noexcept {
  return static_cast<std::uint8_t>(code);
}
[[nodiscard]] constexpr std::uint16_t class_of(std::uint32_t code) noexcept {
  return static_cast<std::uint16_t>(code >> 8U);
}

// Classes that this dissector knows more of than their name.
inline constexpr std::uint16_t kIdentity = 0x01;
inline constexpr std::uint16_t kRouter = 0x02;
inline constexpr std::uint16_t kManager = 0x06;
inline constexpr std::uint16_t kFile = 0x37;
inline constexpr std::uint16_t kName = 0x64;
inline constexpr std::uint16_t kPccc = 0x67;
inline constexpr std::uint16_t kSymbol = 0x6b;
inline constexpr std::uint16_t kController = 0x8e;
inline constexpr std::uint16_t kFlash = 0xa1;
inline constexpr std::uint16_t kChanges = 0xac;
inline constexpr std::uint16_t kTcpIp = 0xf5;

// Services of every class, volume 1, A-3.
inline constexpr std::uint8_t kGetAll = 0x01;
inline constexpr std::uint8_t kGetList = 0x03;
inline constexpr std::uint8_t kReset = 0x05;
inline constexpr std::uint8_t kMultiple = 0x0a;
inline constexpr std::uint8_t kGetSingle = 0x0e;
inline constexpr std::uint8_t kSetSingle = 0x10;

inline constexpr std::uint32_t kForwardClose = code_of(0x4e, kManager);
inline constexpr std::uint32_t kUnconnectedSend = code_of(0x52, kManager);
inline constexpr std::uint32_t kForwardOpen = code_of(0x54, kManager);
inline constexpr std::uint32_t kLargeForwardOpen = code_of(0x5b, kManager);
inline constexpr std::uint32_t kExecutePccc = code_of(0x4b, kPccc);
inline constexpr std::uint32_t kReadTag = code_of(0x4c, kSymbol);
inline constexpr std::uint32_t kWriteTag = code_of(0x4d, kSymbol);
inline constexpr std::uint32_t kReadTagPart = code_of(0x52, kSymbol);
inline constexpr std::uint32_t kWriteTagPart = code_of(0x53, kSymbol);
inline constexpr std::uint32_t kRunMode = code_of(0x06, kController);
inline constexpr std::uint32_t kProgramMode = code_of(0x07, kController);
inline constexpr std::uint32_t kFirmwareBegin = code_of(0x4b, kFlash);
inline constexpr std::uint32_t kProgramDownload = code_of(0x08, kChanges);
inline constexpr std::uint32_t kProgramUpload = code_of(0x4f, 0x6a);
inline constexpr std::uint32_t kFileUpload = code_of(0x4b, kFile);
inline constexpr std::uint32_t kFileDownload = code_of(0x4c, kFile);

inline constexpr auto kOperations = std::to_array<Operation>({
    // Tags: 1756-PM020, Data Access.
    {kReadTag, "read-tag", Access::read},
    {kReadTagPart, "read-tag-fragmented", Access::read},
    {kWriteTag, "write-tag", Access::write},
    {kWriteTagPart, "write-tag-fragmented", Access::write},
    {code_of(0x4e, kSymbol), "read-modify-write-tag", Access::write},
    {code_of(0x55, kSymbol), "list-tags", Access::discover},
    {code_of(0x4c, 0x6c), "read-template", Access::discover},

    // An envelope: what is asked stands in it, and is an operation of its own.
    {kMultiple, "multiple-service-packet", Access::session},
    {code_of(kMultiple, kRouter), "multiple-service-packet", Access::session},
    {kUnconnectedSend, "unconnected-send", Access::session},
    {kExecutePccc, "execute-pccc", Access::session},
    {code_of(0x4c, kPccc), "execute-dh-plus", Access::session},

    // Connections: volume 1, 3-5.5.
    {kForwardOpen, "forward-open", Access::session},
    {kLargeForwardOpen, "large-forward-open", Access::session},
    {kForwardClose, "forward-close", Access::session},
    {code_of(0x56, kManager), "get-connection-data", Access::diagnose},
    {code_of(0x57, kManager), "search-connection-data", Access::diagnose},
    {code_of(0x5a, kManager), "get-connection-owner", Access::diagnose},

    // Logix controllers. 0x06 and 0x07 are seen where the station starts and stops the controller.
    {kRunMode, "run-mode", Access::control},
    {kProgramMode, "program-mode", Access::control},
    {code_of(0x5c, kController), "handshake", Access::session},
    {kProgramDownload, "program-download", Access::program},
    // Seen where the engineering station locks and unlocks the controller for itself alone.
    {code_of(0x4b, 0x74), "lock-controller", Access::control},
    {code_of(0x4c, 0x74), "unlock-controller", Access::control},
    // Values at an address of the controller's memory, as a data server reads them: seen.
    {code_of(0x4c, 0x72), "read-memory", Access::read},
    // Seen where the station uploads the project: all instances of a class, then what they hold.
    {code_of(0x4b, 0x68), "list-instances", Access::upload},
    {code_of(0x4b, 0x69), "list-instances", Access::upload},
    {code_of(0x4b, 0x6a), "list-instances", Access::upload},
    {code_of(0x4b, kSymbol), "list-instances", Access::upload},
    {code_of(0x4b, 0x6c), "list-instances", Access::upload},
    {code_of(0x4b, 0x6d), "list-instances", Access::upload},
    {code_of(0x4b, 0x6e), "list-instances", Access::upload},
    {code_of(0x4b, 0x70), "list-instances", Access::upload},
    {code_of(0x4b, 0x7e), "list-instances", Access::upload},
    {code_of(0x4b, 0x8c), "list-instances", Access::upload},
    {code_of(0x4b, 0x8d), "list-instances", Access::upload},
    {code_of(0x4b, 0xb0), "list-instances", Access::upload},
    {code_of(0x4b, 0xb1), "list-instances", Access::upload},
    {code_of(0x4b, 0x32b), "list-instances", Access::upload},
    {code_of(0x4b, 0x32d), "list-instances", Access::upload},
    {code_of(0x4b, 0x331), "list-instances", Access::upload},
    {code_of(0x4b, 0x332), "list-instances", Access::upload},
    {code_of(0x4b, 0x338), "list-instances", Access::upload},
    {kProgramUpload, "read-object", Access::upload},
    {code_of(0x4c, 0x6d), "read-routine", Access::upload},

    // Firmware: seen where the station loads a module's, block by block, before it resets it.
    {kFirmwareBegin, "begin-firmware-update", Access::firmware},
    {code_of(0x4d, kFlash), "firmware-block", Access::firmware},
    // Seen before that, with the module's serial number besides; the module refused it.
    {code_of(0x51, kFlash), "begin-firmware-update", Access::firmware},
    // File object: volume 1, 5A-42. What is loaded into a device is its firmware or its like.
    {kFileUpload, "initiate-file-upload", Access::file},
    {kFileDownload, "initiate-file-download", Access::firmware},
    {code_of(0x4d, kFile), "initiate-partial-read", Access::file},
    {code_of(0x4e, kFile), "initiate-partial-write", Access::firmware},
    {code_of(0x4f, kFile), "file-upload-block", Access::file},
    {code_of(0x50, kFile), "file-download-block", Access::firmware},
    {code_of(0x51, kFile), "clear-file", Access::firmware},

    // Safety Supervisor: volume 5, 5-4.
    {code_of(0x4b, 0x39), "safety-recover", Access::control},
    {code_of(0x4e, 0x39), "safety-perform-diagnostics", Access::diagnose},
    {code_of(0x4f, 0x39), "safety-configure-request", Access::configure},
    {code_of(0x50, 0x39), "safety-validate-configuration", Access::configure},
    {code_of(0x51, 0x39), "safety-set-password", Access::configure},
    {code_of(0x52, 0x39), "safety-configuration-lock", Access::configure},
    {code_of(0x53, 0x39), "safety-mode-change", Access::control},
    {code_of(0x54, 0x39), "safety-reset", Access::control},
    {code_of(0x55, 0x39), "safety-reset-password", Access::configure},
    {code_of(0x56, 0x39), "safety-propose-tunid", Access::configure},
    {code_of(0x57, 0x39), "safety-apply-tunid", Access::configure},

    // Modbus object: volume 7.
    {code_of(0x4b, 0x44), "modbus-read-discrete-inputs", Access::read},
    {code_of(0x4c, 0x44), "modbus-read-coils", Access::read},
    {code_of(0x4d, 0x44), "modbus-read-input-registers", Access::read},
    {code_of(0x4e, 0x44), "modbus-read-holding-registers", Access::read},
    {code_of(0x4f, 0x44), "modbus-write-coils", Access::write},
    {code_of(0x50, 0x44), "modbus-write-holding-registers", Access::write},
    {code_of(0x51, 0x44), "modbus-passthrough", Access::unknown},

    {code_of(0x4c, 0xf6), "get-and-clear", Access::configure},  // Ethernet Link counters
});

/// What reading, setting, and creating or deleting mean for the instances of a class.
struct Class {
  std::uint16_t number = 0;
  std::string_view name = {};
  Access get = Access::read;
  Access set = Access::write;
  Access make = Access::configure;
};

// Volume 1, 5-1, and for 0x64 to 0xc7, which are the vendors', Rockwell's: named where a public
// source or a capture shows what they are.
inline constexpr auto kClasses = std::to_array<Class>({
    {kIdentity, "identity", Access::discover, Access::configure},
    {kRouter, "message-router", Access::discover, Access::configure},
    {0x03, "devicenet", Access::diagnose, Access::configure},
    {0x04, "assembly"},
    {0x05, "connection", Access::diagnose, Access::configure, Access::session},
    {kManager, "connection-manager", Access::diagnose, Access::configure},
    {0x07, "register"},
    {0x08, "discrete-input-point"},
    {0x09, "discrete-output-point"},
    {0x0a, "analog-input-point"},
    {0x0b, "analog-output-point"},
    {0x0e, "presence-sensing"},
    {0x0f, "parameter", Access::read, Access::configure},
    {0x10, "parameter-group", Access::read, Access::configure},
    {0x12, "group", Access::read, Access::configure},
    {0x1d, "discrete-input-group"},
    {0x1e, "discrete-output-group"},
    {0x1f, "discrete-group"},
    {0x20, "analog-input-group"},
    {0x21, "analog-output-group"},
    {0x22, "analog-group"},
    {0x23, "position-sensor"},
    {0x24, "position-controller-supervisor"},
    {0x25, "position-controller"},
    {0x26, "block-sequencer"},
    {0x27, "command-block"},
    {0x28, "motor-data", Access::read, Access::configure},
    {0x29, "control-supervisor", Access::read, Access::control},
    {0x2a, "ac-dc-drive"},
    {0x2b, "acknowledge-handler", Access::diagnose, Access::configure},
    {0x2c, "overload", Access::read, Access::configure},
    {0x2d, "softstart", Access::read, Access::configure},
    {0x2e, "selection"},
    {0x30, "s-device-supervisor", Access::read, Access::control},
    {0x31, "s-analog-sensor"},
    {0x32, "s-analog-actuator"},
    {0x33, "s-single-stage-controller"},
    {0x34, "s-gas-calibration", Access::read, Access::configure},
    {0x35, "trip-point", Access::read, Access::configure},
    {kFile, "file", Access::discover, Access::configure, Access::file},
    {0x38, "s-partial-pressure"},
    {0x39, "safety-supervisor", Access::diagnose, Access::configure},
    {0x3a, "safety-validator", Access::diagnose, Access::configure},
    {0x3b, "safety-discrete-output-point"},
    {0x3c, "safety-discrete-output-group"},
    {0x3d, "safety-discrete-input-point"},
    {0x3e, "safety-discrete-input-group"},
    {0x3f, "safety-dual-channel-output"},
    {0x40, "s-sensor-calibration", Access::read, Access::configure},
    {0x41, "event-log", Access::diagnose, Access::configure},
    {0x42, "motion-axis"},
    {0x43, "time-sync", Access::diagnose, Access::time},
    {0x44, "modbus"},
    {0x45, "originator-connection-list", Access::diagnose, Access::configure},
    {0x46, "modbus-serial-link", Access::diagnose, Access::configure},
    {0x47, "device-level-ring", Access::diagnose, Access::configure},
    {0x48, "qos", Access::diagnose, Access::configure},
    {0x4d, "target-connection-list", Access::diagnose, Access::configure},
    {0x4e, "base-energy"},
    {0x4f, "electrical-energy"},
    {0x50, "non-electrical-energy"},
    {0x51, "base-switch", Access::diagnose, Access::configure},
    {0x52, "snmp", Access::diagnose, Access::configure},
    {0x53, "power-management", Access::diagnose, Access::configure},
    {0x54, "rstp-bridge", Access::diagnose, Access::configure},
    {0x55, "rstp-port", Access::diagnose, Access::configure},
    {0x56, "prp-hsr-protocol", Access::diagnose, Access::configure},
    {0x57, "prp-hsr-nodes", Access::diagnose, Access::configure},
    {0x5d, "cip-security", Access::diagnose, Access::configure},
    {0x5e, "ethernet-ip-security", Access::diagnose, Access::configure},
    {0x5f, "certificate-management", Access::diagnose, Access::configure},
    {kName, "program-name", Access::discover, Access::configure},
    {kPccc, "pccc", Access::diagnose, Access::configure},
    {0x68, "program", Access::diagnose, Access::program, Access::program},
    {kSymbol, "symbol", Access::discover, Access::program, Access::program},
    {0x6c, "template", Access::discover, Access::program, Access::program},
    {0x6d, "routine", Access::diagnose, Access::program, Access::program},
    {0x70, "task", Access::diagnose, Access::program, Access::program},
    {0x72, "memory"},
    {0x74, "controller-lock", Access::diagnose, Access::control, Access::control},
    {0x8b, "wall-clock-time", Access::diagnose, Access::time},
    {kController, "controller", Access::diagnose, Access::configure},
    {kFlash, "nonvolatile-storage", Access::diagnose, Access::firmware, Access::firmware},
    {kChanges, "change-log", Access::diagnose, Access::configure, Access::program},
    {0xf0, "controlnet", Access::diagnose, Access::configure},
    {0xf1, "controlnet-keeper", Access::diagnose, Access::configure},
    {0xf2, "controlnet-scheduling", Access::diagnose, Access::configure},
    {0xf3, "connection-configuration", Access::diagnose, Access::configure},
    {0xf4, "port", Access::discover, Access::configure},
    {kTcpIp, "tcp-ip-interface", Access::discover, Access::configure},
    {0xf6, "ethernet-link", Access::diagnose, Access::configure},
    {0xf7, "componet-link", Access::diagnose, Access::configure},
    {0xf8, "componet-repeater", Access::diagnose, Access::configure},
});
static_assert(std::ranges::is_sorted(kClasses, {}, &Class::number));

/// A class of no name where it is not known.
[[nodiscard]] constexpr Class find_class(std::uint16_t number) noexcept {
  const auto* const row = std::ranges::lower_bound(kClasses, number, {}, &Class::number);
  return row != kClasses.end() && row->number == number ? *row : Class{.number = number};
}

/// What a service of every class does, whatever the class.
enum class Deed : std::uint8_t { get, set, make, control, configure, session };

struct CommonService {
  std::uint8_t number = 0;
  std::string_view name = {};
  Deed deed = Deed::get;
};

// Volume 1, A-3.
inline constexpr auto kCommonServices = std::to_array<CommonService>({
    {kGetAll, "get-attributes-all", Deed::get},
    {0x02, "set-attributes-all", Deed::set},
    {kGetList, "get-attribute-list", Deed::get},
    {0x04, "set-attribute-list", Deed::set},
    {kReset, "reset", Deed::control},
    {0x06, "start", Deed::control},
    {0x07, "stop", Deed::control},
    {0x08, "create", Deed::make},
    {0x09, "delete", Deed::make},
    {kMultiple, "multiple-service-packet", Deed::session},
    {0x0d, "apply-attributes", Deed::configure},
    {kGetSingle, "get-attribute-single", Deed::get},
    {kSetSingle, "set-attribute-single", Deed::set},
    {0x11, "find-next-instance", Deed::get},
    {0x15, "restore", Deed::configure},
    {0x16, "save", Deed::configure},
    {0x17, "nop", Deed::session},
    {0x18, "get-member", Deed::get},
    {0x19, "set-member", Deed::set},
    {0x1a, "insert-member", Deed::set},
    {0x1b, "remove-member", Deed::set},
    {0x1c, "group-sync", Deed::session},
    {0x1d, "get-member-list", Deed::get},
});

/// The row of a code that kOperations lacks: a common service of any class.
[[nodiscard]] constexpr Operation derive(std::uint32_t code) noexcept {
  const auto* const row =
      std::ranges::find(kCommonServices, service_of(code), &CommonService::number);
  if (row == kCommonServices.end()) return {.code = code};
  const auto about = (code & kWithClass) != 0 ? find_class(class_of(code)) : Class{};
  switch (row->deed) {
    case Deed::get:
      return {code, row->name, about.get};
    case Deed::set:
      return {code, row->name, about.set};
    case Deed::make:
      return {code, row->name, about.make};
    case Deed::control:
      return {code, row->name, Access::control};
    case Deed::configure:
      return {code, row->name, Access::configure};
    case Deed::session:
      return {code, row->name, Access::session};
  }
  return {.code = code};
}

}  // namespace sekimori::cip
