#pragma once

// Interfaces of DCE/RPC that are known by name, and what their operations do. Numbers of operations
// are the order of the methods in the document that stands beside the interface; DCOM's begin with
// three that IUnknown takes.

#include "sekimori/dissect/dce_rpc.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::dcerpc {

/// What the last four bytes of an interface's results are.
enum class Result : std::uint8_t {
  error,    ///< a Windows error, or error_status_t: 0 is success
  status,   ///< NTSTATUS ([MS-ERREF] 2.3)
  hresult,  ///< HRESULT ([MS-ERREF] 2.1)
};

struct Interface {
  Uuid uuid;
  std::string_view name;
  Result result = Result::error;
};

constexpr auto kInterfaces = std::to_array<Interface>({
    {{0xe1af8308, 0x5d1f, 0x11c9, 0x91a408002b14a0fa},
     "epmapper",
     Result::error},                                                            // C706, appendix O
    {{0xafa8bd80, 0x7d8a, 0x11c9, 0xbef408002b102989}, "mgmt", Result::error},  // C706, appendix Q
    {{0x367abb81, 0x9844, 0x35f1, 0xad3298f038001003}, "svcctl", Result::error},  // [MS-SCMR]
    {{0x1ff70682, 0x0a51, 0x30e8, 0x076d740be8cee98b},
     "atsvc",
     Result::error},  // [MS-TSCH] 3.2.5.2
    {{0x86d35949, 0x83c9, 0x4044, 0xb424db363231fd0c},
     "ITaskSchedulerService",
     Result::hresult},  // [MS-TSCH] 3.2.5.4
    {{0x338cd001, 0x2244, 0x31f1, 0xaaaa900038001003}, "winreg", Result::error},  // [MS-RRP]
    {{0x12345778, 0x1234, 0xabcd, 0xef000123456789ac}, "samr", Result::status},   // [MS-SAMR]
    {{0x12345778, 0x1234, 0xabcd, 0xef000123456789ab},
     "lsarpc",
     Result::status},  // [MS-LSAD], [MS-LSAT]
    {{0xe3514235, 0x4b06, 0x11d1, 0xab0400c04fc2dcd2}, "drsuapi", Result::error},    // [MS-DRSR]
    {{0x12345678, 0x1234, 0xabcd, 0xef0001234567cffb}, "netlogon", Result::status},  // [MS-NRPC]
    {{0x4b324fc8, 0x1670, 0x01d3, 0x12785a47bf6ee188}, "srvsvc", Result::error},     // [MS-SRVS]
    {{0x6bffd098, 0xa112, 0x3610, 0x983346c3f87e345a}, "wkssvc", Result::error},     // [MS-WKST]
    {{0x12345678, 0x1234, 0xabcd, 0xef000123456789ab}, "spoolss", Result::error},    // [MS-RPRN]
    {{0x76f03f96, 0xcdfd, 0x44fc, 0xa22c64950a001209},
     "IRemoteWinspool",
     Result::hresult},                                                                  // [MS-PAR]
    {{0x82273fdc, 0xe32a, 0x18c3, 0x3f78827929dc23ea}, "eventlog", Result::status},     // [MS-EVEN]
    {{0x894de0c0, 0x0d55, 0x11d3, 0xa32200c04fa321a1}, "initshutdown", Result::error},  // [MS-RSP]
    {{0x99fcfec4, 0x5260, 0x101b, 0xbbcb00aa0021347a},
     "IObjectExporter",
     Result::error},  // [MS-DCOM] 3.1.2.5.1
    {{0x4d9f4ab8, 0x7d1c, 0x11cf, 0x861e0020af6e7c57},
     "IActivation",
     Result::error},  // [MS-DCOM] 3.1.2.5.2.3.1
    {{0x000001a0, 0x0000, 0x0000, 0xc000000000000046},
     "ISystemActivator",
     Result::hresult},  // [MS-DCOM] 3.1.2.5.2.3
    {{0x00000131, 0x0000, 0x0000, 0xc000000000000046},
     "IRemUnknown",
     Result::hresult},  // [MS-DCOM] 3.1.1.5.6
    {{0x00000143, 0x0000, 0x0000, 0xc000000000000046},
     "IRemUnknown2",
     Result::hresult},  // [MS-DCOM] 3.1.1.5.7
    {{0x00020400, 0x0000, 0x0000, 0xc000000000000046},
     "IDispatch",
     Result::hresult},  // [MS-OAUT] 3.1.4
    {{0xf309ad18, 0xd86a, 0x11d0, 0xa07500c04fb68820},
     "IWbemLevel1Login",
     Result::hresult},  // [MS-WMI] 3.1.4.1
    {{0x9556dc99, 0x828c, 0x11cf, 0xa37e00aa003240c7},
     "IWbemServices",
     Result::hresult},  // [MS-WMI] 3.1.4.3
    {{0x027947e1, 0xd731, 0x11ce, 0xa357000000000001},
     "IEnumWbemClassObject",
     Result::hresult},  // [MS-WMI] 3.1.4.4
    {{0xc681d488, 0xd850, 0x11d0, 0x8c5200c04fd90f7e}, "efsrpc", Result::error},   // [MS-EFSR]
    {{0x3919286a, 0xb10c, 0x11d0, 0x9ba800c04fd92ef5}, "dssetup", Result::error},  // [MS-DSSP]
    {{0x39c13a4d, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCServer",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a4f, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCBrowseServerAddressSpace",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a50, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCGroupStateMgt",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a54, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCItemMgt",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a52, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCSyncIO",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a53, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCAsyncIO",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a71, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCAsyncIO2",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a70, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCDataCallback",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a72, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IOPCItemProperties",
     Result::hresult},  // OPC DA 2.05a
    {{0x39c13a55, 0x011e, 0x11d0, 0x96750020afd8adb3},
     "IEnumOPCItemAttributes",
     Result::hresult},  // OPC DA 2.05a
    {{0x13486d50, 0x4821, 0x11d2, 0xa4943cb306c10000},
     "IOPCServerList",
     Result::hresult},  // OPC DA 2.05a
});

// A code is an interface's place among them and the operation's number.
inline constexpr std::uint32_t kUnknown = 0xff;  // an interface that is not among them
inline constexpr std::uint32_t kMeta = 0xfe;     // the association itself: bind, alter
inline constexpr std::uint32_t kUnbound = 0xfd;  // its bind was not heard
inline constexpr std::uint32_t kBind = kMeta << 16U | 11;
inline constexpr std::uint32_t kAlter = kMeta << 16U | 14;

inline constexpr std::uint32_t kEpmapper = 0U << 16U;
inline constexpr std::uint32_t kMgmt = 1U << 16U;
inline constexpr std::uint32_t kSvcctl = 2U << 16U;
inline constexpr std::uint32_t kAtsvc = 3U << 16U;
inline constexpr std::uint32_t kTasks = 4U << 16U;
inline constexpr std::uint32_t kWinreg = 5U << 16U;
inline constexpr std::uint32_t kSamr = 6U << 16U;
inline constexpr std::uint32_t kLsarpc = 7U << 16U;
inline constexpr std::uint32_t kDrsuapi = 8U << 16U;
inline constexpr std::uint32_t kNetlogon = 9U << 16U;
inline constexpr std::uint32_t kSrvsvc = 10U << 16U;
inline constexpr std::uint32_t kWkssvc = 11U << 16U;
inline constexpr std::uint32_t kSpoolss = 12U << 16U;
inline constexpr std::uint32_t kAsyncspool = 13U << 16U;
inline constexpr std::uint32_t kEventlog = 14U << 16U;
inline constexpr std::uint32_t kShutdown = 15U << 16U;
inline constexpr std::uint32_t kExporter = 16U << 16U;
inline constexpr std::uint32_t kActivation = 17U << 16U;
inline constexpr std::uint32_t kActivator = 18U << 16U;
inline constexpr std::uint32_t kRemunk = 19U << 16U;
inline constexpr std::uint32_t kRemunk2 = 20U << 16U;
inline constexpr std::uint32_t kIdispatch = 21U << 16U;
inline constexpr std::uint32_t kWmilogin = 22U << 16U;
inline constexpr std::uint32_t kWmi = 23U << 16U;
inline constexpr std::uint32_t kWmienum = 24U << 16U;
inline constexpr std::uint32_t kEfs = 25U << 16U;
inline constexpr std::uint32_t kDssetup = 26U << 16U;

/// From here on interfaces are OPC's, whose dissector knows them by their order from this one.
inline constexpr std::uint32_t kFirstOpc = 27U << 16U;

inline constexpr auto kOperations = std::to_array<Operation>({
    {kBind, "bind", Access::session},
    {kAlter, "alter-context", Access::session},
    {kEpmapper | 0, "insert", Access::configure},
    {kEpmapper | 1, "delete", Access::configure},
    {kEpmapper | 2, "lookup", Access::discover},
    {kEpmapper | 3, "map", Access::discover},
    {kEpmapper | 4, "free-handle", Access::session},
    {kEpmapper | 5, "inquire-object", Access::discover},
    {kEpmapper | 6, "manage-delete", Access::configure},
    {kMgmt | 0, "inquire-interfaces", Access::discover},
    {kMgmt | 1, "inquire-statistics", Access::diagnose},
    {kMgmt | 2, "is-listening", Access::discover},
    {kMgmt | 3, "stop-listening", Access::control},
    {kMgmt | 4, "inquire-name", Access::discover},
    {kSvcctl | 0, "close-handle", Access::session},
    {kSvcctl | 1, "control-service", Access::control},
    {kSvcctl | 2, "delete-service", Access::control},
    {kSvcctl | 3, "lock-database", Access::configure},
    {kSvcctl | 4, "query-security", Access::read},
    {kSvcctl | 5, "set-security", Access::configure},
    {kSvcctl | 6, "query-status", Access::read},
    {kSvcctl | 7, "set-status", Access::control},
    {kSvcctl | 8, "unlock-database", Access::configure},
    {kSvcctl | 11, "change-config", Access::configure},
    {kSvcctl | 12, "create-service", Access::control},
    {kSvcctl | 13, "list-dependents", Access::read},
    {kSvcctl | 14, "list-services", Access::read},
    {kSvcctl | 15, "open-manager", Access::session},
    {kSvcctl | 16, "open-service", Access::session},
    {kSvcctl | 17, "query-config", Access::read},
    {kSvcctl | 18, "query-lock", Access::read},
    {kSvcctl | 19, "start-service", Access::control},
    {kSvcctl | 20, "get-display-name", Access::read},
    {kSvcctl | 21, "get-key-name", Access::read},
    {kSvcctl | 23, "change-config", Access::configure},
    {kSvcctl | 24, "create-service", Access::control},
    {kSvcctl | 25, "list-dependents", Access::read},
    {kSvcctl | 26, "list-services", Access::read},
    {kSvcctl | 27, "open-manager", Access::session},
    {kSvcctl | 28, "open-service", Access::session},
    {kSvcctl | 29, "query-config", Access::read},
    {kSvcctl | 30, "query-lock", Access::read},
    {kSvcctl | 31, "start-service", Access::control},
    {kSvcctl | 32, "get-display-name", Access::read},
    {kSvcctl | 33, "get-key-name", Access::read},
    {kSvcctl | 35, "list-group", Access::read},
    {kSvcctl | 36, "change-config-2", Access::configure},
    {kSvcctl | 37, "change-config-2", Access::configure},
    {kSvcctl | 38, "query-config-2", Access::read},
    {kSvcctl | 39, "query-config-2", Access::read},
    {kSvcctl | 40, "query-status-ex", Access::read},
    {kSvcctl | 41, "list-services-ex", Access::read},
    {kSvcctl | 42, "list-services-ex", Access::read},
    {kSvcctl | 44, "create-service-wow64", Access::control},
    {kSvcctl | 45, "create-service-wow64", Access::control},
    {kAtsvc | 0, "add-job", Access::control},
    {kAtsvc | 1, "delete-job", Access::control},
    {kAtsvc | 2, "list-jobs", Access::read},
    {kAtsvc | 3, "get-job", Access::read},
    {kTasks | 0, "highest-version", Access::session},
    {kTasks | 1, "register-task", Access::control},
    {kTasks | 2, "retrieve-task", Access::read},
    {kTasks | 3, "create-folder", Access::configure},
    {kTasks | 4, "set-security", Access::configure},
    {kTasks | 5, "get-security", Access::read},
    {kTasks | 6, "list-folders", Access::read},
    {kTasks | 7, "list-tasks", Access::read},
    {kTasks | 8, "list-instances", Access::read},
    {kTasks | 9, "get-instance", Access::read},
    {kTasks | 10, "stop-instance", Access::control},
    {kTasks | 11, "stop", Access::control},
    {kTasks | 12, "run", Access::control},
    {kTasks | 13, "delete", Access::control},
    {kTasks | 14, "rename", Access::configure},
    {kTasks | 15, "scheduled-runtimes", Access::read},
    {kTasks | 16, "last-run", Access::read},
    {kTasks | 17, "get-task", Access::read},
    {kTasks | 18, "missed-runs", Access::read},
    {kTasks | 19, "enable-task", Access::control},
    {kWinreg | 0, "open-classes-root", Access::session},
    {kWinreg | 1, "open-current-user", Access::session},
    {kWinreg | 2, "open-local-machine", Access::session},
    {kWinreg | 3, "open-performance-data", Access::session},
    {kWinreg | 4, "open-users", Access::session},
    {kWinreg | 5, "close-key", Access::session},
    {kWinreg | 6, "create-key", Access::configure},
    {kWinreg | 7, "delete-key", Access::configure},
    {kWinreg | 8, "delete-value", Access::configure},
    {kWinreg | 9, "list-keys", Access::read},
    {kWinreg | 10, "list-values", Access::read},
    {kWinreg | 11, "flush-key", Access::session},
    {kWinreg | 12, "get-security", Access::read},
    {kWinreg | 13, "load-key", Access::configure},
    {kWinreg | 15, "open-key", Access::session},
    {kWinreg | 16, "query-key", Access::read},
    {kWinreg | 17, "query-value", Access::read},
    {kWinreg | 18, "replace-key", Access::configure},
    {kWinreg | 19, "restore-key", Access::configure},
    {kWinreg | 20, "save-key", Access::upload},
    {kWinreg | 21, "set-security", Access::configure},
    {kWinreg | 22, "set-value", Access::configure},
    {kWinreg | 23, "unload-key", Access::configure},
    {kWinreg | 24, "shut-down", Access::control},
    {kWinreg | 25, "abort-shut-down", Access::control},
    {kWinreg | 26, "get-version", Access::discover},
    {kWinreg | 27, "open-current-config", Access::session},
    {kWinreg | 29, "query-values", Access::read},
    {kWinreg | 30, "shut-down", Access::control},
    {kWinreg | 31, "save-key", Access::upload},
    {kWinreg | 32, "open-performance-text", Access::session},
    {kWinreg | 33, "open-performance-nls-text", Access::session},
    {kWinreg | 34, "query-values", Access::read},
    {kWinreg | 35, "delete-key", Access::configure},
    {kSamr | 0, "connect", Access::session},
    {kSamr | 1, "close", Access::session},
    {kSamr | 2, "set-security", Access::configure},
    {kSamr | 3, "query-security", Access::read},
    {kSamr | 5, "lookup-domain", Access::read},
    {kSamr | 6, "list-domains", Access::read},
    {kSamr | 7, "open-domain", Access::session},
    {kSamr | 8, "query-domain", Access::read},
    {kSamr | 9, "set-domain", Access::configure},
    {kSamr | 10, "create-group", Access::configure},
    {kSamr | 11, "list-groups", Access::read},
    {kSamr | 12, "create-user", Access::configure},
    {kSamr | 13, "list-users", Access::read},
    {kSamr | 14, "create-alias", Access::configure},
    {kSamr | 15, "list-aliases", Access::read},
    {kSamr | 16, "get-alias-membership", Access::read},
    {kSamr | 17, "lookup-names", Access::read},
    {kSamr | 18, "lookup-ids", Access::read},
    {kSamr | 19, "open-group", Access::session},
    {kSamr | 20, "query-group", Access::read},
    {kSamr | 21, "set-group", Access::configure},
    {kSamr | 22, "add-group-member", Access::configure},
    {kSamr | 23, "delete-group", Access::configure},
    {kSamr | 24, "remove-group-member", Access::configure},
    {kSamr | 25, "list-group-members", Access::read},
    {kSamr | 26, "set-member-attributes", Access::configure},
    {kSamr | 27, "open-alias", Access::session},
    {kSamr | 28, "query-alias", Access::read},
    {kSamr | 29, "set-alias", Access::configure},
    {kSamr | 30, "delete-alias", Access::configure},
    {kSamr | 31, "add-alias-member", Access::configure},
    {kSamr | 32, "remove-alias-member", Access::configure},
    {kSamr | 33, "list-alias-members", Access::read},
    {kSamr | 34, "open-user", Access::session},
    {kSamr | 35, "delete-user", Access::configure},
    {kSamr | 36, "query-user", Access::read},
    {kSamr | 37, "set-user", Access::configure},
    {kSamr | 38, "change-password", Access::configure},
    {kSamr | 39, "get-groups-of-user", Access::read},
    {kSamr | 40, "query-display", Access::read},
    {kSamr | 44, "get-password-rules", Access::read},
    {kSamr | 45, "remove-foreign-member", Access::configure},
    {kSamr | 46, "query-domain", Access::read},
    {kSamr | 47, "query-user", Access::read},
    {kSamr | 48, "query-display", Access::read},
    {kSamr | 50, "create-user", Access::configure},
    {kSamr | 51, "query-display", Access::read},
    {kSamr | 52, "add-alias-members", Access::configure},
    {kSamr | 53, "remove-alias-members", Access::configure},
    {kSamr | 54, "change-password-oem", Access::configure},
    {kSamr | 55, "change-password", Access::configure},
    {kSamr | 56, "get-domain-password-rules", Access::read},
    {kSamr | 57, "connect", Access::session},
    {kSamr | 58, "set-user", Access::configure},
    {kSamr | 62, "connect", Access::session},
    {kSamr | 63, "change-password", Access::configure},
    {kSamr | 64, "connect", Access::session},
    {kSamr | 65, "id-to-sid", Access::read},
    {kSamr | 66, "set-restore-password", Access::configure},
    {kSamr | 67, "validate-password", Access::read},
    {kLsarpc | 0, "close", Access::session},
    {kLsarpc | 2, "list-privileges", Access::read},
    {kLsarpc | 3, "query-security", Access::read},
    {kLsarpc | 4, "set-security", Access::configure},
    {kLsarpc | 6, "open-policy", Access::session},
    {kLsarpc | 7, "query-policy", Access::read},
    {kLsarpc | 8, "set-policy", Access::configure},
    {kLsarpc | 10, "create-account", Access::configure},
    {kLsarpc | 11, "list-accounts", Access::read},
    {kLsarpc | 12, "create-trusted-domain", Access::configure},
    {kLsarpc | 13, "list-trusted-domains", Access::read},
    {kLsarpc | 14, "lookup-names", Access::read},
    {kLsarpc | 15, "lookup-sids", Access::read},
    {kLsarpc | 16, "create-secret", Access::configure},
    {kLsarpc | 17, "open-account", Access::session},
    {kLsarpc | 18, "list-account-privileges", Access::read},
    {kLsarpc | 19, "add-privileges", Access::configure},
    {kLsarpc | 20, "remove-privileges", Access::configure},
    {kLsarpc | 23, "get-system-access", Access::read},
    {kLsarpc | 24, "set-system-access", Access::configure},
    {kLsarpc | 25, "open-trusted-domain", Access::session},
    {kLsarpc | 26, "query-trusted-domain", Access::read},
    {kLsarpc | 27, "set-trusted-domain", Access::configure},
    {kLsarpc | 28, "open-secret", Access::session},
    {kLsarpc | 29, "set-secret", Access::configure},
    {kLsarpc | 30, "query-secret", Access::upload},
    {kLsarpc | 31, "lookup-privilege", Access::read},
    {kLsarpc | 32, "lookup-privilege-name", Access::read},
    {kLsarpc | 33, "lookup-privilege-display", Access::read},
    {kLsarpc | 34, "delete-object", Access::configure},
    {kLsarpc | 35, "list-accounts-with-right", Access::read},
    {kLsarpc | 36, "list-account-rights", Access::read},
    {kLsarpc | 37, "add-account-rights", Access::configure},
    {kLsarpc | 38, "remove-account-rights", Access::configure},
    {kLsarpc | 42, "store-private-data", Access::configure},
    {kLsarpc | 43, "retrieve-private-data", Access::upload},
    {kLsarpc | 44, "open-policy", Access::session},
    {kLsarpc | 45, "get-user-name", Access::read},
    {kLsarpc | 46, "query-policy", Access::read},
    {kLsarpc | 47, "set-policy", Access::configure},
    {kLsarpc | 50, "list-trusted-domains", Access::read},
    {kLsarpc | 51, "create-trusted-domain", Access::configure},
    {kLsarpc | 53, "query-domain-policy", Access::read},
    {kLsarpc | 54, "set-domain-policy", Access::configure},
    {kLsarpc | 57, "lookup-sids", Access::read},
    {kLsarpc | 58, "lookup-names", Access::read},
    {kLsarpc | 59, "create-trusted-domain", Access::configure},
    {kLsarpc | 68, "lookup-names", Access::read},
    {kLsarpc | 73, "query-forest-trust", Access::read},
    {kLsarpc | 74, "set-forest-trust", Access::configure},
    {kLsarpc | 76, "lookup-sids", Access::read},
    {kLsarpc | 77, "lookup-names", Access::read},
    {kDrsuapi | 0, "bind", Access::session},
    {kDrsuapi | 1, "unbind", Access::session},
    {kDrsuapi | 2, "replica-sync", Access::control},
    {kDrsuapi | 3, "get-changes", Access::upload},
    {kDrsuapi | 4, "update-references", Access::configure},
    {kDrsuapi | 5, "replica-add", Access::configure},
    {kDrsuapi | 6, "replica-delete", Access::configure},
    {kDrsuapi | 7, "replica-modify", Access::configure},
    {kDrsuapi | 8, "verify-names", Access::read},
    {kDrsuapi | 9, "get-memberships", Access::read},
    {kDrsuapi | 12, "crack-names", Access::read},
    {kDrsuapi | 13, "write-account-names", Access::configure},
    {kDrsuapi | 14, "remove-server", Access::configure},
    {kDrsuapi | 15, "remove-domain", Access::configure},
    {kDrsuapi | 16, "domain-controller-info", Access::read},
    {kDrsuapi | 17, "add-entry", Access::configure},
    {kDrsuapi | 18, "execute-check", Access::control},
    {kDrsuapi | 19, "replica-info", Access::read},
    {kDrsuapi | 20, "add-sid-history", Access::configure},
    {kNetlogon | 0, "logon", Access::authenticate},
    {kNetlogon | 1, "logoff", Access::authenticate},
    {kNetlogon | 2, "logon-network", Access::authenticate},
    {kNetlogon | 3, "logoff-network", Access::authenticate},
    {kNetlogon | 4, "challenge", Access::authenticate},
    {kNetlogon | 5, "authenticate", Access::authenticate},
    {kNetlogon | 6, "set-password", Access::configure},
    {kNetlogon | 7, "database-deltas", Access::upload},
    {kNetlogon | 8, "database-sync", Access::upload},
    {kNetlogon | 11, "get-dc-name", Access::discover},
    {kNetlogon | 12, "control", Access::control},
    {kNetlogon | 13, "get-any-dc-name", Access::discover},
    {kNetlogon | 14, "control", Access::control},
    {kNetlogon | 15, "authenticate", Access::authenticate},
    {kNetlogon | 16, "database-sync", Access::upload},
    {kNetlogon | 18, "control", Access::control},
    {kNetlogon | 19, "list-trusted-domains", Access::read},
    {kNetlogon | 20, "get-dc-name", Access::discover},
    {kNetlogon | 21, "capabilities", Access::session},
    {kNetlogon | 26, "authenticate", Access::authenticate},
    {kNetlogon | 27, "get-dc-name", Access::discover},
    {kNetlogon | 28, "get-site-name", Access::discover},
    {kNetlogon | 29, "get-domain-info", Access::read},
    {kNetlogon | 30, "set-password", Access::configure},
    {kNetlogon | 31, "get-password", Access::upload},
    {kNetlogon | 34, "get-dc-name", Access::discover},
    {kNetlogon | 36, "list-trusted-domains", Access::read},
    {kNetlogon | 39, "logon-network", Access::authenticate},
    {kNetlogon | 40, "list-domain-trusts", Access::read},
    {kNetlogon | 42, "get-trust-passwords", Access::upload},
    {kNetlogon | 45, "logon-network", Access::authenticate},
    {kNetlogon | 46, "get-trust-info", Access::upload},
    {kSrvsvc | 8, "list-connections", Access::read},
    {kSrvsvc | 9, "list-files", Access::read},
    {kSrvsvc | 10, "get-file", Access::read},
    {kSrvsvc | 11, "close-file", Access::control},
    {kSrvsvc | 12, "list-sessions", Access::read},
    {kSrvsvc | 13, "end-session", Access::control},
    {kSrvsvc | 14, "add-share", Access::configure},
    {kSrvsvc | 15, "list-shares", Access::read},
    {kSrvsvc | 16, "get-share", Access::read},
    {kSrvsvc | 17, "set-share", Access::configure},
    {kSrvsvc | 18, "delete-share", Access::configure},
    {kSrvsvc | 19, "delete-share", Access::configure},
    {kSrvsvc | 20, "check-share", Access::read},
    {kSrvsvc | 21, "get-server", Access::read},
    {kSrvsvc | 22, "set-server", Access::configure},
    {kSrvsvc | 23, "list-disks", Access::read},
    {kSrvsvc | 24, "get-statistics", Access::diagnose},
    {kSrvsvc | 25, "add-transport", Access::configure},
    {kSrvsvc | 26, "list-transports", Access::read},
    {kSrvsvc | 27, "delete-transport", Access::configure},
    {kSrvsvc | 28, "get-time", Access::read},
    {kSrvsvc | 30, "path-type", Access::read},
    {kSrvsvc | 31, "canonicalise-path", Access::read},
    {kSrvsvc | 32, "compare-paths", Access::read},
    {kSrvsvc | 33, "validate-name", Access::read},
    {kSrvsvc | 34, "canonicalise-name", Access::read},
    {kSrvsvc | 35, "compare-names", Access::read},
    {kSrvsvc | 36, "list-shares", Access::read},
    {kSrvsvc | 37, "delete-share", Access::configure},
    {kSrvsvc | 38, "delete-share", Access::configure},
    {kSrvsvc | 39, "get-file-security", Access::read},
    {kSrvsvc | 40, "set-file-security", Access::configure},
    {kWkssvc | 0, "get-workstation", Access::read},
    {kWkssvc | 1, "set-workstation", Access::configure},
    {kWkssvc | 2, "list-users", Access::read},
    {kWkssvc | 5, "list-transports", Access::read},
    {kWkssvc | 6, "add-transport", Access::configure},
    {kWkssvc | 7, "delete-transport", Access::configure},
    {kWkssvc | 8, "add-use", Access::configure},
    {kWkssvc | 9, "get-use", Access::read},
    {kWkssvc | 10, "delete-use", Access::configure},
    {kWkssvc | 11, "list-uses", Access::read},
    {kWkssvc | 13, "get-statistics", Access::diagnose},
    {kWkssvc | 20, "get-join", Access::read},
    {kWkssvc | 22, "join-domain", Access::configure},
    {kWkssvc | 23, "leave-domain", Access::configure},
    {kWkssvc | 24, "rename-machine", Access::configure},
    {kWkssvc | 25, "validate-name", Access::read},
    {kWkssvc | 26, "list-units", Access::read},
    {kWkssvc | 27, "add-name", Access::configure},
    {kWkssvc | 28, "remove-name", Access::configure},
    {kWkssvc | 29, "set-name", Access::configure},
    {kWkssvc | 30, "list-names", Access::read},
    {kSpoolss | 0, "list-printers", Access::read},
    {kSpoolss | 1, "open-printer", Access::session},
    {kSpoolss | 2, "set-job", Access::control},
    {kSpoolss | 3, "get-job", Access::read},
    {kSpoolss | 4, "list-jobs", Access::read},
    {kSpoolss | 5, "add-printer", Access::configure},
    {kSpoolss | 6, "delete-printer", Access::configure},
    {kSpoolss | 7, "set-printer", Access::configure},
    {kSpoolss | 8, "get-printer", Access::read},
    {kSpoolss | 9, "add-driver", Access::configure},
    {kSpoolss | 10, "list-drivers", Access::read},
    {kSpoolss | 11, "get-driver", Access::read},
    {kSpoolss | 12, "get-driver-directory", Access::read},
    {kSpoolss | 13, "delete-driver", Access::configure},
    {kSpoolss | 14, "add-processor", Access::configure},
    {kSpoolss | 17, "start-document", Access::session},
    {kSpoolss | 18, "start-page", Access::session},
    {kSpoolss | 19, "write-printer", Access::write},
    {kSpoolss | 20, "end-page", Access::session},
    {kSpoolss | 21, "abort-printer", Access::control},
    {kSpoolss | 22, "read-printer", Access::read},
    {kSpoolss | 23, "end-document", Access::session},
    {kSpoolss | 24, "add-job", Access::write},
    {kSpoolss | 25, "schedule-job", Access::write},
    {kSpoolss | 26, "get-data", Access::read},
    {kSpoolss | 27, "set-data", Access::configure},
    {kSpoolss | 29, "close-printer", Access::session},
    {kSpoolss | 35, "list-ports", Access::read},
    {kSpoolss | 36, "list-monitors", Access::read},
    {kSpoolss | 46, "add-monitor", Access::configure},
    {kSpoolss | 47, "delete-monitor", Access::configure},
    {kSpoolss | 53, "get-driver", Access::read},
    {kSpoolss | 65, "notify-changes", Access::session},
    {kSpoolss | 69, "open-printer", Access::session},
    {kSpoolss | 70, "add-printer", Access::configure},
    {kSpoolss | 77, "set-data", Access::configure},
    {kSpoolss | 78, "get-data", Access::read},
    {kSpoolss | 89, "add-driver", Access::configure},
    {kAsyncspool | 0, "open-printer", Access::session},
    {kAsyncspool | 1, "add-printer", Access::configure},
    {kAsyncspool | 2, "set-job", Access::control},
    {kAsyncspool | 3, "get-job", Access::read},
    {kAsyncspool | 4, "list-jobs", Access::read},
    {kAsyncspool | 7, "delete-printer", Access::configure},
    {kAsyncspool | 8, "set-printer", Access::configure},
    {kAsyncspool | 9, "get-printer", Access::read},
    {kAsyncspool | 10, "start-document", Access::session},
    {kAsyncspool | 11, "start-page", Access::session},
    {kAsyncspool | 12, "write-printer", Access::write},
    {kAsyncspool | 13, "end-page", Access::session},
    {kAsyncspool | 14, "end-document", Access::session},
    {kAsyncspool | 15, "abort-printer", Access::control},
    {kAsyncspool | 16, "get-data", Access::read},
    {kAsyncspool | 17, "get-data", Access::read},
    {kAsyncspool | 18, "set-data", Access::configure},
    {kAsyncspool | 19, "set-data", Access::configure},
    {kAsyncspool | 20, "close-printer", Access::session},
    {kAsyncspool | 26, "get-driver", Access::read},
    {kAsyncspool | 38, "list-printers", Access::read},
    {kAsyncspool | 39, "add-driver", Access::configure},
    {kAsyncspool | 40, "list-drivers", Access::read},
    {kAsyncspool | 54, "list-datatypes", Access::read},
    {kEventlog | 0, "clear", Access::configure},
    {kEventlog | 1, "back-up", Access::upload},
    {kEventlog | 2, "close", Access::session},
    {kEventlog | 3, "deregister", Access::session},
    {kEventlog | 4, "count", Access::read},
    {kEventlog | 5, "oldest", Access::read},
    {kEventlog | 6, "notify", Access::session},
    {kEventlog | 7, "open", Access::session},
    {kEventlog | 8, "register", Access::session},
    {kEventlog | 9, "open-back-up", Access::session},
    {kEventlog | 10, "read", Access::read},
    {kEventlog | 11, "report", Access::report},
    {kEventlog | 12, "clear", Access::configure},
    {kEventlog | 13, "back-up", Access::upload},
    {kEventlog | 14, "open", Access::session},
    {kEventlog | 15, "register", Access::session},
    {kEventlog | 17, "read", Access::read},
    {kEventlog | 18, "report", Access::report},
    {kEventlog | 22, "get-information", Access::read},
    {kEventlog | 23, "flush", Access::session},
    {kShutdown | 0, "shut-down", Access::control},
    {kShutdown | 1, "abort-shut-down", Access::control},
    {kShutdown | 2, "shut-down", Access::control},
    {kExporter | 0, "resolve", Access::discover},
    {kExporter | 1, "simple-ping", Access::session},
    {kExporter | 2, "complex-ping", Access::session},
    {kExporter | 3, "server-alive", Access::discover},
    {kExporter | 4, "resolve", Access::discover},
    {kExporter | 5, "server-alive", Access::discover},
    {kActivation | 0, "activate", Access::control},
    {kActivator | 3, "get-class-object", Access::control},
    {kActivator | 4, "create-instance", Access::control},
    {kRemunk | 3, "query-interface", Access::session},
    {kRemunk | 4, "add-reference", Access::session},
    {kRemunk | 5, "release", Access::session},
    {kRemunk2 | 3, "query-interface", Access::session},
    {kRemunk2 | 4, "add-reference", Access::session},
    {kRemunk2 | 5, "release", Access::session},
    {kRemunk2 | 6, "query-interface", Access::session},
    {kIdispatch | 3, "count-types", Access::read},
    {kIdispatch | 4, "get-type", Access::read},
    {kIdispatch | 5, "get-names", Access::read},
    {kIdispatch | 6, "invoke", Access::control},
    {kWmilogin | 3, "establish-position", Access::session},
    {kWmilogin | 4, "request-challenge", Access::authenticate},
    {kWmilogin | 5, "login", Access::authenticate},
    {kWmilogin | 6, "login", Access::authenticate},
    {kWmi | 3, "open-namespace", Access::session},
    {kWmi | 4, "cancel", Access::session},
    {kWmi | 5, "query-sink", Access::session},
    {kWmi | 6, "get-object", Access::read},
    {kWmi | 7, "get-object", Access::read},
    {kWmi | 8, "put-class", Access::configure},
    {kWmi | 9, "put-class", Access::configure},
    {kWmi | 10, "delete-class", Access::configure},
    {kWmi | 11, "delete-class", Access::configure},
    {kWmi | 12, "list-classes", Access::read},
    {kWmi | 13, "list-classes", Access::read},
    {kWmi | 14, "put-instance", Access::configure},
    {kWmi | 15, "put-instance", Access::configure},
    {kWmi | 16, "delete-instance", Access::configure},
    {kWmi | 17, "delete-instance", Access::configure},
    {kWmi | 18, "list-instances", Access::read},
    {kWmi | 19, "list-instances", Access::read},
    {kWmi | 20, "query", Access::read},
    {kWmi | 21, "query", Access::read},
    {kWmi | 22, "watch", Access::read},
    {kWmi | 23, "watch", Access::read},
    {kWmi | 24, "run-method", Access::control},
    {kWmi | 25, "run-method", Access::control},
    {kWmienum | 3, "reset", Access::session},
    {kWmienum | 4, "next", Access::read},
    {kWmienum | 5, "next", Access::read},
    {kWmienum | 6, "clone", Access::session},
    {kWmienum | 7, "skip", Access::session},
    {kEfs | 0, "open-file", Access::file},
    {kEfs | 1, "read-file", Access::file},
    {kEfs | 2, "write-file", Access::file},
    {kEfs | 3, "close", Access::session},
    {kEfs | 4, "encrypt-file", Access::file},
    {kEfs | 5, "decrypt-file", Access::file},
    {kDssetup | 0, "get-role", Access::read},
});

/// The place of an interface among kInterfaces; kUnknown where it is none of them.
[[nodiscard]] constexpr std::uint32_t place_of(const Uuid& uuid) noexcept {
  const auto* const row = std::ranges::find(kInterfaces, uuid, &Interface::uuid);
  return row != kInterfaces.end() ? static_cast<std::uint32_t>(row - kInterfaces.begin())
                                  : kUnknown;
}

/// `svcctl/12`; `?/12` where the interface has no name or its bind was not heard.
inline SmallText notate(std::uint32_t code) {
  const auto place = code >> 16U;
  const auto number = code & 0xffffU;
  if (place == kMeta) return SmallText{number == 11 ? "bind" : "alter"};
  SmallText text{place < kInterfaces.size() ? kInterfaces[place].name : "?"};
  return text.add('/').decimal(number);
}

/// Where a request's arguments give a name: behind a handle of 20 bytes, or behind a pointer.
enum class NameAt : std::uint8_t { nowhere, behind_handle, behind_pointer };

[[nodiscard]] constexpr NameAt name_at(std::uint32_t code) noexcept {
  switch (code) {
    case kSvcctl | 12:  // [MS-SCMR] 3.1.4.12 and 3.1.4.16
    case kSvcctl | 16:
    case kSvcctl | 44:
    case kSvcctl | 45:
      return NameAt::behind_handle;
    case kTasks | 1:  // [MS-TSCH] 3.2.5.4.2
      return NameAt::behind_pointer;
    default:
      return NameAt::nowhere;
  }
}

}  // namespace sekimori::dcerpc
