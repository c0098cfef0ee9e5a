#pragma once

#include "wire.h"

#include <string>
#include <string_view>
#include <vector>

// Datagrams by which hosts find each other, get addresses and time, and are managed; and LLDP.
namespace sekimori::captures {

// DNS (RFC 1035) and what rides in its form.
[[nodiscard]] Payload dns_question(std::uint16_t id, std::string_view name);
[[nodiscard]] Payload dns_answer(std::uint16_t id, std::string_view name, std::string_view ip);
[[nodiscard]] Payload llmnr_question(std::uint16_t id, std::string_view name);
[[nodiscard]] Payload mdns_question(std::string_view name);

/// NetBIOS (RFC 1002, 4.2): a host tells all its name; `suffix` 0x00 workstation, 0x20 files.
[[nodiscard]] Payload nbns_registration(std::uint16_t id, std::string_view name,
                                        std::string_view ip, unsigned suffix = 0);
[[nodiscard]] Payload nbns_question(std::uint16_t id, std::string_view name);

/// DHCP (RFC 2131). What a client asks: 1 discover, 3 request.
[[nodiscard]] Payload dhcp_question(unsigned type, std::uint32_t id, std::string_view mac,
                                    std::string_view name);
/// What a server says: 2 offer, 5 acknowledge.
[[nodiscard]] Payload dhcp_answer(unsigned type, std::uint32_t id, std::string_view mac,
                                  std::string_view ip, std::string_view server,
                                  std::string_view router);

/// NTP version 4 (RFC 5905, 7.3).
[[nodiscard]] Payload ntp_question(std::uint32_t second);
[[nodiscard]] Payload ntp_answer(std::uint32_t second, unsigned stratum);

// SNMP: version 0 is v1, 1 is v2c. sysDescr and the like are RFC 3418.
inline constexpr std::string_view kSysDescription = "1.3.6.1.2.1.1.1.0";
inline constexpr std::string_view kSysName = "1.3.6.1.2.1.1.5.0";
[[nodiscard]] Payload snmp_get(unsigned version, std::string_view community, std::uint32_t id,
                               std::string_view oid);
[[nodiscard]] Payload snmp_answer(unsigned version, std::string_view community, std::uint32_t id,
                                  std::string_view oid, std::string_view value);
[[nodiscard]] Payload snmp_set(unsigned version, std::string_view community, std::uint32_t id,
                               std::string_view oid, std::string_view value);
/// Version 3 (RFC 3412), authenticated and encrypted; an answer wants no report.
[[nodiscard]] Payload snmp3(std::uint32_t id, std::string_view user, bool asks);

/// A syslog message (RFC 3164).
[[nodiscard]] Payload syslog(std::string_view host, std::string_view words);

/// LLDP (IEEE 802.1AB, 8); capabilities of table 8-4, by default a bridge's.
[[nodiscard]] Payload lldp(const Station& from, std::string_view port, std::string_view name,
                           std::string_view description, unsigned capabilities = 0x0004);
inline constexpr std::string_view kLldpGroup = "01:80:c2:00:00:0e";

// Whole exchanges.
void look_up(Scene& scene, Station& client, Station& server, std::string_view name,
             std::string_view ip);
void ask_time(Scene& scene, Station& client, Station& server);
void get_snmp(Scene& scene, Station& client, Station& server, unsigned version,
              std::string_view community, std::string_view oid, std::string_view value);
/// A name told to all stations of the segment.
void tell_name(Scene& scene, Station& station, std::string_view name, std::string_view broadcast);
/// Discover, offer, request, acknowledge; the client's address is the one it gets.
void lease(Scene& scene, Station& client, Station& server, std::string_view name,
           std::string_view router);

}  // namespace sekimori::captures
