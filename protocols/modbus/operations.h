#pragma once

// What Modbus can be asked. Sources of the rows: MODBUS Application Protocol V1.1b3, 5.1 and 6
// (public functions), 6.8.1 (diagnostics); Zeek's table of function codes (the vendors' own);
// Wireshark's and Apache PLC4X's tables and sandialabs/PEAT (UMAS).

#include "sekimori/dissect/dissector.h"

#include <array>
#include <cstdint>

namespace sekimori::modbus {

inline constexpr std::uint8_t kDiagnostics = 8;
inline constexpr std::uint8_t kEncapsulated = 43;  // MODBUS Encapsulated Interface, 6.19
inline constexpr std::uint8_t kUmas = 90;

inline constexpr std::uint8_t kCanopen = 13;  // MEI types, 6.20 and 6.21
inline constexpr std::uint8_t kDeviceIdentification = 14;

/// A code is the function; where the function has operations of its own, `kWithSub | function <<
/// 16 | that operation`.
inline constexpr std::uint32_t kWithSub = 1U << 24U;

[[nodiscard]] constexpr std::uint32_t code_of(std::uint8_t function, std::uint16_t sub) noexcept {
  return kWithSub | std::uint32_t{function} << 16U | sub;
}
[[nodiscard]] constexpr std::uint8_t function_of(std::uint32_t code) noexcept {
  return static_cast<std::uint8_t>((code & kWithSub) != 0 ? code >> 16U : code);
}

inline constexpr std::uint32_t kUmasStart = code_of(kUmas, 0x40);
inline constexpr std::uint32_t kUmasStop = code_of(kUmas, 0x41);
inline constexpr std::uint32_t kUmasReadId = code_of(kUmas, 0x02);
inline constexpr std::uint32_t kUmasReserve = code_of(kUmas, 0x10);
inline constexpr std::uint32_t kUmasReadMemory = code_of(kUmas, 0x20);

inline constexpr auto kOperations = std::to_array<Operation>({
    {3, "read-holding-registers", Access::read},
    {4, "read-input-registers", Access::read},
    {1, "read-coils", Access::read},
    {2, "read-discrete-inputs", Access::read},
    {5, "write-coil", Access::write},
    {6, "write-register", Access::write},
    {15, "write-coils", Access::write},
    {16, "write-registers", Access::write},
    {22, "mask-write-register", Access::write},
    {23, "read-write-registers", Access::write},
    {7, "read-exception-status", Access::diagnose},
    {kDiagnostics, "diagnostics", Access::diagnose},
    {code_of(kDiagnostics, 0), "return-query-data", Access::diagnose},
    {code_of(kDiagnostics, 1), "restart-communications", Access::control},
    {code_of(kDiagnostics, 2), "return-diagnostic-register", Access::diagnose},
    {code_of(kDiagnostics, 3), "change-ascii-delimiter", Access::configure},
    {code_of(kDiagnostics, 4), "force-listen-only", Access::control},
    {code_of(kDiagnostics, 10), "clear-counters", Access::configure},
    {code_of(kDiagnostics, 11), "return-bus-message-count", Access::diagnose},
    {code_of(kDiagnostics, 12), "return-bus-error-count", Access::diagnose},
    {code_of(kDiagnostics, 13), "return-bus-exception-count", Access::diagnose},
    {code_of(kDiagnostics, 14), "return-server-message-count", Access::diagnose},
    {code_of(kDiagnostics, 15), "return-server-no-response-count", Access::diagnose},
    {code_of(kDiagnostics, 16), "return-server-nak-count", Access::diagnose},
    {code_of(kDiagnostics, 17), "return-server-busy-count", Access::diagnose},
    {code_of(kDiagnostics, 18), "return-bus-overrun-count", Access::diagnose},
    {code_of(kDiagnostics, 20), "clear-overrun-counter", Access::configure},
    {11, "get-event-counter", Access::diagnose},
    {12, "get-event-log", Access::diagnose},
    {17, "report-server-id", Access::discover},
    // File records are the extended memory of a controller (6.14): process values, not documents.
    {20, "read-file-record", Access::read},
    {21, "write-file-record", Access::write},
    {24, "read-fifo-queue", Access::read},
    {kEncapsulated, "encapsulated-interface", Access::unknown},
    {code_of(kEncapsulated, kCanopen), "canopen-general-reference", Access::configure},
    {code_of(kEncapsulated, kDeviceIdentification), "read-device-identification", Access::discover},

    // The vendors' own. A poll asks how far a program function came and changes nothing.
    {9, "program-484", Access::program},
    {10, "poll-484", Access::diagnose},
    {13, "program-584-984", Access::program},
    {14, "poll-584-984", Access::diagnose},
    {18, "program-884", Access::program},
    {19, "reset-communications-link", Access::control},
    {40, "program-concept", Access::program},
    {41, "multiple-functions", Access::unknown},
    {91, "object-messaging", Access::unknown},
    {125, "firmware-replacement", Access::firmware},
    {126, "program-584-984-extended", Access::program},
    {127, "report-local-address", Access::discover},

    // UMAS, the engineering channel of Schneider Electric's controllers.
    {kUmas, "umas", Access::unknown},
    {code_of(kUmas, 0x01), "init-communication", Access::session},
    {kUmasReadId, "read-id", Access::discover},
    {code_of(kUmas, 0x03), "read-project-info", Access::discover},
    {code_of(kUmas, 0x04), "read-plc-status", Access::diagnose},
    {code_of(kUmas, 0x06), "read-card-info", Access::discover},
    {code_of(kUmas, 0x0a), "repeat", Access::diagnose},
    {kUmasReserve, "take-reservation", Access::control},
    {code_of(kUmas, 0x11), "release-reservation", Access::control},
    {code_of(kUmas, 0x12), "keep-alive", Access::session},
    {kUmasReadMemory, "read-memory-block", Access::read},
    {code_of(kUmas, 0x21), "write-memory-block", Access::write},
    {code_of(kUmas, 0x22), "read-variables", Access::read},
    {code_of(kUmas, 0x23), "write-variables", Access::write},
    {code_of(kUmas, 0x24), "read-coils-registers", Access::read},
    {code_of(kUmas, 0x25), "write-coils-registers", Access::write},
    {code_of(kUmas, 0x26), "read-data-dictionary", Access::read},
    // UMAS calls the way into the controller an upload and the way out of it a download; a real
    // exchange of 0x33 and 0x34 has the program in its answers. The names here are the usual ones.
    {code_of(kUmas, 0x30), "begin-program-download", Access::program},
    {code_of(kUmas, 0x31), "program-download-block", Access::program},
    {code_of(kUmas, 0x32), "end-program-download", Access::program},
    {code_of(kUmas, 0x33), "begin-program-upload", Access::upload},
    {code_of(kUmas, 0x34), "program-upload-block", Access::upload},
    {code_of(kUmas, 0x35), "end-program-upload", Access::upload},
    {code_of(kUmas, 0x39), "read-ethernet-master-data", Access::read},
    {kUmasStart, "start-plc", Access::control},
    {kUmasStop, "stop-plc", Access::control},
    {code_of(kUmas, 0x50), "monitor-plc", Access::read},
    {code_of(kUmas, 0x58), "check-plc", Access::diagnose},
    {code_of(kUmas, 0x70), "read-io-object", Access::read},
    {code_of(kUmas, 0x71), "write-io-object", Access::write},
    {code_of(kUmas, 0x73), "read-module-status", Access::diagnose},
});

}  // namespace sekimori::modbus
