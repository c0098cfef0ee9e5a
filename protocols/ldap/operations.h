#pragma once

// What a directory can be asked: RFC 4511, 4.2 to 4.14, and the extended operations that matter.

#include "sekimori/dissect/dissector.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::ldap {

// RFC 4511, 4.2 to 4.13: tag numbers.
inline constexpr std::uint32_t kBind = 0;
inline constexpr std::uint32_t kBindResponse = 1;
inline constexpr std::uint32_t kUnbind = 2;
inline constexpr std::uint32_t kSearch = 3;
inline constexpr std::uint32_t kEntry = 4;
inline constexpr std::uint32_t kSearchDone = 5;
inline constexpr std::uint32_t kModify = 6;
inline constexpr std::uint32_t kModifyResponse = 7;
inline constexpr std::uint32_t kAdd = 8;
inline constexpr std::uint32_t kAddResponse = 9;
inline constexpr std::uint32_t kDelete = 10;
inline constexpr std::uint32_t kDeleteResponse = 11;
inline constexpr std::uint32_t kRename = 12;
inline constexpr std::uint32_t kRenameResponse = 13;
inline constexpr std::uint32_t kCompare = 14;
inline constexpr std::uint32_t kCompareResponse = 15;
inline constexpr std::uint32_t kAbandon = 16;
inline constexpr std::uint32_t kReference = 19;
inline constexpr std::uint32_t kExtended = 23;
inline constexpr std::uint32_t kExtendedResponse = 24;
inline constexpr std::uint32_t kIntermediate = 25;

// An extended operation that is known by name has its row above the tag's bits.
inline constexpr std::uint32_t kStartTls = 0x100 | kExtended;
inline constexpr std::uint32_t kNewPassword = 0x200 | kExtended;
inline constexpr std::uint32_t kWhoAmI = 0x300 | kExtended;
inline constexpr std::uint32_t kFastBind = 0x400 | kExtended;
struct ExtendedName {
  std::string_view oid;
  std::uint32_t code;
};
inline constexpr auto kExtendedNames = std::to_array<ExtendedName>({
    {"1.3.6.1.4.1.1466.20037", kStartTls},      // RFC 4511, 4.14.1
    {"1.3.6.1.4.1.4203.1.11.1", kNewPassword},  // RFC 3062
    {"1.3.6.1.4.1.4203.1.11.3", kWhoAmI},       // RFC 4532
    {"1.2.840.113556.1.4.1781", kFastBind},     // [MS-ADTS] 3.1.1.3.4.2.4
});

inline constexpr auto kOperations = std::to_array<Operation>({
    {kBind, "bind", Access::authenticate},
    {kUnbind, "unbind", Access::session},
    {kSearch, "search", Access::read},
    {kModify, "modify", Access::configure},
    {kAdd, "add", Access::configure},
    {kDelete, "delete", Access::configure},
    {kRename, "rename", Access::configure},
    {kCompare, "compare", Access::read},
    {kAbandon, "abandon", Access::session},
    {kExtended, "extended", Access::unknown},
    {kStartTls, "start-tls", Access::session, "23/1.3.6.1.4.1.1466.20037"},
    {kNewPassword, "new-password", Access::configure, "23/1.3.6.1.4.1.4203.1.11.1"},
    {kWhoAmI, "who-am-i", Access::read, "23/1.3.6.1.4.1.4203.1.11.3"},
    {kFastBind, "fast-bind", Access::session, "23/1.2.840.113556.1.4.1781"},
});

}  // namespace sekimori::ldap
