// DCE/RPC over TCP (C706, 12.6): the endpoint mapper is asked for the service manager; a service is
// made there, and refused a second time. And DCOM with OPC DA on it: a group is read and written.

#include "captures.h"
#include "wire.h"

namespace sekimori::captures {
namespace {

Payload pdu(unsigned type, std::uint32_t call, const Payload& body) {
  return joined({hex("05 00"), u8(type), hex("03 10000000"), le16(16 + body.size()), le16(0),
                 le32(call), body});
}

const Payload kNdr = hex("045d888aeb1cc9119fe808002b104860 02000000");

Payload offer(unsigned type, std::uint32_t call, const Payload& interface, unsigned number = 0) {
  return pdu(
      type, call,
      joined({hex("b810 b810 00000000 01 000000"), le16(number), hex("01 00"), interface, kNdr}));
}
Payload accepted(unsigned type, std::uint32_t call) {
  return pdu(type, call,
             joined({hex("b810 b810 3b4d0000 0400"), text("135"), zeros(3),
                     hex("01 000000 0000 0000"), kNdr}));
}
Payload request(std::uint32_t call, unsigned operation, const Payload& arguments,
                unsigned number = 0) {
  return pdu(0, call, joined({le32(arguments.size()), le16(number), le16(operation), arguments}));
}
Payload response(std::uint32_t call, const Payload& results, unsigned number = 0) {
  return pdu(2, call, joined({le32(results.size()), le16(number), le16(0), results}));
}

/// A text with its three counts (14.3.4.2), to a multiple of four.
Payload counted_text(std::string_view words) {
  const auto count = words.size() + 1;
  return joined(
      {le32(count), le32(0), le32(count), utf16(words), zeros(2), zeros(count % 2 == 0 ? 0 : 2)});
}

void dcerpc_services(Plant& p) {
  const auto svcctl = hex("81bb7a364498f135ad3298f038001003");
  constexpr std::uint16_t kDynamic = 49667;
  auto mapper = p.scene.connect(p.admin_pc, p.scada, 135);
  mapper.say(offer(11, 1, hex("0883afe11f5dc91191a408002b14a0fa 03000000")));
  mapper.answer(accepted(12, 1));
  mapper.say(request(2, 3, noise(92, 4)));
  const auto tower =
      joined({hex("0500 1300 0d"), svcctl, hex("0200 0200 0000 1300 0d"),
              hex("045d888aeb1cc9119fe808002b104860 0200 0200 0000"),
              hex("0100 0b 0200 0000 0100 07 0200"), be16(kDynamic), hex("0100 09 0400 0a1e000a")});
  mapper.answer(
      response(2, joined({zeros(20), le32(1), le32(1), le32(0), le32(1), le32(0x20000),
                          le32(tower.size()), le32(tower.size()), tower, zeros(1), le32(0)})));
  mapper.close();

  auto session = p.scene.connect(p.admin_pc, p.scada, kDynamic);
  session.say(offer(11, 1, svcctl + hex("02000000"))).answer(accepted(12, 1));
  session.say(request(2, 15, zeros(12))).answer(response(2, noise(20, 5) + le32(0)));
  const auto service = joined({noise(20, 5), counted_text("PLANTSVC"), zeros(60)});
  session.say(request(3, 12, service))
      .answer(response(3, joined({zeros(4), noise(20, 6), le32(0)})));
  session.say(request(4, 19, noise(20, 6) + zeros(8))).answer(response(4, le32(0)));
  // 1073: the service exists.
  session.say(request(5, 12, service)).answer(response(5, joined({zeros(24), le32(1073)})));
  // A fault: no such operation.
  session.say(request(6, 200, zeros(8)));
  session.answer(pdu(3, 6, joined({zeros(8), le32(0x1c010002), zeros(4)})));
  session.close();
}

/// SMB 2 ([MS-SMB2] 2.2.1) in the frame of direct TCP.
Payload smb2(unsigned command, std::uint64_t id, bool answer, const Payload& body) {
  const auto header = joined({u8(0xfe), text("SMB"), le16(64), le16(1), le32(0), le16(command),
                              le16(1), le32(answer ? 1 : 0), le32(0), little(id, 8), le32(0xfeff),
                              le32(id == 1 && !answer ? 0 : 1), little(0x41, 8), zeros(16)});
  return u8(0) + counted(3, header + body);
}

/// A service is asked for through the pipe `svcctl`: written, read, and both at once.
void dcerpc_pipe(Plant& p) {
  const auto file = joined({little(5, 8), little(9, 8)});
  const auto write = [&](const Payload& data) {
    return joined({le16(49), le16(112), le32(data.size()), zeros(8), file, zeros(16), data});
  };
  const auto control = [&](const Payload& data) {
    return joined({le16(57), le16(0), le32(0x0011c017), file, le32(120), le32(data.size()), le32(0),
                   le32(0), le32(0), le32(1024), le32(1), le32(0), data});
  };
  const auto controlled = [&](const Payload& data) {
    return joined({le16(49), le16(0), le32(0x0011c017), file, le32(112), le32(0), le32(112),
                   le32(data.size()), le32(0), le32(0), data});
  };
  auto session = p.scene.connect(p.admin_pc, p.ews, 445);
  const auto share = utf16("\\\\EWS-01\\IPC$");
  session.say(smb2(3, 1, false, joined({le16(9), le16(0), le16(72), le16(share.size()), share})));
  session.answer(
      smb2(3, 1, true, joined({le16(16), u8(2), u8(0), le32(0), le32(0), le32(0x1f01ff)})));
  const auto name = utf16("svcctl");
  session.say(smb2(5, 2, false,
                   joined({le16(57), zeros(34), le32(1), le32(0), le16(120), le16(name.size()),
                           zeros(8), name})));
  session.answer(smb2(5, 2, true, joined({le16(89), zeros(62), file, zeros(8)})));
  const auto bind = offer(11, 1, hex("81bb7a364498f135ad3298f038001003 02000000"));
  session.say(smb2(9, 3, false, write(bind)));
  session.answer(smb2(9, 3, true, joined({le16(17), le16(0), le32(bind.size()), zeros(8)})));
  session.say(
      smb2(8, 4, false, joined({le16(49), u8(80), u8(0), le32(1024), zeros(8), file, zeros(17)})));
  const auto taken = accepted(12, 1);
  session.answer(
      smb2(8, 4, true, joined({le16(17), u8(80), u8(0), le32(taken.size()), zeros(8), taken})));
  session.say(smb2(11, 5, false, control(request(2, 15, zeros(12)))));
  session.answer(smb2(11, 5, true, controlled(response(2, noise(20, 5) + le32(0)))));
  session.say(
      smb2(11, 6, false,
           control(request(3, 16, joined({noise(20, 5), counted_text("PLANTSVC"), le32(16)})))));
  session.answer(smb2(11, 6, true, controlled(response(3, zeros(20) + le32(5)))));
  session.close();
}

void opcda_items(Plant& p) {
  constexpr std::uint16_t kDynamic = 49170;
  const auto opc = [](std::string_view first) {
    return hex(first) + hex("1e01d01196750020afd8adb3 00000000");
  };
  const auto orpc = joined({hex("05000700 00000000 00000000"), noise(16, 7), zeros(4)});
  auto session = p.scene.connect(p.historian, p.scada, kDynamic);
  session.say(offer(11, 1, opc("4d3ac139"))).answer(accepted(12, 1));
  // OPCSERVERSTATUS: three times, running, 2 groups, version 3.1.5, who made it.
  const auto status =
      joined({zeros(8), le32(0x20000), zeros(24), le32(1), le32(2), le32(0xffffffff), le16(3),
              le16(1), le16(5), le16(0), le32(0x20004), counted_text("Seki OPC Server"), le32(0)});
  session.say(request(2, 6, orpc)).answer(response(2, status));
  session.say(offer(14, 3, opc("523ac139"), 1)).answer(accepted(15, 3));
  session.say(request(4, 3, orpc + zeros(24), 1)).answer(response(4, zeros(40), 1));
  session.say(request(5, 4, orpc + zeros(40), 1)).answer(response(5, zeros(24), 1));
  session.say(request(6, 4, orpc + zeros(40), 1))
      .answer(response(6, zeros(20) + le32(0x80070005), 1));
  session.close();
}

const ProtocolRecipe recipe{{"dcerpc-services", dcerpc_services}};
const ProtocolRecipe pipe{{"dcerpc-pipe", dcerpc_pipe}};
const ProtocolRecipe opc{{"opcda-items", opcda_items}};

}  // namespace
}  // namespace sekimori::captures
