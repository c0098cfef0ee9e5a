#pragma once

#include "wire.h"

#include <string_view>

// Whole TCP sessions as people and programs have them, from handshake to close. Every name and
// password in them is made up or stands in public manuals.
namespace sekimori::captures {

/// How a session ends: some outlive the capture.
enum class End : std::uint8_t { closed, open };

void browse(Scene& scene, Station& client, Station& server, std::string_view host,
            std::string_view path = "/", std::uint16_t port = 80,
            std::string_view software = "Apache/2.4.56");
/// GET with HTTP Basic credentials.
void browse_as(Scene& scene, Station& client, Station& server, std::string_view host,
               std::string_view credentials_base64);

/// The version that the server chooses, as on the wire.
enum class Tls : std::uint16_t { v10 = 0x0301, v12 = 0x0303, v13 = 0x0304 };
/// The handshake on a connection; without a name, it asks for none.
void start_tls(Session& session, std::string_view name, Tls version);
Session open_tls(Scene& scene, Station& client, Station& server, std::string_view name,
                 Tls version = Tls::v13, std::uint16_t port = 443);
/// Sealed data each way.
void push_tls(Session& session, unsigned records, std::size_t size = 180, Tls version = Tls::v13);
void talk_tls(Scene& scene, Station& client, Station& server, std::string_view name,
              Tls version = Tls::v13, std::uint16_t port = 443);

void telnet(Scene& scene, Station& client, Station& server, std::string_view user,
            std::string_view password);
void ftp(Scene& scene, Station& client, Station& server, std::string_view user,
         std::string_view password);
void smtp(Scene& scene, Station& client, Station& server, std::string_view from,
          std::string_view to);
void ssh(Scene& scene, Station& client, Station& server, End end = End::closed);

/// RFB 3.8 with security type 1, None (RFC 6143, 7.2.1), or 2, a challenge.
enum class VncSecurity : std::uint8_t { none = 1, password = 2 };
void vnc(Scene& scene, Station& client, Station& server, std::string_view desktop,
         VncSecurity security);

/// [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2: standard security, or TLS with network-level authentication.
enum class RdpSecurity : std::uint8_t { standard = 0, nla = 2 };
void rdp(Scene& scene, Station& client, Station& server, std::string_view user,
         RdpSecurity security = RdpSecurity::nla);

/// Names of the two ends in an NTLM exchange.
struct Account {
  std::string_view domain, user, workstation, server;
};
void smb1(Scene& scene, Station& client, Station& server, const Account& account);
void smb2(Scene& scene, Station& client, Station& server, const Account& account,
          std::string_view share);

/// OpenVPN over UDP: two hard resets and what follows.
void openvpn(Scene& scene, Station& client, Station& server);

}  // namespace sekimori::captures
