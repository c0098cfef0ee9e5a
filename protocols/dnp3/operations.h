#pragma once

// What DNP3 can be asked: IEEE 1815-2012, 4.4 (functions) and 9.2.4 (link).

#include "sekimori/dissect/dissector.h"

#include "objects.h"

#include <array>
#include <cstdint>

namespace sekimori::dnp3 {

inline constexpr std::uint8_t kConfirm = 0;
inline constexpr std::uint8_t kRead = 1;
inline constexpr std::uint8_t kWrite = 2;
inline constexpr std::uint8_t kSelect = 3;
inline constexpr std::uint8_t kDirectOperateNoAck = 6;
inline constexpr std::uint8_t kFreezeAtTime = 11;
inline constexpr std::uint8_t kFreezeAtTimeNoAck = 12;
inline constexpr std::uint8_t kStartApplication = 17;
inline constexpr std::uint8_t kStopApplication = 18;
inline constexpr std::uint8_t kOpenFile = 25;
inline constexpr std::uint8_t kDeleteFile = 27;
inline constexpr std::uint8_t kGetFileInfo = 28;
inline constexpr std::uint8_t kAuthenticateFile = 29;
inline constexpr std::uint8_t kAuthenticate = 32;
inline constexpr std::uint8_t kAuthenticateNoAck = 33;
inline constexpr std::uint8_t kResponse = 129;
inline constexpr std::uint8_t kUnsolicited = 130;
inline constexpr std::uint8_t kAuthenticationResponse = 131;

/// A code is the function. Reading and writing mean another thing for some groups: those have
/// rows of their own, written as the function all the same. Of the link: `link/9`.
inline constexpr std::uint32_t kOfLink = 1U << 16U;
inline constexpr std::uint32_t kWithGroup = 1U << 17U;

[[nodiscard]] constexpr std::uint32_t link_code(std::uint8_t function) noexcept {
  return kOfLink | function;
}
[[nodiscard]] constexpr std::uint32_t code_of(std::uint8_t function, std::uint8_t group) noexcept {
  return kWithGroup | std::uint32_t{group} << 8U | function;
}

inline constexpr auto kOperations = std::to_array<Operation>({
    {kRead, "read", Access::read},
    {kConfirm, "confirm", Access::session},
    {kWrite, "write", Access::write},
    // The two steps of one command: a selection alone moves nothing.
    {kSelect, "select", Access::write},
    {4, "operate", Access::write},
    {5, "direct-operate", Access::write},
    {kDirectOperateNoAck, "direct-operate-no-ack", Access::write},
    {7, "freeze", Access::write},
    {8, "freeze-no-ack", Access::write},
    {9, "freeze-and-clear", Access::write},
    {10, "freeze-and-clear-no-ack", Access::write},
    {kFreezeAtTime, "freeze-at-time", Access::write},
    {kFreezeAtTimeNoAck, "freeze-at-time-no-ack", Access::write},
    {13, "cold-restart", Access::control},
    {14, "warm-restart", Access::control},
    {15, "initialize-data", Access::configure},
    {16, "initialize-application", Access::control},
    {kStartApplication, "start-application", Access::control},
    {kStopApplication, "stop-application", Access::control},
    {19, "save-configuration", Access::configure},
    // Every master does so as it starts: who may report on this channel, and no setting.
    {20, "enable-unsolicited", Access::session},
    {21, "disable-unsolicited", Access::session},
    {22, "assign-class", Access::configure},
    {23, "measure-delay", Access::diagnose},
    {24, "record-time", Access::time},
    {kOpenFile, "open-file", Access::file},
    {26, "close-file", Access::file},
    {kDeleteFile, "delete-file", Access::file},
    {kGetFileInfo, "get-file-info", Access::file},
    {kAuthenticateFile, "authenticate-file", Access::authenticate},
    {30, "abort-file", Access::file},
    {31, "activate-configuration", Access::configure},
    {kAuthenticate, "authenticate", Access::authenticate},
    {kAuthenticateNoAck, "authenticate-no-ack", Access::authenticate},
    {kUnsolicited, "unsolicited-response", Access::report},

    {code_of(kRead, kAttributes), "read-attributes", Access::discover, "1"},
    {code_of(kRead, kFile), "read-file", Access::file, "1"},
    {code_of(kWrite, kAttributes), "write-attributes", Access::configure, "2"},
    {code_of(kWrite, 34), "write-deadbands", Access::configure, "2"},
    {code_of(kWrite, kTime), "write-time", Access::time, "2"},
    {code_of(kWrite, kFile), "write-file", Access::file, "2"},
    // Bit 7, the restart's, is the only one that a master writes: it has heard of it.
    {code_of(kWrite, kIndications), "clear-restart", Access::session, "2"},
    {code_of(kWrite, 112), "write-terminal", Access::configure, "2"},

    {link_code(0), "reset-link", Access::session, "link/0"},
    {link_code(1), "reset-user-process", Access::control, "link/1"},
    {link_code(2), "test-link", Access::session, "link/2"},
    {link_code(9), "request-link-status", Access::session, "link/9"},
});

/// The code where all objects of a request are of one group.
[[nodiscard]] constexpr std::uint32_t code_for(std::uint8_t function, std::uint8_t group) noexcept {
  const auto code = code_of(function, group);
  return std::ranges::find(kOperations, code, &Operation::code) != kOperations.end() ? code
                                                                                     : function;
}

/// The function behind a code of an application request.
[[nodiscard]] constexpr std::uint8_t function_of(std::uint32_t code) noexcept {
  return static_cast<std::uint8_t>(code);
}

/// 4.4: requests that no outstation answers.
[[nodiscard]] constexpr bool is_unanswered(std::uint8_t function) noexcept {
  return function == kDirectOperateNoAck || function == 8 || function == 10 ||
         function == kFreezeAtTimeNoAck || function == kAuthenticateNoAck;
}

/// Whether objects follow the headers of a request, 4.4: those that only name points have none.
[[nodiscard]] constexpr Objects::Data data_of(std::uint8_t function) noexcept {
  if (function == kFreezeAtTime || function == kFreezeAtTimeNoAck) return Objects::Data::of_time;
  const bool names =
      function == kRead || (function >= 7 && function <= 10) || (function >= 20 && function <= 22);
  return names ? Objects::Data::absent : Objects::Data::present;
}

}  // namespace sekimori::dnp3
