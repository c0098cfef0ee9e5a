#pragma once

// What SMB can be asked: [MS-CIFS] 2.2.2.1 (SMB 1) and [MS-SMB2] 2.2.1.2 (SMB 2 and 3), and the
// session service of NetBIOS that may carry it (RFC 1002, 4.3).

#include "sekimori/dissect/dissector.h"

#include <array>
#include <cstdint>

namespace sekimori::smb {

// A code is a command of SMB 1, or one of another family with that family's bit.
inline constexpr std::uint32_t kTwo = 0x200;
inline constexpr std::uint32_t kNetbios = 0x300;
inline constexpr std::uint32_t kFamily = 0xff00;

namespace one {
inline constexpr std::uint8_t kTransaction = 0x25;
inline constexpr std::uint8_t kTransactionSecondary = 0x26;
inline constexpr std::uint8_t kLocking = 0x24;
inline constexpr std::uint8_t kRead = 0x2e;
inline constexpr std::uint8_t kWrite = 0x2f;
inline constexpr std::uint8_t kTransaction2Secondary = 0x33;
inline constexpr std::uint8_t kNegotiate = 0x72;
inline constexpr std::uint8_t kSessionSetup = 0x73;
inline constexpr std::uint8_t kTreeConnect = 0x75;
inline constexpr std::uint8_t kNtTransactSecondary = 0xa1;
inline constexpr std::uint8_t kNtCreate = 0xa2;
inline constexpr std::uint8_t kNtCancel = 0xa4;
inline constexpr std::uint8_t kNoMore = 0xff;
}  // namespace one

namespace two {
inline constexpr std::uint16_t kNegotiate = 0;
inline constexpr std::uint16_t kSessionSetup = 1;
inline constexpr std::uint16_t kTreeConnect = 3;
inline constexpr std::uint16_t kCreate = 5;
inline constexpr std::uint16_t kRead = 8;
inline constexpr std::uint16_t kWrite = 9;
inline constexpr std::uint16_t kIoctl = 11;
inline constexpr std::uint16_t kCancel = 12;
inline constexpr std::uint16_t kLast = 18;
}  // namespace two

// What reads or changes a file's content, or the file itself, is `file`; what looks at it, `read`.
inline constexpr auto kOperations = std::to_array<Operation>({
    {0x00, "create-directory", Access::file},
    {0x01, "delete-directory", Access::file},
    {0x02, "open", Access::file},
    {0x03, "create", Access::file},
    {0x04, "close", Access::session},
    {0x05, "flush", Access::file},
    {0x06, "delete", Access::file},
    {0x07, "rename", Access::file},
    {0x08, "query-information", Access::read},
    {0x09, "set-information", Access::file},
    {0x0a, "read", Access::file},
    {0x0b, "write", Access::file},
    {0x0c, "lock", Access::file},
    {0x0d, "unlock", Access::file},
    {0x0e, "create-temporary", Access::file},
    {0x0f, "create-new", Access::file},
    {0x10, "check-directory", Access::read},
    {0x11, "process-exit", Access::session},
    {0x12, "seek", Access::session},
    {0x13, "lock-and-read", Access::file},
    {0x14, "write-and-unlock", Access::file},
    {0x1a, "read-raw", Access::file},
    {0x1d, "write-raw", Access::file},
    {0x22, "set-information-2", Access::file},
    {0x23, "query-information-2", Access::read},
    {one::kLocking, "locking", Access::session},
    {one::kTransaction, "transaction", Access::file},
    {one::kTransactionSecondary, "transaction-secondary", Access::file},
    {0x29, "copy", Access::file},
    {0x2a, "move", Access::file},
    {0x2b, "echo", Access::session},
    {0x2c, "write-and-close", Access::file},
    {0x2d, "open", Access::file},
    {0x2e, "read", Access::file},
    {0x2f, "write", Access::file},
    {0x32, "transaction-2", Access::file},
    {one::kTransaction2Secondary, "transaction-2-secondary", Access::file},
    {0x34, "find-close", Access::session},
    {0x70, "tree-connect", Access::session},
    {0x71, "tree-disconnect", Access::session},
    {one::kNegotiate, "negotiate", Access::session},
    {one::kSessionSetup, "session-setup", Access::authenticate},
    {0x74, "logoff", Access::session},
    {one::kTreeConnect, "tree-connect", Access::session},
    {0x80, "query-disk", Access::read},
    {0x81, "search", Access::read},
    {0x82, "find", Access::read},
    {0x83, "find-unique", Access::read},
    {0x84, "find-close", Access::session},
    {0xa0, "nt-transact", Access::file},
    {one::kNtTransactSecondary, "nt-transact-secondary", Access::file},
    {one::kNtCreate, "create", Access::file},
    {one::kNtCancel, "cancel", Access::session},
    {0xa5, "nt-rename", Access::file},
    {0xc0, "open-print-file", Access::file},
    {0xc1, "write-print-file", Access::file},
    {0xc2, "close-print-file", Access::file},
    {kTwo | 0x00, "negotiate", Access::session},
    {kTwo | 0x01, "session-setup", Access::authenticate},
    {kTwo | 0x02, "logoff", Access::session},
    {kTwo | 0x03, "tree-connect", Access::session},
    {kTwo | 0x04, "tree-disconnect", Access::session},
    {kTwo | 0x05, "create", Access::file},
    {kTwo | 0x06, "close", Access::session},
    {kTwo | 0x07, "flush", Access::file},
    {kTwo | 0x08, "read", Access::file},
    {kTwo | 0x09, "write", Access::file},
    {kTwo | 0x0a, "lock", Access::session},
    {kTwo | 0x0b, "ioctl", Access::file},
    {kTwo | 0x0c, "cancel", Access::session},
    {kTwo | 0x0d, "echo", Access::session},
    {kTwo | 0x0e, "query-directory", Access::read},
    {kTwo | 0x0f, "change-notify", Access::read},
    {kTwo | 0x10, "query-info", Access::read},
    {kTwo | 0x11, "set-info", Access::file},
    {kTwo | 0x12, "oplock-break", Access::session},
    {kNetbios | 0x81, "netbios-session", Access::session},
});

/// `1/0x72`, `2/0x05`, `nb/0x81`.
inline SmallText notate(std::uint32_t code) {
  const auto family = code & kFamily;
  SmallText text{family == kNetbios ? "nb/" : family == kTwo ? "2/" : "1/"};
  return text.hex(code & 0xffU);
}

}  // namespace sekimori::smb
