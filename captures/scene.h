#pragma once

#include "sekimori/capture/frame.h"

#include <tins/tins.h>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::captures {

using Payload = std::vector<std::uint8_t>;

/// Bytes as people write them: hex digits, with blanks and `/` at the field borders.
[[nodiscard]] Payload hex(std::string_view text);
[[nodiscard]] Payload text(std::string_view text);
[[nodiscard]] Payload operator+(Payload left, const Payload& right);

/// A station of the plant. `vlan` 0: untagged; kOutside: beyond the router, never seen on a wire
/// that the mirror port sees.
struct Station {
  static constexpr unsigned kOutside = 4096;

  std::string mac;
  std::string ip;
  unsigned vlan = 0;
  std::uint16_t next_id = 1;  ///< of the IP header, one more for each packet
  std::uint16_t next_port = 49152;
  std::uint8_t ttl = 64;  ///< as it sends; Windows says 128
};

class Session;

/// A plant on paper: stations talk, the mirror port writes down what passes. A station of another
/// VLAN is reached through the router: the packet is then seen on both of its sides, with one TTL
/// less behind it. Time goes on by what is said, so that the same scene makes the same bytes.
class Scene {
 public:
  Scene();

  /// The MAC that the router shows in every VLAN.
  static constexpr std::string_view kRouterMac = "00:00:0c:9f:f0:01";

  Station& station(const std::string& mac, const std::string& ip, unsigned vlan = 0);
  void wait(double seconds);
  /// Goes to a time of the scene, in seconds from its beginning.
  void go_to(double seconds);
  [[nodiscard]] std::uint32_t second() const;  ///< since the beginning

  /// A full TCP handshake; the client's port is its next ephemeral one.
  Session connect(Station& client, Station& server, std::uint16_t port);
  /// What a filter on the way drops is seen on its near side alone.
  enum class Fate : std::uint8_t { delivered, dropped };
  /// A SYN without answer, sent `times` as hosts do.
  void attempt(Station& client, Station& server, std::uint16_t port, Fate fate = Fate::delivered,
               int times = 1);
  /// A SYN that the router's filter drops and tells so: ICMP type 3, code 13.
  void forbid(Station& client, Station& server, std::uint16_t port, Station& router);
  /// A SYN answered by RST.
  void refuse(Station& client, Station& server, std::uint16_t port);

  void datagram(Station& from, Station& to, std::uint16_t source, std::uint16_t destination,
                const Payload& payload);
  /// To an address that no station has: a broadcast or multicast group.
  void datagram(Station& from, const std::string& ip, const std::string& mac, std::uint16_t source,
                std::uint16_t destination, const Payload& payload);
  /// A datagram that nobody answers because it does not get through the router.
  void drop_datagram(Station& from, Station& to, std::uint16_t source, std::uint16_t destination,
                     const Payload& payload);
  /// Asks for an address and is answered.
  void resolve(Station& asks, Station& answers);
  /// A host tells its own address to all.
  void announce(Station& station);
  void ping(Station& from, Station& to);
  /// Any Ethernet frame of a station.
  void ethernet(Station& from, const std::string& to_mac, std::uint16_t type,
                const Payload& payload);
  /// A frame of 802.11 as a radio in monitor mode hears it, behind radiotap. A scene is of the wire
  /// or of the air.
  void radio(const Payload& frame);

  /// A second mirror port sees again what was seen so far, so many seconds later.
  void see_again(double delay);
  /// What was seen so far went over two networks by PRP (IEC 62439-3, 4.2.7): each frame has a
  /// trailer, and its twin passes in another VLAN. Of tagged frames.
  void send_twice(unsigned other_vlan);

  /// Writes what the mirror port saw, in order of time.
  void write(const std::filesystem::path& path) const;

 private:
  friend class Session;
  struct Seen {
    std::int64_t time;
    std::vector<std::uint8_t> bytes;
    LinkType link = LinkType::ethernet;
  };

  void send(Station& from, const Station& to, Tins::PDU& transport, Fate fate = Fate::delivered);
  void put(unsigned vlan, const std::string& from_mac, const std::string& to_mac,
           const Tins::PDU& inner, std::int64_t delay);

  std::int64_t now_;
  std::deque<Station> stations_;
  std::vector<Seen> seen_;
};

/// A TCP session between two stations.
class Session {
 public:
  Session(Scene& scene, Station& client, Station& server, std::uint16_t client_port,
          std::uint16_t port);

  Session& say(const Payload& payload);     ///< from the client
  Session& answer(const Payload& payload);  ///< from the server
  Session& keep_alive();  ///< by the client: an empty segment that was acknowledged before
  Session& close();
  Session& reset();  ///< by the client

 private:
  friend class Scene;
  void segment(bool from_client, std::uint16_t flags, const Payload& payload = {},
               Scene::Fate fate = Scene::Fate::delivered);

  Scene& scene_;
  Station& client_;
  Station& server_;
  std::uint16_t client_port_;
  std::uint16_t port_;
  std::uint32_t client_sequence_;
  std::uint32_t server_sequence_;
};

}  // namespace sekimori::captures
