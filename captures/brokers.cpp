// Programs by which somebody elsewhere reaches a host, and proxies.

#include "captures.h"
#include "sessions.h"
#include "wire.h"

#include <string>

namespace sekimori::captures {
namespace {

Payload first_form(unsigned command, const Payload& data) {
  return joined({hex("1724"), u8(command), le16(data.size()), data});
}
Payload second_form(unsigned command, const Payload& data) {
  return joined({hex("1130"), u8(command), u8(0), le32(data.size()), noise(16, command), data});
}

/// The engineering station keeps in touch with a broker and is then reached through it.
void teamviewer_broker(Plant& p) {
  auto broker = p.scene.connect(p.ews, p.vendor, 5938);
  broker.say(first_form(10, noise(28, 1))).answer(first_form(16, noise(4, 2)));
  broker.say(first_form(17, noise(4, 2)));
  broker.say(second_form(93, noise(300, 3))).answer(second_form(94, noise(300, 4)));
  broker.say(second_form(106, noise(500, 5))).answer(second_form(106, noise(700, 6)));
  broker.close();
  p.scene.datagram(p.ews, p.vendor, 49800, 5938, zeros(10) + u8(3) + first_form(71, zeros(80)));
}

Payload long_text(std::string_view words) {
  return counted(4, text(words));
}

/// Two hosts that run it look for each other, by the group it has for that.
void anydesk_search(Plant& p) {
  const auto announce = [&](Station& from, std::uint32_t number, std::string_view host) {
    p.scene.datagram(from, "239.255.102.18", "01:00:5e:7f:66:12", 50001, 50001,
                     joined({hex("3ed101"), be32(number), be32(0), hex("02 01"), long_text(host),
                             long_text("operator"), be32(0), long_text("main"), u8(0),
                             long_text(""), hex("02 c351")}));
  };
  announce(p.ews, 493827156, "EWS-01");
  announce(p.hmi, 518273640, "HMI-01");
}

/// Its sessions are TLS; the name asked for tells whose.
void tls_anydesk(Plant& p) {
  talk_tls(p.scene, p.ews, p.vendor, "relay-3f2a9c1d.net.anydesk.com", Tls::v12);
}

/// Windows is managed from the office through its door in HTTP ([MS-WSMV] 1.8).
void http_winrm(Plant& p) {
  const auto ask = [](std::string_view fields) {
    return text(
        "POST /wsman HTTP/1.1\r\nHost: 10.30.0.20:5985\r\n"
        "User-Agent: Microsoft WinRM Client\r\n" +
        std::string{fields} + "Content-Length: 0\r\n\r\n");
  };
  auto session = p.scene.connect(p.admin_pc, p.ews, 5985);
  session.say(ask("")).answer(
      text("HTTP/1.1 401 \r\nServer: Microsoft-HTTPAPI/2.0\r\n"
           "WWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n"));
  session
      .say(ask("Authorization: Basic a2Fucmk6a2Fucmk=\r\n"))  // kanri, kanri
      .answer(text("HTTP/1.1 200 \r\nServer: Microsoft-HTTPAPI/2.0\r\n"
                   "Content-Length: 0\r\n\r\n"));
  session.close();
}

void socks_proxy(Plant& p) {
  auto open = p.scene.connect(p.ews, p.jump_host, 1080);
  open.say(hex("05 01 00")).answer(hex("05 00"));
  open.say(hex("05 01 00 03 0b") + text("vendor.test") + be16(22))
      .answer(hex("05 00 00 01 0a140002 c000"));
  open.answer(text("SSH-2.0-OpenSSH_9.2\r\n"));
  open.close();
  auto named = p.scene.connect(p.hmi, p.jump_host, 1080);
  named.say(hex("05 01 02")).answer(hex("05 02"));
  named.say(hex("01") + counted(1, text("operator")) + counted(1, text("operator")))
      .answer(hex("01 00"));
  named.say(hex("05 01 00 01") + ip_bytes("203.0.113.20") + be16(443))
      .answer(hex("05 02 00 01 00000000 0000"));
  named.close();
  auto old = p.scene.connect(p.scada, p.jump_host, 1080);
  old.say(hex("04 01 0017") + ip_bytes("10.10.0.5") + text("scada") + u8(0))
      .answer(hex("00 5a 0017 0a0a0005"));
  old.close();
}

const ProtocolRecipe broker{{"teamviewer-broker", teamviewer_broker}};
const ProtocolRecipe search{{"anydesk-search", anydesk_search}};
const ProtocolRecipe relay{{"tls-anydesk", tls_anydesk}};
const ProtocolRecipe management{{"http-winrm", http_winrm}};
const ProtocolRecipe proxy{{"socks-proxy", socks_proxy}};

}  // namespace
}  // namespace sekimori::captures
