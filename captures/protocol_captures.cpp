// A capture or more for each protocol that is understood; the goldens beside them say what of it.

#include "captures.h"
#include "modbus.h"
#include "services.h"
#include "sessions.h"

#include <algorithm>
#include <iterator>

namespace sekimori::captures {
namespace {

void modbus_functions(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1}
      .read(1, 0, 12)
      .read(2, 100, 8)
      .read(3, 0, 10)
      .read(4, 30, 2)
      .write_coil(4, true)
      .write_register(10, 1500)
      .write_registers(20, {1, 2, 3})
      .diagnose(0, 0xa5a5)
      .identify("Schneider Electric", "BMX P34 2020", "v2.70")
      .close();
}

void modbus_refusals(Plant& p) {
  Modbus talk{p.scene, p.scada, p.plc1};
  talk.refused(Modbus::ask(3, 0, 200), 3)
      .refused(Modbus::ask(6, 9999, 1), 2)
      .read(3, 0, 2)
      .unanswered(Modbus::ask(4, 0, 2))
      .close();
}

void modbus_gateway(Plant& p) {
  Modbus talk{p.scene, p.scada, p.gateway};
  for (unsigned unit = 1; unit <= 4; ++unit) talk.read(3, 100 * unit, 4, unit);
  talk.refused(Modbus::ask(3, 500, 4), 11, 5).close();
}

void modbus_other_port(Plant& p) {
  Modbus{p.scene, p.scada, p.plc1, 5020}.read(3, 0, 10).read(4, 0, 4).close();
}

void modbus_umas(Plant& p) {
  Modbus{p.scene, p.ews, p.plc1}
      .umas(0x01, hex("00"), hex("fd03 0000"))
      .umas(0x02, {}, umas_identity("BMX P34 2020"))
      .umas(0x10, hex("0000 0000") + counted(1, text("EWS-01")), hex("05"))
      .umas(0x20, hex("00 1400 0000 0000 1000"), hex("01 1000") + noise(16, 3))
      .umas(0x41, hex("ff00"), {})
      .umas(0x40, hex("ff00"), {})
      .close();
}

void dns_lookup(Plant& p) {
  look_up(p.scene, p.office_pc, p.file_server, "hist.plant.example", "10.20.0.10");
}

void nbns_names(Plant& p) {
  tell_name(p.scene, p.office_pc, "OFFICE-33", Plant::kOfficeBroadcast);
  p.scene.datagram(p.office_pc, std::string{Plant::kOfficeBroadcast}, "ff:ff:ff:ff:ff:ff", 137, 137,
                   nbns_question(7, "FS-01"));
}

void llmnr_question_to_all(Plant& p) {
  p.scene.datagram(p.office_pc, "224.0.0.252", "01:00:5e:00:00:fc", 50001, 5355,
                   llmnr_question(8, "fs-01"));
}

void mdns_question_to_all(Plant& p) {
  p.scene.datagram(p.office_pc, "224.0.0.251", "01:00:5e:00:00:fb", 5353, 5353,
                   mdns_question("_http._tcp.local"));
}

void ssdp_announcement(Plant& p) {
  const std::string group{"239.255.255.250"};
  const std::string mac{"01:00:5e:7f:ff:fa"};
  p.scene.datagram(p.office_pc, group, mac, 50002, 1900,
                   text("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
                        "MAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n"));
  p.scene.datagram(p.hmi, group, mac, 1900, 1900,
                   text("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n"
                        "NT: urn:schemas-upnp-org:device:MediaServer:1\r\n"
                        "SERVER: Windows/10 UPnP/1.0 Viewer/2\r\n\r\n"));
}

void dhcp_lease(Plant& p) {
  lease(p.scene, p.office_pc, p.file_server, "OFFICE-33", p.office_leg.ip);
}

void ntp_time(Plant& p) {
  ask_time(p.scene, p.scada, p.historian);
  p.scene.wait(64);
  ask_time(p.scene, p.scada, p.historian);
}

void lldp_switch(Plant& p) {
  p.scene.ethernet(p.core_switch, std::string{kLldpGroup}, 0x88cc,
                   lldp(p.core_switch, "1", "SW-CORE", "Hirschmann RS20 Ethernet switch"));
}

void icmp_prohibited(Plant& p) {
  p.scene.ping(p.office_pc, p.office_leg);
  p.scene.forbid(p.office_pc, p.plc1, 80, p.office_leg);
}

/// Who has an address, and the answer of who does (RFC 4861, 4.3 and 4.4).
void icmpv6_neighbours(Plant& p) {
  const Tins::IPv6Address asks{"fe80::3020"};
  const Tins::IPv6Address owns{"fe80::3010"};
  Tins::ICMPv6 question{Tins::ICMPv6::NEIGHBOUR_SOLICIT};
  question.target_addr(owns);
  question.source_link_layer_addr(p.ews.mac);
  Tins::IPv6 asked{"ff02::1:ff00:3010", asks};
  asked.hop_limit(255);
  asked.inner_pdu(question);
  p.scene.ethernet(p.ews, "33:33:ff:00:30:10", 0x86dd, asked.serialize());
  Tins::ICMPv6 reply{Tins::ICMPv6::NEIGHBOUR_ADVERT};
  reply.target_addr(owns);
  reply.solicited(1);
  reply.override(1);
  reply.target_link_layer_addr(p.scada.mac);
  Tins::IPv6 answered{asks, owns};
  answered.hop_limit(255);
  answered.inner_pdu(reply);
  p.scene.ethernet(p.scada, p.ews.mac, 0x86dd, answered.serialize());
}

void arp_claims(Plant& p) {
  p.scene.resolve(p.scada, p.control_leg);
  p.scene.announce(p.hmi);
}

void snmp_versions(Plant& p) {
  get_snmp(p.scene, p.scada, p.core_switch, 0, "public", kSysDescription, "RS20 switch");
  get_snmp(p.scene, p.scada, p.core_switch, 1, "seki-8-blue", kSysName, "SW-CORE");
  const auto port = p.scada.next_port++;
  p.scene.datagram(p.scada, p.core_switch, port, 161,
                   snmp_set(1, "seki-8-rw-blue", 9, kSysName, "SW-CORE-1"));
  p.scene.datagram(p.core_switch, p.scada, 161, port,
                   snmp_answer(1, "seki-8-rw-blue", 9, kSysName, "SW-CORE-1"));
  p.scene.datagram(p.scada, p.core_switch, port, 161, snmp3(77, "netadmin", true));
  p.scene.datagram(p.core_switch, p.scada, 161, port, snmp3(77, "netadmin", false));
}

void http_basic(Plant& p) {
  browse(p.scene, p.office_pc, p.historian, "hist.plant.example", "/trend?tank=3");
  browse_as(p.scene, p.ews, p.gateway, "10.40.0.20", "YWRtaW46bW94YQ==");  // admin:moxa
}

void tls_versions(Plant& p) {
  talk_tls(p.scene, p.collector, p.historian, "hist.plant.example", Tls::v13);
  talk_tls(p.scene, p.collector, p.historian, "hist.plant.example", Tls::v12);
  talk_tls(p.scene, p.ews, p.collector, "hist-col", Tls::v10, 8443);
}

void ssh_session(Plant& p) {
  ssh(p.scene, p.ews, p.core_switch);
}

void telnet_login(Plant& p) {
  telnet(p.scene, p.admin_pc, p.core_switch, "admin", "private");
}

void ftp_anonymous(Plant& p) {
  ftp(p.scene, p.ews, p.plc1, "anonymous", "ews@plant.example");
  ftp(p.scene, p.ews, p.plc2, "loader", "fwdownload");
}

void smb_versions(Plant& p) {
  const Account account{
      .domain = "CORP", .user = "tanaka", .workstation = "OFFICE-33", .server = "FS-01"};
  smb1(p.scene, p.office_pc, p.file_server, account);
  smb2(p.scene, p.office_pc, p.file_server, account, "public");
}

void rdp_security(Plant& p) {
  rdp(p.scene, p.admin_pc, p.jump_host, "kanri");
  rdp(p.scene, p.admin_pc, p.ews, "kanri", RdpSecurity::standard);
}

void vnc_security(Plant& p) {
  vnc(p.scene, p.vendor, p.ews, "EWS-01", VncSecurity::none);
  vnc(p.scene, p.admin_pc, p.hmi, "HMI-01", VncSecurity::password);
}

}  // namespace

std::vector<Recipe> ProtocolRecipe::all() {
  std::vector<Recipe> found;
  for (const auto* at = first_; at != nullptr; at = at->next_) found.push_back(at->recipe_);
  std::ranges::sort(found, {}, &Recipe::name);
  return found;
}

std::vector<Recipe> protocol_recipes() {
  std::vector<Recipe> recipes{
      {"arp-claims", arp_claims},
      {"dhcp-lease", dhcp_lease},
      {"dns-lookup", dns_lookup},
      {"ftp-anonymous", ftp_anonymous},
      {"http-basic", http_basic},
      {"icmp-prohibited", icmp_prohibited},
      {"icmpv6-neighbours", icmpv6_neighbours},
      {"lldp-switch", lldp_switch},
      {"llmnr-question", llmnr_question_to_all},
      {"mdns-question", mdns_question_to_all},
      {"modbus-functions", modbus_functions},
      {"modbus-gateway", modbus_gateway},
      {"modbus-other-port", modbus_other_port},
      {"modbus-refusals", modbus_refusals},
      {"modbus-umas", modbus_umas},
      {"nbns-names", nbns_names},
      {"ntp-time", ntp_time},
      {"rdp-security", rdp_security},
      {"smb-versions", smb_versions},
      {"snmp-versions", snmp_versions},
      {"ssdp-announcement", ssdp_announcement},
      {"ssh-session", ssh_session},
      {"telnet-login", telnet_login},
      {"tls-versions", tls_versions},
      {"vnc-security", vnc_security},
  };
  std::ranges::copy(ProtocolRecipe::all(), std::back_inserter(recipes));
  return recipes;
}

}  // namespace sekimori::captures
