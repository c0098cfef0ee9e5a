#pragma once

#include "hex.h"
#include "packets.h"

#include <string>
#include <vector>

/// Frames that more than one test walks through: each with what a decoder must say of it.
namespace sekimori::test {

struct FrameCase {
  std::string name;
  LinkType link = LinkType::ethernet;
  std::string bytes;  ///< hex
  std::string says;   ///< describe()
};

inline const std::string kMacs = "00 1b 1b 00 00 02 / 00 1b 1b 00 00 01 / ";
inline const std::string kInnerMacs = "02 00 00 00 00 0b / 02 00 00 00 00 0a / ";
/// 10.0.0.1:1025 to 10.0.0.2:502, four bytes of payload; 44 bytes.
inline const std::string kTcp4 =
    "45 00 00 2c 12 34 40 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / "
    "04 01 01 f6 00 00 00 64 00 00 00 c8 50 18 20 00 ab cd 00 00 / 01 02 03 04 ";
inline const std::string kTcpSays = "10.0.0.1:1025 > 10.0.0.2:502 tcp 4";
/// 192.168.1.1:1000 to 192.168.1.2:161, three bytes; 31 bytes.
inline const std::string kUdp3 =
    "45 00 00 1f 00 07 00 00 80 11 00 00 c0 a8 01 01 c0 a8 01 02 / 03 e8 00 a1 00 0b 12 34 / "
    "61 62 63 ";
inline const std::string kUdpSays = "192.168.1.1:1000 > 192.168.1.2:161 udp 3";
inline const std::string kV6Source = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 ";
inline const std::string kV6Destination = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02 ";
/// UDP of two bytes from 2001:db8::1 port 7 to ::2 port 9; 10 bytes.
inline const std::string kUdp2 = "00 07 00 09 00 0a 00 00 / 68 69 ";
inline const std::string kV6Says = "2001:db8::1:7 > 2001:db8::2:9 udp 2";
inline const std::string kV6Udp = "60 00 00 00 00 0a 11 40 " + kV6Source + kV6Destination + kUdp2;

/// An IPv4 header of 20 bytes from 1.1.1.1 to 2.2.2.2.
inline std::string outer_ipv4(unsigned protocol, std::size_t payload) {
  const auto byte = [](std::size_t value) {
    constexpr auto kDigits = "0123456789abcdef";
    return std::string{kDigits[(value >> 4U) & 15U], kDigits[value & 15U], ' '};
  };
  return "45 00 " + byte((payload + 20) >> 8U) + byte(payload + 20) + "00 01 00 00 40 " +
         byte(protocol) + "00 00 01 01 01 01 02 02 02 02 / ";
}
/// And a UDP header of eight bytes, from 40000 to `port`.
inline std::string outer_udp(unsigned port, std::size_t payload) {
  const auto word = [](std::size_t value) {
    constexpr auto kDigits = "0123456789abcdef";
    std::string text;
    for (unsigned shift = 16; shift > 0; shift -= 4) text += kDigits[(value >> (shift - 4)) & 15U];
    return text + " ";
  };
  return outer_ipv4(17, payload + 8) + "9c 40 " + word(port) + word(payload + 8) + "00 00 / ";
}

inline std::vector<FrameCase> link_cases() {
  using enum LinkType;
  const auto eth = ethernet;
  return {
      {"Ethernet, TCP", eth, kMacs + "08 00 / " + kTcp4, kTcpSays},
      {"Ethernet, UDP", eth, kMacs + "08 00 / " + kUdp3, kUdpSays},
      {"Ethernet padding is no payload", eth,
       kMacs + "08 00 / " + kUdp3 + "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00", kUdpSays},
      {"a PRP trailer is no payload of IP", eth, kMacs + "08 00 / " + kTcp4 + "00 01 a0 32 88 fb",
       kTcpSays},
      {"a PRP trailer is no payload of Ethernet", eth,
       kMacs + "88 b8 / 01 02 03 04 / 00 01 b0 0a 88 fb",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/35000 4"},
      {"what only ends like a PRP trailer is payload", eth,
       kMacs + "88 b8 / 01 02 03 04 / 00 01 b0 0b 88 fb",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/35000 10"},
      {"an EtherType of its own", eth, kMacs + "88 cc / 02 07 04",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/35020 3"},
      {"ARP", eth, kMacs + "08 06 / 00 01 08 00 06 04 00 01",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/2054 8"},
      {"PPPoE discovery", eth, kMacs + "88 63 / 11 09 00 00 00 00",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/34915 6"},
      {"one tag", eth, kMacs + "81 00 60 0a 08 00 / " + kTcp4, kTcpSays + " in vlan 10"},
      {"a priority tag is no VLAN", eth, kMacs + "81 00 e0 00 08 00 / " + kTcp4, kTcpSays},
      {"a service tag and a tag", eth, kMacs + "88 a8 00 64 81 00 00 07 08 00 / " + kUdp3,
       kUdpSays + " in vlan 100.7"},
      {"old tags, three deep", eth, kMacs + "92 00 00 01 91 00 00 02 81 00 00 03 08 00 / " + kTcp4,
       kTcpSays + " in vlan 1.2.3"},
      {"a tag on layer 2", eth, kMacs + "81 00 80 05 88 b8 / 00 01",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/35000 2 in vlan 5"},
      {"HSR", eth, kMacs + "89 2f 00 3a 00 01 08 00 / " + kTcp4, kTcpSays},
      {"VN-Tag", eth, kMacs + "89 26 00 00 00 01 81 00 00 09 08 00 / " + kTcp4,
       kTcpSays + " in vlan 9"},
      {"LLC, unnumbered, with padding", eth, kMacs + "00 07 / 42 42 03 00 00 00 00 / 00 00 00",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 llc/66 4"},
      {"LLC, numbered", eth, kMacs + "00 06 / f0 f0 02 01 aa bb",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 llc/240 2"},
      {"LLC in a tag", eth, kMacs + "81 00 00 03 00 05 / 42 42 03 00 00",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 llc/66 2 in vlan 3"},
      {"SNAP", eth, kMacs + "00 0a / aa aa 03 00 00 0c 20 00 02 b4",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 snap/" + std::to_string(0x0c2000) + " 2"},
      {"SNAP of an EtherType", eth, kMacs + "00 34 / aa aa 03 00 00 00 08 00 / " + kTcp4, kTcpSays},
      {"SLL", linux_sll, "00 00 00 01 00 06 00 1b 1b 00 00 01 00 00 08 00 / " + kTcp4, kTcpSays},
      {"SLL, tagged", linux_sll,
       "00 00 00 01 00 06 00 1b 1b 00 00 01 00 00 81 00 00 0a 08 00 / " + kTcp4,
       kTcpSays + " in vlan 10"},
      {"SLL, LLC", linux_sll, "00 02 00 01 00 06 00 1b 1b 00 00 01 00 00 00 04 / 42 42 03 00",
       "00:1b:1b:00:00:01 > 00:00:00:00:00:00 llc/66 1"},
      {"SLL, netlink", linux_sll, "00 04 03 38 00 00 00 00 00 00 00 00 00 00 08 00 / 01 02",
       "? > ? nothing 0; link unsupported"},
      {"SLL2", linux_sll2, "08 00 00 00 00 00 00 02 00 01 00 06 00 1b 1b 00 00 01 00 00 / " + kTcp4,
       kTcpSays},
      {"NULL of a little-endian machine", null, "02 00 00 00 / " + kTcp4, kTcpSays},
      {"NULL of a big-endian machine", null, "00 00 00 02 / " + kTcp4, kTcpSays},
      {"LOOP", loop, "00 00 00 02 / " + kTcp4, kTcpSays},
      {"NULL, IPv6 of NetBSD", null, "18 00 00 00 / " + kV6Udp, kV6Says},
      {"NULL, IPv6 of FreeBSD", null, "1c 00 00 00 / " + kV6Udp, kV6Says},
      {"NULL, IPv6 of macOS", null, "1e 00 00 00 / " + kV6Udp, kV6Says},
      {"NULL, another family", null, "07 00 00 00 / 01", "? > ? nothing 0; link unsupported"},
      {"raw IPv4", raw_ip, kTcp4, kTcpSays},
      {"raw IPv6", raw_ip, kV6Udp, kV6Says},
      {"raw IP of BSD", raw_ip_bsd, kTcp4, kTcpSays},
      {"raw IP of OpenBSD", raw_ip_openbsd, kTcp4, kTcpSays},
      {"IPv4", ipv4, kTcp4, kTcpSays},
      {"IPv6", ipv6, kV6Udp, kV6Says},
      {"IPv6 where IPv4 is said to be", ipv4, kV6Udp, "? > ? nothing 0; ip bad_version"},
      {"PPP", ppp, "ff 03 00 21 / " + kTcp4, kTcpSays},
      {"PPP, compressed", ppp, "21 / " + kTcp4, kTcpSays},
      {"PPP, IPv6", ppp_hdlc, "ff 03 00 57 / " + kV6Udp, kV6Says},
      {"PPP, link control", ppp, "ff 03 c0 21 / 01 01 00 04", "? > ? nothing 0; link unsupported"},
      {"HDLC of Cisco", ppp_hdlc, "0f 00 08 00 / " + kTcp4, kTcpSays},
      {"PPP, a bridged frame", ppp, "ff 03 00 31 00 01 / " + kInnerMacs + "08 00 / " + kTcp4,
       kTcpSays},
      {"a link type of no name here", static_cast<LinkType>(147), "01 02 03",
       "? > ? nothing 0; link unsupported"},
  };
}

/// A header of 802.11 from 02:..:0a to 02:..:0b by the access point 00:1b:1b:00:00:01.
inline std::string wlan_header(const std::string& control) {
  const std::string station = "02 00 00 00 00 0a / ";
  const std::string point = "00 1b 1b 00 00 01 / ";
  const std::string other = "02 00 00 00 00 0b / ";
  const auto relays = control.substr(3, 2);
  std::string addresses = other + station + point;
  if (relays == "01" || relays == "05" || relays == "41" || relays == "81")
    addresses = point + station + other;
  if (relays == "02") addresses = other + point + station;
  if (relays == "03") addresses = "00 1b 1b 00 00 02 / " + point + other;
  return control + " 00 00 / " + addresses + "50 01 / " + (relays == "03" ? station : "");
}

inline std::vector<FrameCase> wlan_cases() {
  using enum LinkType;
  const std::string sides = "02:00:00:00:00:0a > 02:00:00:00:00:0b ";
  const std::string snap = "aa aa 03 00 00 00 ";
  const std::string tap = "00 00 09 00 02 00 00 00 ";  // and a byte of flags
  const auto beacon = wlan_header("80 00") + "00 01 02 03 04 05 06 07 64 00 01 00 / 00 01 41";
  const auto says = sides + "wlan/8 15 in radio";
  const std::string unread = "? > ? nothing 0; wlan unsupported";
  return {
      {"a beacon", ieee802_11, beacon, says},
      {"a beacon behind radiotap", ieee802_11_radiotap, "00 00 08 00 00 00 00 00 / " + beacon,
       says},
      {"radiotap says that a check sequence ends it", ieee802_11_radiotap,
       tap + "10 / " + beacon + "de ad be ef", says},
      {"radiotap with a time and two words of presence", ieee802_11_radiotap,
       "00 00 19 00 03 00 00 80 00 00 00 00 / 00 00 00 00 / 01 02 03 04 05 06 07 08 / 10 / " +
           beacon + "de ad be ef",
       says},
      {"radiotap with a header padded to four", ieee802_11_radiotap,
       tap + "20 / " + wlan_header("88 01") + "00 00 / 00 00 / " + snap + "08 00 / " + kTcp4,
       kTcpSays},
      {"radiotap says that the frame is damaged", ieee802_11_radiotap, tap + "40 / " + beacon,
       unread},
      {"radiotap of a later version", ieee802_11_radiotap, "01 00 08 00 00 00 00 00 / " + beacon,
       "? > ? nothing 0; link bad_version"},
      {"radiotap shorter than itself", ieee802_11_radiotap, "00 00 07 00 00 00 00 00 / " + beacon,
       "? > ? nothing 0; link bad_length by header_field"},
      {"radiotap without room for its flags", ieee802_11_radiotap,
       "00 00 08 00 02 00 00 00 / " + beacon, "? > ? nothing 0; link bad_length by header_field"},
      {"radiotap whose words of presence never end", ieee802_11_radiotap,
       "00 00 0c 00 02 00 00 80 00 00 00 80 / " + beacon,
       "? > ? nothing 0; link bad_length by header_field"},
      {"radiotap beyond the frame", ieee802_11_radiotap, "00 00 40 00 00 00 00 00 / 80 00",
       "? > ? nothing 0; link truncated by frame"},
      {"radiotap, cut", ieee802_11_radiotap, "00 00 08 00",
       "? > ? nothing 0; link truncated by frame"},
      {"a check sequence and nothing else", ieee802_11_radiotap, tap + "10 / 80 00",
       "? > ? nothing 0; link bad_length by header_field"},
      {"Prism's header", ieee802_11_prism,
       "44 00 00 00 10 00 00 00 / 77 6c 61 6e 30 00 00 00 / " + beacon, says},
      {"Prism's header, big endian", ieee802_11_prism,
       "00 00 00 41 00 00 00 10 / 77 6c 61 6e 30 00 00 00 / " + beacon, says},
      {"AVS's header", ieee802_11_prism, "80 21 10 01 00 00 00 0c / 00 00 00 00 / " + beacon, says},
      {"neither Prism's header nor AVS's", ieee802_11_prism, "45 00 00 00 10 00 00 00 / 01 02",
       "? > ? nothing 0; link unsupported"},
      {"Prism's header without an end", ieee802_11_prism, "44 00 00 00 00 00 01 00 / 01 02",
       "? > ? nothing 0; link bad_length by header_field"},
      {"a frame of a later version", ieee802_11, "81 00 00 00",
       "? > ? nothing 0; wlan bad_version"},
      {"an acknowledgment", ieee802_11, "d4 00 00 00 02 00 00 00 00 0a", unread},
      {"who looks for a network", ieee802_11, wlan_header("40 00") + "00 00", unread},
      {"a header cut short", ieee802_11, "80 00 00 00 / ff ff ff ff ff ff",
       "? > ? nothing 0; wlan truncated by frame"},
      {"leaves, with HT control", ieee802_11, wlan_header("c0 80") + "01 02 03 04 / 03 00",
       sides + "wlan/12 2 in radio"},
      {"leaves, encrypted", ieee802_11, wlan_header("c0 40") + "01 02 03 04 05 06 07 08",
       sides + "wlan/12 0 of 8 in radio; wlan unsupported"},
      {"data to the access point", ieee802_11, wlan_header("08 01") + snap + "08 00 / " + kTcp4,
       kTcpSays},
      {"data from it", ieee802_11, wlan_header("08 02") + snap + "88 cc / 02 07 04",
       sides + "ethernet/35020 3"},
      {"data over two of them", ieee802_11, wlan_header("08 03") + snap + "88 cc / 02 07 04",
       sides + "ethernet/35020 3"},
      {"data of a class, with HT control", ieee802_11,
       wlan_header("88 81") + "00 00 / 00 00 00 00 / " + snap + "88 cc / 02 07 04",
       sides + "ethernet/35020 3"},
      {"data that is no SNAP", ieee802_11, wlan_header("08 01") + "42 42 03 00 00 00 00 00 00",
       sides + "wlan/32 9 in radio; wlan unsupported"},
      {"data too short for SNAP", ieee802_11, wlan_header("08 01") + "aa aa 03",
       sides + "wlan/32 3; wlan truncated by frame"},
      {"data of a maker's", ieee802_11,
       wlan_header("88 01") + "06 00 / aa aa 03 00 00 0c 20 00 / 02 b4",
       sides + "snap/" + std::to_string(0x0c2000) + " 2"},
      {"encrypted data", ieee802_11, wlan_header("08 41") + "01 02 03 20 00 00 00 00 / 99 99",
       sides + "wlan/32 10 in radio; wlan unsupported"},
      {"a part of data", ieee802_11, wlan_header("08 05") + snap + "08 00 / 45",
       sides + "wlan/32 9 in radio; wlan unsupported"},
      {"several in one", ieee802_11, wlan_header("88 01") + "80 00 / " + kInnerMacs + "00 08",
       sides + "wlan/40 14 in radio; wlan unsupported"},
      {"no data", ieee802_11, wlan_header("48 01"), sides + "wlan/36 0 in radio"},
  };
}

inline std::vector<FrameCase> ip_cases() {
  const auto eth = LinkType::ethernet;
  const auto four = kMacs + "08 00 / ";
  const auto six = kMacs + "86 dd / ";
  const auto addresses = kV6Source + kV6Destination;
  return {
      {"options", eth,
       four + "46 00 00 20 00 00 00 00 40 11 00 00 0a 00 00 01 0a 00 00 02 94 04 00 00 / "
              "00 07 00 09 00 08 00 00",
       "10.0.0.1:7 > 10.0.0.2:9 udp 0"},
      {"ICMP", eth,
       four + "45 00 00 1c 00 00 00 00 40 01 00 00 0a 00 00 01 0a 00 00 02 / "
              "08 00 00 00 00 01 00 01",
       "10.0.0.1 > 10.0.0.2 ip/1 8"},
      {"ESP", eth,
       four + "45 00 00 1c 00 00 00 00 40 32 00 00 0a 00 00 01 0a 00 00 02 / "
              "00 00 00 01 00 00 00 01",
       "10.0.0.1 > 10.0.0.2 ip/50 8"},
      {"AH", eth,
       four + "45 00 00 2c 00 00 00 00 40 33 00 00 0a 00 00 01 0a 00 00 02 / "
              "11 02 00 00 00 00 00 01 00 00 00 01 00 00 00 00 / 00 07 00 09 00 08 00 00",
       "10.0.0.1:7 > 10.0.0.2:9 udp 0"},
      {"a first fragment", eth,
       four + "45 00 00 1c 00 09 20 00 40 11 00 00 0a 00 00 01 0a 00 00 02 / "
              "00 07 00 09 00 20 00 00",
       "10.0.0.1 > 10.0.0.2 ip/17 8 fragment at 0 and more"},
      {"a last fragment", eth,
       four + "45 00 00 17 00 09 00 b9 40 11 00 00 0a 00 00 01 0a 00 00 02 / 01 02 03 / 00 00",
       "10.0.0.1 > 10.0.0.2 ip/17 3 fragment at 1480"},
      {"no length, as before segmentation offload", eth,
       four + "45 00 00 00 00 00 40 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / "
              "04 01 01 f6 00 00 00 64 00 00 00 c8 50 18 20 00 00 00 00 00 / 01 02 03",
       "10.0.0.1:1025 > 10.0.0.2:502 tcp 3; ip bad_length by ip_total_length"},
      {"version 5", eth, four + "55 00 00 14 00 00 00 00 40 06 00 00 0a 00 00 01 0a 00 00 02",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/2048 20; ip bad_version"},
      {"a header of four words", eth,
       four + "44 00 00 14 00 00 00 00 40 06 00 00 0a 00 00 01 0a 00 00 02",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/2048 20; ip bad_length by header_field"},
      {"a total length shorter than the header", eth,
       four + "45 00 00 13 00 00 00 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / 01 02 03 04",
       "10.0.0.1 > 10.0.0.2 ip/6 0; ip bad_length by ip_total_length"},
      {"a total length beyond the frame", eth,
       four + "45 00 00 40 00 00 00 00 40 fd 00 00 0a 00 00 01 0a 00 00 02 / 01 02 03 04",
       "10.0.0.1 > 10.0.0.2 ip/253 4 of 44; ip truncated by frame"},
      {"IPv6", eth, six + kV6Udp + "00 00", kV6Says},
      {"hop-by-hop, routing, destination options", eth,
       six + "60 00 00 00 00 22 00 40 " + addresses +
           "2b 00 01 04 00 00 00 00 / 3c 00 04 00 00 00 00 00 / 11 00 01 04 00 00 00 00 / " + kUdp2,
       kV6Says},
      {"AH in IPv6", eth,
       six + "60 00 00 00 00 1a 33 40 " + addresses +
           "11 02 00 00 00 00 00 01 00 00 00 01 00 00 00 00 / " + kUdp2,
       kV6Says},
      {"a fragment that is the whole (RFC 6946)", eth,
       six + "60 00 00 00 00 12 2c 40 " + addresses + "11 00 00 00 00 00 00 05 / " + kUdp2,
       kV6Says},
      {"an IPv6 fragment", eth,
       six + "60 00 00 00 00 10 2c 40 " + addresses +
           "11 00 05 b1 00 00 00 05 / 01 02 03 04 05 06 07 08",
       "2001:db8::1 > 2001:db8::2 ip/17 8 fragment at 1456 and more"},
      {"no next header", eth, six + "60 00 00 00 00 00 3b 40 " + addresses + "01 02",
       "2001:db8::1 > 2001:db8::2 ip/59 0"},
      {"ICMPv6", eth, six + "60 00 00 00 00 04 3a ff " + addresses + "80 00 00 00",
       "2001:db8::1 > 2001:db8::2 ip/58 4"},
      {"a jumbogram", eth,
       six + "60 00 00 00 00 00 00 40 " + addresses + "11 00 c2 04 00 00 00 12 / " + kUdp2 +
           "00 00",
       kV6Says},
      {"IPv6 with no length", eth, six + "60 00 00 00 00 00 11 40 " + addresses + kUdp2,
       kV6Says + "; ip bad_length by ipv6_payload_length"},
      {"an extension header beyond the payload", eth,
       six + "60 00 00 00 00 08 00 40 " + addresses + "11 01 01 04 00 00 00 00 / " + kUdp2,
       "2001:db8::1 > 2001:db8::2 ip/0 8; ip_extension bad_length by ipv6_payload_length"},
      {"a TCP header of four words", eth,
       four + "45 00 00 28 00 00 40 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / "
              "04 01 01 f6 00 00 00 64 00 00 00 c8 40 18 20 00 00 00 00 00",
       "10.0.0.1 > 10.0.0.2 ip/6 20; tcp bad_length by tcp_data_offset"},
      {"a TCP header beyond the datagram", eth,
       four + "45 00 00 28 00 00 40 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / "
              "04 01 01 f6 00 00 00 64 00 00 00 c8 60 18 20 00 00 00 00 00 / 02 04 05 b4",
       "10.0.0.1 > 10.0.0.2 ip/6 20; tcp bad_length by ip_total_length"},
      {"TCP options", eth,
       four + "45 00 00 2d 00 00 40 00 40 06 00 00 0a 00 00 01 0a 00 00 02 / "
              "04 01 01 f6 00 00 00 64 00 00 00 c8 60 18 20 00 00 00 00 00 / 02 04 05 b4 / 07",
       "10.0.0.1:1025 > 10.0.0.2:502 tcp 1"},
      {"a UDP length below its header", eth,
       four + "45 00 00 1e 00 00 00 00 40 11 00 00 0a 00 00 01 0a 00 00 02 / "
              "00 07 00 09 00 07 00 00 / 01 02",
       "10.0.0.1 > 10.0.0.2 ip/17 10; udp bad_length by udp_length"},
      {"a UDP length of zero", eth,
       four + "45 00 00 1e 00 00 00 00 40 11 00 00 0a 00 00 01 0a 00 00 02 / "
              "00 07 00 09 00 00 00 00 / 01 02",
       "10.0.0.1:7 > 10.0.0.2:9 udp 2"},
      {"a UDP length beyond the datagram", eth,
       four + "45 00 00 1e 00 00 00 00 40 11 00 00 0a 00 00 01 0a 00 00 02 / "
              "00 07 00 09 00 20 00 00 / 01 02",
       "10.0.0.1:7 > 10.0.0.2:9 udp 2 of 24; udp bad_length by ip_total_length"},
      {"a UDP length short of the datagram", eth,
       four + "45 00 00 1e 00 00 00 00 40 11 00 00 0a 00 00 01 0a 00 00 02 / "
              "00 07 00 09 00 09 00 00 / 01 02",
       "10.0.0.1:7 > 10.0.0.2:9 udp 1"},
  };
}

inline std::vector<FrameCase> tunnel_cases() {
  const auto eth = LinkType::ethernet;
  const auto four = kMacs + "08 00 / ";
  const auto inner = kInnerMacs + "08 00 / " + kTcp4;  // 58 bytes
  const std::string label = "00 01 00 40 00 02 01 40 / ";
  return {
      {"MPLS, IPv4", eth, kMacs + "88 47 / " + label + kTcp4, kTcpSays},
      {"MPLS, IPv6", eth, kMacs + "88 48 / 00 02 01 40 / " + kV6Udp, kV6Says},
      {"MPLS, Ethernet behind a control word", eth,
       kMacs + "88 47 / " + label + "00 00 00 01 / " + inner, kTcpSays},
      {"MPLS, Ethernet without one", eth, kMacs + "88 47 / " + label + inner, kTcpSays},
      {"MPLS, nothing known", eth, kMacs + "88 47 / 00 02 01 40 / " + std::string(60, 'f'),
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/34887 34; mpls unsupported"},
      {"PPPoE", eth, kMacs + "88 64 / 11 00 00 05 00 2e / 00 21 / " + kTcp4 + "00 00",
       kTcpSays + " in pppoe 5"},
      {"PPPoE, IPv6 in two tags", eth,
       kMacs + "88 a8 00 02 81 00 00 03 88 64 / 11 00 00 05 00 34 / 00 57 / " + kV6Udp,
       kV6Says + " in vlan 2.3/pppoe 5"},
      {"PPPoE, link control", eth, kMacs + "88 64 / 11 00 00 05 00 06 / c0 21 / 09 01 00 04",
       "00:1b:1b:00:00:01 > 00:1b:1b:00:00:02 ethernet/34916 12; pppoe unsupported"},
      {"IP in IP", eth, four + outer_ipv4(4, 44) + kTcp4, kTcpSays + " in ip-in-ip"},
      {"6in4", eth, four + outer_ipv4(41, 50) + kV6Udp, kV6Says + " in 6in4"},
      {"IPv4 in IPv6", eth,
       kMacs + "86 dd / 60 00 00 00 00 2c 04 40 " + kV6Source + kV6Destination + kTcp4,
       kTcpSays + " in ip-in-ip"},
      {"MPLS in IP", eth, four + outer_ipv4(137, 52) + label + kTcp4, kTcpSays},
      {"GRE", eth, four + outer_ipv4(47, 48) + "00 00 08 00 / " + kTcp4, kTcpSays + " in gre"},
      {"GRE with checksum, key and sequence number", eth,
       four + outer_ipv4(47, 60) + "b0 00 08 00 12 34 00 00 00 00 00 4d 00 00 00 01 / " + kTcp4,
       kTcpSays + " in gre 77"},
      {"GRE, Ethernet", eth, four + outer_ipv4(47, 62) + "00 00 65 58 / " + inner,
       kTcpSays + " in gre"},
      {"GRE, Ethernet with a network and a flow (RFC 7637)", eth,
       four + outer_ipv4(47, 66) + "20 00 65 58 00 10 01 7f / " + inner, kTcpSays + " in gre 4097"},
      {"GRE, MPLS", eth, four + outer_ipv4(47, 52) + "00 00 88 47 00 02 01 40 / " + kTcp4,
       kTcpSays + " in gre"},
      {"PPTP", eth,
       four + outer_ipv4(47, 62) + "30 81 88 0b 00 2e 00 05 00 00 00 01 00 00 00 01 / 00 21 / " +
           kTcp4,
       kTcpSays + " in gre"},
      {"PPTP, an acknowledgment", eth,
       four + outer_ipv4(47, 12) + "20 81 88 0b 00 00 00 05 00 00 00 01",
       "1.1.1.1 > 2.2.2.2 ip/47 12"},
      {"GRE of a later version", eth, four + outer_ipv4(47, 6) + "00 02 08 00 / 45 00",
       "1.1.1.1 > 2.2.2.2 ip/47 6; gre bad_version"},
      {"GRE of something else", eth, four + outer_ipv4(47, 6) + "00 00 12 34 / 45 00",
       "1.1.1.1 > 2.2.2.2 ip/47 6; gre unsupported"},
      {"ERSPAN I", eth, four + outer_ipv4(47, 62) + "00 00 88 be / " + inner,
       kTcpSays + " in erspan 0"},
      {"ERSPAN II", eth,
       four + outer_ipv4(47, 74) + "10 00 88 be 00 00 00 01 / 10 05 18 09 00 00 00 00 / " + inner,
       kTcpSays + " in erspan 9"},
      {"ERSPAN III", eth,
       four + outer_ipv4(47, 78) +
           "10 00 22 eb 00 00 00 01 / 20 05 00 09 00 00 00 00 00 00 00 00 / " + inner,
       kTcpSays + " in erspan 9"},
      {"ERSPAN III with a subheader", eth,
       four + outer_ipv4(47, 86) +
           "10 00 22 eb 00 00 00 01 / 20 05 00 09 00 00 00 00 00 00 00 01 / "
           "00 00 00 00 00 00 00 00 / " +
           inner,
       kTcpSays + " in erspan 9"},
      {"ERSPAN II, cut by the switch", eth,
       four + outer_ipv4(47, 72) + "10 00 88 be 00 00 00 01 / 10 05 04 09 00 00 00 00 / " +
           inner.substr(0, inner.size() - 7),
       "10.0.0.1:1025 > 10.0.0.2:502 tcp 2 of 4 in erspan 9; ip truncated by capture"},
      {"VXLAN", eth, four + outer_udp(4789, 66) + "08 00 00 00 00 10 00 00 / " + inner,
       kTcpSays + " in vxlan 4096"},
      {"VXLAN on Linux's first port, from a tagged frame", eth,
       kMacs + "81 00 00 05 08 00 / " + outer_udp(8472, 66) + "08 00 00 00 00 10 00 00 / " + inner,
       kTcpSays + " in vlan 5/vxlan 4096"},
      {"VXLAN, reserved bits set, of IP all the same", eth,
       four + outer_udp(4789, 66) + "08 11 22 33 00 10 00 44 / " + inner,
       kTcpSays + " in vxlan 4096"},
      {"not VXLAN: no network", eth,
       four + outer_udp(4789, 66) + "00 00 00 00 00 10 00 00 / " + inner,
       "1.1.1.1:40000 > 2.2.2.2:4789 udp 66"},
      {"not VXLAN: reserved bits, no known frame", eth,
       four + outer_udp(4789, 24) + "08 01 00 00 00 10 00 00 / " + kInnerMacs + "12 34 / 01 02",
       "1.1.1.1:40000 > 2.2.2.2:4789 udp 24"},
      {"VXLAN of any protocol: Ethernet", eth,
       four + outer_udp(4790, 66) + "0c 00 00 03 00 10 00 00 / " + inner,
       kTcpSays + " in vxlan 4096"},
      {"VXLAN of any protocol: IPv4", eth,
       four + outer_udp(4790, 52) + "0c 00 00 01 00 10 00 00 / " + kTcp4,
       kTcpSays + " in vxlan 4096"},
      {"VXLAN of any protocol: a service header", eth,
       four + outer_udp(4790, 12) + "0c 00 00 04 00 10 00 00 / 00 02 01 03",
       "1.1.1.1:40000 > 2.2.2.2:4790 udp 12"},
      {"Geneve with an option", eth,
       four + outer_udp(6081, 70) + "01 00 65 58 00 00 0a 00 / 00 00 00 00 / " + inner,
       kTcpSays + " in geneve 10"},
      {"Geneve, IPv4", eth, four + outer_udp(6081, 52) + "00 00 08 00 00 00 0a 00 / " + kTcp4,
       kTcpSays + " in geneve 10"},
      {"not Geneve: a later version", eth,
       four + outer_udp(6081, 52) + "40 00 08 00 00 00 0a 00 / " + kTcp4,
       "1.1.1.1:40000 > 2.2.2.2:6081 udp 52"},
      {"GTP-U", eth, four + outer_udp(2152, 52) + "30 ff 00 2c 00 00 00 01 / " + kTcp4,
       kTcpSays + " in gtp"},
      {"GTP-U with a sequence number and an extension", eth,
       four + outer_udp(2152, 60) + "36 ff 00 34 00 00 00 01 / 00 01 00 85 / 01 00 09 00 / " +
           kTcp4,
       kTcpSays + " in gtp"},
      {"GTP-U, an echo", eth, four + outer_udp(2152, 12) + "32 01 00 04 00 00 00 00 / 00 01 00 00",
       "1.1.1.1:40000 > 2.2.2.2:2152 udp 12"},
      {"not GTP-U: its length is beyond the datagram", eth,
       four + outer_udp(2152, 52) + "30 ff 00 2d 00 00 00 01 / " + kTcp4,
       "1.1.1.1:40000 > 2.2.2.2:2152 udp 52"},
      {"tunnels in tunnels", eth,
       kMacs + "81 00 00 05 08 00 / " + outer_ipv4(47, 106) + "20 00 08 00 00 00 00 07 / " +
           outer_udp(4789, 70) + "08 00 00 00 00 10 00 00 / " + kInnerMacs +
           "81 00 00 0c 08 00 / " + kTcp4,
       kTcpSays + " in vlan 5/gre 7/vxlan 4096/vlan 12"},
  };
}

inline std::vector<FrameCase> all_cases() {
  auto cases = link_cases();
  for (auto& more : {wlan_cases(), ip_cases(), tunnel_cases()})
    cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace sekimori::test
