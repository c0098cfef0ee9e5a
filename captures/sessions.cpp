#include "sessions.h"

#include <string>

namespace sekimori::captures {
namespace {

std::string line(std::string_view a, std::string_view b = {}, std::string_view c = {}) {
  return std::string{a} + std::string{b} + std::string{c} + "\r\n";
}

void dialogue(Session& session, std::string_view said, std::string_view answered) {
  session.say(text(said)).answer(text(answered));
}

/// A web page of a few lines.
std::string page(std::string_view software, std::string_view title) {
  const auto body = "<html><title>" + std::string{title} + "</title><p>ok</p></html>\n";
  return line("HTTP/1.1 200 OK") + line("Server: ", software) + line("Content-Type: text/html") +
         line("Content-Length: ", std::to_string(body.size())) + line("") + body;
}

// SSH binary packets (RFC 4253, 6), not yet encrypted.
Payload ssh_packet(const Payload& payload) {
  const auto padding = 8 - (payload.size() + 5) % 8 + (payload.size() % 8 == 0 ? 8 : 0);
  const auto filled = padding < 4 ? padding + 8 : padding;
  return be32(payload.size() + filled + 1) + u8(filled) + payload + zeros(filled);
}

Payload name_list(std::string_view names) {
  return counted(4, text(names));
}

/// SSH_MSG_KEXINIT (RFC 4253, 7.1).
Payload key_exchange(std::uint32_t seed) {
  const auto ciphers = name_list("aes128-ctr,aes256-ctr");
  const auto macs = name_list("hmac-sha2-256");
  return ssh_packet(
      joined({u8(20), noise(16, seed), name_list("curve25519-sha256"), name_list("ssh-ed25519"),
              ciphers, ciphers, macs, macs, name_list("none"), name_list("none"), name_list(""),
              name_list(""), u8(0), be32(0)}));
}

/// SSH_MSG_KEX_ECDH_REPLY (RFC 5656, 4): the host's key, the exchange's, a signature.
Payload key_reply(std::uint32_t seed) {
  const auto kind = name_list("ssh-ed25519");
  return ssh_packet(joined({u8(31), counted(4, kind + counted(4, noise(32, seed))),
                            counted(4, noise(32, seed + 1)),
                            counted(4, kind + counted(4, noise(64, seed + 2)))}));
}

}  // namespace

void browse(Scene& scene, Station& client, Station& server, std::string_view host,
            std::string_view path, std::uint16_t port, std::string_view software) {
  auto session = scene.connect(client, server, port);
  dialogue(session,
           line("GET ", path, " HTTP/1.1") + line("Host: ", host) +
               line("User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)") + line(""),
           page(software, host));
  session.close();
}

void browse_as(Scene& scene, Station& client, Station& server, std::string_view host,
               std::string_view credentials_base64) {
  auto session = scene.connect(client, server, 80);
  dialogue(session,
           line("GET /setup HTTP/1.1") + line("Host: ", host) +
               line("Authorization: Basic ", credentials_base64) + line(""),
           page("GoAhead-Webs", "setup"));
  session.close();
}

void telnet(Scene& scene, Station& client, Station& server, std::string_view user,
            std::string_view password) {
  auto session = scene.connect(client, server, 23);
  // RFC 854: the server will echo and suppress go-ahead, the client lets it.
  session.answer(hex("fffb01 fffb03")).say(hex("fffd01 fffd03"));
  session.answer(text("\r\nUser: "));
  dialogue(session, line(user), line(user) + "Password: ");
  session.say(text(line(password)));
  session.answer(text("\r\nlogged in\r\n> "));
  dialogue(session, line("show port"), "port 1 up\r\nport 2 up\r\n> ");
  dialogue(session, line("exit"), line("bye"));
  session.close();
}

void ftp(Scene& scene, Station& client, Station& server, std::string_view user,
         std::string_view password) {
  auto session = scene.connect(client, server, 21);
  session.answer(text("220 FTP server ready\r\n"));
  dialogue(session, line("USER ", user), line("331 Password required"));
  dialogue(session, line("PASS ", password), line("230 User logged in"));
  dialogue(session, line("PWD"), line("257 \"/\" is the current directory"));
  dialogue(session, line("QUIT"), line("221 Goodbye"));
  session.close();
}

void smtp(Scene& scene, Station& client, Station& server, std::string_view from,
          std::string_view to) {
  auto session = scene.connect(client, server, 25);
  session.answer(text("220 mail.example.jp ESMTP\r\n"));
  dialogue(session, line("HELO scada"), line("250 mail.example.jp"));
  dialogue(session, line("MAIL FROM:<", from, ">"), line("250 Ok"));
  dialogue(session, line("RCPT TO:<", to, ">"), line("250 Ok"));
  dialogue(session, line("DATA"), line("354 End with a dot"));
  dialogue(session,
           line("From: ", from) + line("Subject: alarm 14") + line("") + line("tank 3 level high") +
               line("."),
           line("250 Ok: queued"));
  dialogue(session, line("QUIT"), line("221 Bye"));
  session.close();
}

void ssh(Scene& scene, Station& client, Station& server, End end) {
  auto session = scene.connect(client, server, 22);
  session.answer(text("SSH-2.0-OpenSSH_8.4\r\n")).say(text("SSH-2.0-PuTTY_Release_0.78\r\n"));
  session.answer(key_exchange(11)).say(key_exchange(12));
  session.say(ssh_packet(u8(30) + counted(4, noise(32, 13)))).answer(key_reply(14));
  session.answer(ssh_packet(u8(21))).say(ssh_packet(u8(21)));
  for (std::uint32_t i = 0; i < 4; ++i) session.say(noise(64, 20 + i)).answer(noise(80, 40 + i));
  if (end == End::closed) session.close();
}

void vnc(Scene& scene, Station& client, Station& server, std::string_view desktop,
         VncSecurity security) {
  auto session = scene.connect(client, server, 5900);
  session.answer(text("RFB 003.008\n")).say(text("RFB 003.008\n"));
  const auto type = u8(static_cast<std::uint8_t>(security));
  session.answer(u8(1) + type).say(type);
  if (security == VncSecurity::password) session.answer(noise(16, 5)).say(noise(16, 6));
  session.answer(be32(0)).say(u8(1));  // all is well; leave the others connected
  // 1024 x 768, 32 bits of colour (RFC 6143, 7.3.2), then a corner of the picture.
  const auto format = hex("20 18 00 01 00ff 00ff 00ff 10 08 00 000000");
  session.answer(joined({hex("0400 0300"), format, counted(4, text(desktop))}));
  session.say(hex("02 00 0001 00000000"));        // raw pixels alone
  session.say(hex("03 00 0000 0000 0008 0002"));  // 8 by 2 of them
  session.answer(joined({hex("00 00 0001 0000 0000 0008 0002 00000000"), noise(64, 7)}));
  session.say(hex("05 00 0010 0010"));  // the pointer moves
  session.close();
}

void rdp(Scene& scene, Station& client, Station& server, std::string_view user,
         RdpSecurity security) {
  const auto cookie = text(line("Cookie: mstshash=", user));
  const auto wanted = security == RdpSecurity::nla ? 3U : 0U;
  const auto request = cookie + hex("01 00 0800") + le32(wanted);
  const auto chosen = hex("02 00 0800") + le32(static_cast<std::uint32_t>(security));
  const auto tpkt = [](const Payload& tpdu) { return hex("03 00") + be16(tpdu.size() + 4) + tpdu; };
  if (security == RdpSecurity::nla) {
    // The handshake of TLS rides on the same connection behind the negotiation.
    auto session = scene.connect(client, server, 3389);
    session.say(tpkt(u8(request.size() + 6) + hex("e0 0000 0000 00") + request));
    session.answer(tpkt(u8(chosen.size() + 6) + hex("d0 0000 1234 00") + chosen));
    start_tls(session, {}, Tls::v12);
    push_tls(session, 8, 220);
    session.close();
    return;
  }
  auto session = scene.connect(client, server, 3389);
  session.say(tpkt(u8(request.size() + 6) + hex("e0 0000 0000 00") + request));
  session.answer(tpkt(u8(chosen.size() + 6) + hex("d0 0000 1234 00") + chosen));
  session.close();
}

void openvpn(Scene& scene, Station& client, Station& server) {
  const auto port = client.next_port++;
  // Opcode 7 and 8, hard reset of client and server, key 0; session, no acknowledgements, packet.
  const auto mine = noise(8, 71);
  const auto theirs = noise(8, 72);
  scene.datagram(client, server, port, 1194, joined({u8(7U << 3U), mine, u8(0), be32(0)}));
  scene.datagram(server, client, 1194, port,
                 joined({u8(8U << 3U), theirs, u8(1), be32(0), mine, be32(0)}));
  scene.datagram(client, server, port, 1194, joined({u8(5U << 3U), mine, u8(1), be32(0), theirs}));
  for (std::uint32_t i = 0; i < 3; ++i) {
    scene.datagram(client, server, port, 1194, u8(6U << 3U) + noise(100, 80 + i));
    scene.datagram(server, client, 1194, port, u8(6U << 3U) + noise(100, 90 + i));
  }
}

}  // namespace sekimori::captures
