// OPC Data Access 2.05a (OPC Foundation, Custom Interface), carried by DCE/RPC as DCOM: [MS-DCOM]
// 2.2.13 for what stands before the arguments. Codes are interface and method: `IOPCSyncIO/4`. The
// reason of a rejection is the HRESULT, or the status of a fault.

#include "sekimori/dissect/dce_rpc.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

// In the order in which DCE/RPC hands them over.
constexpr auto kInterfaces = std::to_array<std::string_view>(
    {"IOPCServer", "IOPCBrowseServerAddressSpace", "IOPCGroupStateMgt", "IOPCItemMgt", "IOPCSyncIO",
     "IOPCAsyncIO", "IOPCAsyncIO2", "IOPCDataCallback", "IOPCItemProperties",
     "IEnumOPCItemAttributes", "IOPCServerList"});

constexpr std::uint32_t kServer = 0U << 16U;
constexpr std::uint32_t kBrowse = 1U << 16U;
constexpr std::uint32_t kGroup = 2U << 16U;
constexpr std::uint32_t kItems = 3U << 16U;
constexpr std::uint32_t kSync = 4U << 16U;
constexpr std::uint32_t kAsync = 5U << 16U;
constexpr std::uint32_t kAsync2 = 6U << 16U;
constexpr std::uint32_t kCallback = 7U << 16U;
constexpr std::uint32_t kProperties = 8U << 16U;
constexpr std::uint32_t kAttributes = 9U << 16U;
constexpr std::uint32_t kList = 10U << 16U;
constexpr std::uint32_t kGetStatus = kServer | 6;

// 4.2 to 4.6 and OPC Common 1.10; the first three methods of each are IUnknown's.
constexpr auto kOperations = std::to_array<Operation>({
    {kServer | 3, "add-group", Access::session},
    {kServer | 4, "get-error-string", Access::read},
    {kServer | 5, "get-group", Access::session},
    {kGetStatus, "get-status", Access::discover},
    {kServer | 7, "remove-group", Access::session},
    {kServer | 8, "list-groups", Access::read},
    {kBrowse | 3, "query-organization", Access::discover},
    {kBrowse | 4, "change-position", Access::discover},
    {kBrowse | 5, "browse-items", Access::discover},
    {kBrowse | 6, "get-item-id", Access::discover},
    {kBrowse | 7, "browse-access-paths", Access::discover},
    {kGroup | 3, "get-state", Access::read},
    {kGroup | 4, "set-state", Access::session},
    {kGroup | 5, "set-name", Access::session},
    {kGroup | 6, "clone-group", Access::session},
    {kItems | 3, "add-items", Access::session},
    {kItems | 4, "validate-items", Access::read},
    {kItems | 5, "remove-items", Access::session},
    {kItems | 6, "set-active", Access::session},
    {kItems | 7, "set-client-handles", Access::session},
    {kItems | 8, "set-datatypes", Access::session},
    {kItems | 9, "list-items", Access::read},
    {kSync | 3, "read", Access::read},
    {kSync | 4, "write", Access::write},
    {kAsync | 3, "read", Access::read},
    {kAsync | 4, "write", Access::write},
    {kAsync | 5, "refresh", Access::read},
    {kAsync | 6, "cancel", Access::session},
    {kAsync2 | 3, "read", Access::read},
    {kAsync2 | 4, "write", Access::write},
    {kAsync2 | 5, "refresh", Access::read},
    {kAsync2 | 6, "cancel", Access::session},
    {kAsync2 | 7, "set-enable", Access::session},
    {kAsync2 | 8, "get-enable", Access::read},
    {kCallback | 3, "data-change", Access::report},
    {kCallback | 4, "read-complete", Access::report},
    {kCallback | 5, "write-complete", Access::report},
    {kCallback | 6, "cancel-complete", Access::report},
    {kProperties | 3, "query-properties", Access::read},
    {kProperties | 4, "get-properties", Access::read},
    {kProperties | 5, "lookup-items", Access::read},
    {kAttributes | 3, "next", Access::read},
    {kAttributes | 4, "skip", Access::session},
    {kAttributes | 5, "reset", Access::session},
    {kAttributes | 6, "clone", Access::session},
    {kList | 3, "list-classes", Access::discover},
    {kList | 4, "get-class", Access::discover},
    {kList | 5, "class-of-name", Access::discover},
});

constexpr std::uint64_t kKeyed = std::uint64_t{1} << 63U;

/// OPCSERVERSTATUS (4.4.2.6) behind ORPCTHAT and its own pointer, and behind it the text.
void say_status(Bytes stub, Observer& out) {
  ByteCursor cursor{stub};
  cursor.skip(4);                  // flags
  if (cursor.le32() != 0) return;  // extensions follow, which are seldom met
  if (cursor.le32() == 0) return;  // no status
  cursor.skip(24);                 // three times
  cursor.skip(4 + 4 + 4);          // state, groups, bandwidth
  const auto major = cursor.le16();
  const auto minor = cursor.le16();
  const auto build = cursor.le16();
  cursor.skip(2);
  if (cursor.le32() == 0) return;  // no text
  cursor.skip(8);                  // room, offset
  constexpr std::uint32_t kMost = 256;
  const auto letters = cursor.le32();
  if (letters < 2 || letters > kMost) return;
  const auto text = cursor.take(2 * (std::size_t{letters} - 1));
  if (!cursor.ok()) return;
  SmallText software;
  software.utf16le(text).add(' ').decimal(major).add('.').decimal(minor).add('.').decimal(build);
  out.property({}, Property::software, software.bytes(), Confidence::stated);
}

void response(const DcePdu& pdu, ByteCursor& message, Observer& out) {
  if (!pdu.is_last()) return;
  if (!pdu.whole || pdu.stub.size() < 4) return message.skip(SIZE_MAX);
  std::uint32_t result = 0;
  if (!pdu.is_sealed()) {
    ByteCursor end{pdu.stub.last(4)};
    result = pdu.u32(end);
  }
  const bool refused = result >> 31U == 1;  // [MS-ERREF] 2.1
  const auto code = out.reply(kKeyed | pdu.call, refused ? Outcome::rejected : Outcome::executed,
                              refused ? result : 0);
  const bool readable = pdu.is_first() && !pdu.is_sealed() && !pdu.big_endian;
  if (code == kGetStatus && readable && !refused) say_status(pdu.stub, out);
}

void dissect(ByteCursor& message, const Context& context, Observer& out) {
  const auto pdu = take_dce_pdu(message);
  if (!message.ok()) return;
  if (pdu.type == DcePdu::request) {
    const auto place =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(context.seat, kInterfaces.size() - 1));
    const auto code = place << 16U | pdu.opnum;
    if (pdu.is_first()) out.request(code, {}, kKeyed | pdu.call, code);
  } else if (pdu.type == DcePdu::fault) {
    out.reply(kKeyed | pdu.call, Outcome::rejected, pdu.status);
  } else {
    response(pdu, message, out);
  }
  if (message.ok()) message.skip(message.remaining());
}

SmallText notate(std::uint32_t code) {
  const auto place = std::min<std::size_t>(code >> 16U, kInterfaces.size() - 1);
  return SmallText{kInterfaces[place]}.add('/').decimal(code & 0xffffU);
}

const Registration registration{{
    .name = "opcda",
    .title = "OPC DA",
    .operations = kOperations,
    .dissect = dissect,
    .notate = notate,
}};

}  // namespace
}  // namespace sekimori
