#pragma once

// What S7comm can be asked. The protocol is Siemens' own and unpublished; sources of the rows:
// Wireshark's tables (functions, userdata, PI services), icsnpp-s7comm's constants, Snap7's and
// libnodave's clients; SINUMERIK Operate's manual of PI services (those of the NC).

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::s7comm {

// Functions of a job.
inline constexpr std::uint8_t kSetup = 0xf0;
inline constexpr std::uint8_t kRead = 0x04;
inline constexpr std::uint8_t kWrite = 0x05;
inline constexpr std::uint8_t kRequestDownload = 0x1a;
inline constexpr std::uint8_t kDownloadBlock = 0x1b;
inline constexpr std::uint8_t kEndDownload = 0x1c;
inline constexpr std::uint8_t kStartUpload = 0x1d;
inline constexpr std::uint8_t kUpload = 0x1e;
inline constexpr std::uint8_t kEndUpload = 0x1f;
inline constexpr std::uint8_t kPiService = 0x28;
inline constexpr std::uint8_t kStop = 0x29;

// Function groups of userdata.
inline constexpr std::uint8_t kModeTransition = 0;
inline constexpr std::uint8_t kProgrammer = 1;
inline constexpr std::uint8_t kCyclic = 2;
inline constexpr std::uint8_t kBlocks = 3;
inline constexpr std::uint8_t kCpu = 4;
inline constexpr std::uint8_t kSecurity = 5;
inline constexpr std::uint8_t kBsend = 6;
inline constexpr std::uint8_t kTime = 7;
inline constexpr std::uint8_t kNc = 15;

/// A code is the function of a job; of userdata, group and subfunction. `kind` tells apart what
/// shares a notation and is not the same: the PI service, the list that is read, the job that is
/// enabled.
inline constexpr std::uint32_t kUserdata = 1U << 16U;
inline constexpr std::uint32_t kPush = 1U << 17U;

[[nodiscard]] constexpr std::uint32_t with_kind(std::uint32_t code, std::uint32_t kind) noexcept {
  return kind << 20U | code;
}
[[nodiscard]] constexpr std::uint32_t userdata(std::uint8_t group, std::uint8_t sub) noexcept {
  return kUserdata | std::uint32_t{group} << 8U | sub;
}
[[nodiscard]] constexpr std::uint32_t push(std::uint8_t group, std::uint8_t sub) noexcept {
  return kPush | userdata(group, sub);
}

inline SmallText notate(std::uint32_t code) {
  SmallText text;
  if ((code & kUserdata) == 0) return text.hex(code & 0xffU);
  if ((code & kPush) != 0) text.add("push ");
  return text.decimal(code >> 8U & 0xffU).add('/').decimal(code & 0xffU);
}

inline constexpr std::uint32_t kStart = with_kind(kPiService, 1);
inline constexpr std::uint32_t kInsert = with_kind(kPiService, 2);
inline constexpr std::uint32_t kDelete = with_kind(kPiService, 3);
inline constexpr std::uint32_t kCopyToRom = with_kind(kPiService, 4);
inline constexpr std::uint32_t kCompress = with_kind(kPiService, 5);
inline constexpr std::uint32_t kNcLogin = with_kind(kPiService, 6);
inline constexpr std::uint32_t kNcFile = with_kind(kPiService, 7);
inline constexpr std::uint32_t kNcRun = with_kind(kPiService, 8);
inline constexpr std::uint32_t kNcConfigure = with_kind(kPiService, 9);
inline constexpr std::uint32_t kNcTool = with_kind(kPiService, 10);

inline constexpr std::uint32_t kVariableStatus = userdata(kProgrammer, 2);
inline constexpr std::uint32_t kModify = userdata(kProgrammer, 8);
inline constexpr std::uint32_t kForce = userdata(kProgrammer, 9);
inline constexpr std::uint32_t kMemoryReset = userdata(kProgrammer, 12);
inline constexpr std::uint32_t kEnableJob = userdata(kProgrammer, 14);
inline constexpr std::uint32_t kEnableModify = with_kind(kEnableJob, 1);
inline constexpr std::uint32_t kEnableForce = with_kind(kEnableJob, 2);
inline constexpr std::uint32_t kCyclicRead = userdata(kCyclic, 1);
inline constexpr std::uint32_t kChangeDriven = userdata(kCyclic, 5);
inline constexpr std::uint32_t kListOfType = userdata(kBlocks, 2);
inline constexpr std::uint32_t kBlockInfo = userdata(kBlocks, 3);
inline constexpr std::uint32_t kReadSzl = userdata(kCpu, 1);
inline constexpr std::uint32_t kReadIdentity = with_kind(kReadSzl, 1);
inline constexpr std::uint32_t kMessageService = userdata(kCpu, 2);
inline constexpr std::uint32_t kPassword = userdata(kSecurity, 1);

inline constexpr auto kOperations = std::to_array<Operation>({
    {kRead, "read-variable", Access::read},
    {kWrite, "write-variable", Access::write},
    {kSetup, "setup-communication", Access::session},
    {0x00, "cpu-services", Access::unknown},
    {kRequestDownload, "request-download", Access::program},
    {kDownloadBlock, "download-block", Access::program},
    {kEndDownload, "end-download", Access::program},
    {kStartUpload, "start-upload", Access::upload},
    {kUpload, "upload-block", Access::upload},
    {kEndUpload, "end-upload", Access::upload},
    {kStop, "stop-plc", Access::control},
    // A service that no row names starts, stops or changes something all the same.
    {kPiService, "program-invocation", Access::control},
    {kStart, "start-plc", Access::control},
    {kInsert, "insert-block", Access::program},
    {kDelete, "delete-block", Access::program},
    {kCopyToRom, "copy-ram-to-rom", Access::program},
    {kCompress, "compress-memory", Access::program},
    {kNcLogin, "nc-login", Access::authenticate},
    {kNcFile, "nc-file", Access::file},
    {kNcRun, "nc-program", Access::control},
    {kNcConfigure, "nc-configure", Access::configure},
    {kNcTool, "nc-tool", Access::write},

    {userdata(kProgrammer, 1), "block-status", Access::diagnose},
    {kVariableStatus, "variable-status", Access::read},
    {userdata(kProgrammer, 3), "interrupt-stack", Access::diagnose},
    {userdata(kProgrammer, 4), "block-stack", Access::diagnose},
    {userdata(kProgrammer, 5), "local-stack", Access::diagnose},
    {userdata(kProgrammer, 6), "time-measurement", Access::diagnose},
    {userdata(kProgrammer, 7), "force-selection", Access::force},
    {kModify, "modify-variable", Access::write},
    {kForce, "force-variable", Access::force},
    {userdata(kProgrammer, 10), "breakpoint", Access::control},
    {userdata(kProgrammer, 11), "exit-hold", Access::control},
    {kMemoryReset, "memory-reset", Access::control},
    // Jobs of the programming device: what they do is told when they are set up and enabled.
    {userdata(kProgrammer, 13), "disable-job", Access::diagnose},
    {kEnableJob, "enable-job", Access::diagnose},
    {kEnableModify, "enable-modify-job", Access::write},
    {kEnableForce, "enable-force-job", Access::force},
    {userdata(kProgrammer, 15), "delete-job", Access::diagnose},
    {userdata(kProgrammer, 16), "read-job-list", Access::diagnose},
    {userdata(kProgrammer, 17), "read-job", Access::diagnose},
    {userdata(kProgrammer, 18), "replace-job", Access::diagnose},
    {userdata(kProgrammer, 19), "block-status-2", Access::diagnose},
    {userdata(kProgrammer, 22), "flash-led", Access::discover},

    {kCyclicRead, "cyclic-transfer", Access::read},
    {userdata(kCyclic, 4), "unsubscribe", Access::read},
    {kChangeDriven, "change-driven-transfer", Access::read},
    {userdata(kCyclic, 7), "modify-change-driven", Access::read},
    {userdata(kCyclic, 8), "read-record", Access::read},

    {userdata(kBlocks, 1), "list-blocks", Access::discover},
    {kListOfType, "list-blocks-of-type", Access::discover},
    {kBlockInfo, "block-info", Access::discover},

    {kReadSzl, "read-szl", Access::diagnose},
    {kReadIdentity, "read-identity", Access::discover},
    {kMessageService, "message-service", Access::diagnose},
    {userdata(kCpu, 7), "lock-alarm", Access::configure},
    {userdata(kCpu, 8), "unlock-alarm", Access::configure},
    {userdata(kCpu, 11), "acknowledge-alarm", Access::write},
    {userdata(kCpu, 19), "query-alarm", Access::diagnose},

    {kPassword, "plc-password", Access::authenticate},
    {userdata(kSecurity, 2), "clear-password", Access::authenticate},
    {userdata(kBsend, 1), "block-send", Access::write},
    {userdata(kTime, 1), "read-clock", Access::diagnose},
    {userdata(kTime, 2), "set-clock", Access::time},
    {userdata(kTime, 3), "read-clock", Access::diagnose},
    {userdata(kTime, 4), "set-clock", Access::time},

    {userdata(kNc, 1), "nc-request-download", Access::program},
    {userdata(kNc, 2), "nc-download-block", Access::program},
    {userdata(kNc, 3), "nc-continue-download", Access::program},
    {userdata(kNc, 4), "nc-end-download", Access::program},
    {userdata(kNc, 6), "nc-start-upload", Access::upload},
    {userdata(kNc, 7), "nc-upload-block", Access::upload},
    {userdata(kNc, 8), "nc-continue-upload", Access::upload},

    // What the controller tells unasked.
    {push(kModeTransition, 0), "mode-transition", Access::report},
    {push(kModeTransition, 1), "mode-transition", Access::report},
    {push(kModeTransition, 2), "mode-transition", Access::report},
    {push(kModeTransition, 3), "mode-transition", Access::report},
    {push(kModeTransition, 4), "mode-transition", Access::report},
    {push(kModeTransition, 6), "mode-transition", Access::report},
    {push(kModeTransition, 9), "mode-transition", Access::report},
    {push(kModeTransition, 11), "mode-transition", Access::report},
    {push(kModeTransition, 12), "mode-transition", Access::report},
    {push(kProgrammer, 1), "block-status-data", Access::report},
    {push(kProgrammer, 2), "variable-status-data", Access::report},
    {push(kProgrammer, 3), "interrupt-stack-data", Access::report},
    {push(kProgrammer, 4), "block-stack-data", Access::report},
    {push(kProgrammer, 5), "local-stack-data", Access::report},
    {push(kProgrammer, 6), "time-measurement-data", Access::report},
    {push(kProgrammer, 7), "force-selection-data", Access::report},
    {push(kProgrammer, 8), "modify-variable-data", Access::report},
    {push(kProgrammer, 9), "force-variable-data", Access::report},
    {push(kProgrammer, 10), "breakpoint-data", Access::report},
    {push(kProgrammer, 19), "block-status-2-data", Access::report},
    {push(kCyclic, 1), "cyclic-data", Access::report},
    {push(kCyclic, 5), "change-driven-data", Access::report},
    {push(kCyclic, 8), "record-data", Access::report},
    {push(kCpu, 3), "diagnostic-message", Access::report},
    {push(kCpu, 5), "alarm-8", Access::report},
    {push(kCpu, 6), "notify", Access::report},
    {push(kCpu, 9), "scan", Access::report},
    {push(kCpu, 12), "alarm-acknowledged", Access::report},
    {push(kCpu, 13), "alarm-locked", Access::report},
    {push(kCpu, 14), "alarm-unlocked", Access::report},
    {push(kCpu, 17), "alarm-sq", Access::report},
    {push(kCpu, 18), "alarm-s", Access::report},
    {push(kCpu, 22), "notify-8", Access::report},
});

/// PI services by the front of their names, the more particular first.
struct PiService {
  std::string_view front;
  std::uint32_t code;
};
inline constexpr auto kPiServices = std::to_array<PiService>({
    {"P_PROGRAM", kStart},       {"_INSE", kInsert},          {"_INS2", kInsert},
    {"_DELE", kDelete},          {"_MODU", kCopyToRom},       {"_GARB", kCompress},
    {"_N_LOGIN_", kNcLogin},     {"_N_LOGOUT", kNcLogin},     {"_N_NEWPWD", kNcLogin},
    {"_N_FINDBL", kNcRun},  // activates a block search
    {"_N_F_", kNcFile},     // opens, copies, renames, deletes and protects files
    {"_N_LOCKE_", kNcFile},      {"_N_DELVAR", kNcFile},      {"_N_SELECT", kNcRun},
    {"_N_EXTERN", kNcRun},       {"_N_EXTMOD", kNcRun},       {"_N_ENDEXT", kNcRun},
    {"_N_SRTEXT", kNcRun},       {"_N_ASUP__", kNcRun},       {"_N_SEL_BL", kNcRun},
    {"_N_STRTLK", kNcRun},       {"_N_STRTUL", kNcRun},       {"_N_CANCEL", kNcRun},
    {"_N_OST_O", kNcRun},        {"_N_DIGIO", kNcRun},        {"_N_CONFIG", kNcConfigure},
    {"_N_DASAVE", kNcConfigure}, {"_N_IBN_SS", kNcConfigure}, {"_N_SCALE_", kNcConfigure},
    {"_N_SETTST", kNcConfigure}, {"_N_SETUFR", kNcConfigure}, {"_N_NCKMOD", kNcConfigure},
    {"_N_TM", kNcTool},  // tool management
    {"_N_CRE", kNcTool},         {"_N_CRT", kNcTool},         {"_N_CRC", kNcTool},
    {"_N_DELE", kNcTool},        {"_N_DZERO_", kNcTool},      {"_N_TSEARC", kNcTool},
});

[[nodiscard]] constexpr std::uint32_t pi_code(std::string_view name) noexcept {
  const auto* const row = std::ranges::find_if(
      kPiServices, [name](const PiService& service) { return name.starts_with(service.front); });
  return row == kPiServices.end() ? std::uint32_t{kPiService} : row->code;
}

/// Modes as userdata group 0 tells them: the subfunction is the mode that begins. Empty where it is
/// unknown.
[[nodiscard]] constexpr std::string_view mode_text(std::uint8_t sub) noexcept {
  switch (sub) {
    case 0:
      return "stop";
    case 1:
      return "warm restart";
    case 2:
      return "run";
    case 3:
      return "hot restart";
    case 4:
      return "hold";
    case 6:
      return "cold restart";
    case 9:
      return "run redundant";
    case 11:
      return "link-up";
    case 12:
      return "update";
    default:
      return {};
  }
}

}  // namespace sekimori::s7comm
