#pragma once

#include "plant.h"

#include <functional>
#include <string>

namespace sekimori::test {

using Build = std::function<void(Plant&)>;

inline constexpr double kCovered = 8;  // days, from Monday over a weekend

inline Talk tcp(const std::string& protocol, int port, const std::string& strength = "S3",
                int flows = 1) {
  return {.protocol = protocol, .port = port, .strength = strength, .flows = flows};
}

inline Talk sealed(const std::string& protocol, int port) {
  return {.protocol = protocol, .port = port, .encrypted = 1};
}

inline Talk udp(const std::string& protocol, int port, const std::string& strength = "S3") {
  return {.protocol = protocol, .port = port, .transport = "udp", .strength = strength};
}

/// A host in each of two zones and what passes between them, client first.
inline Build link(Plant::Zone from, Plant::Zone to, const Talk& talk = {},
                  const std::string& server_role = "plc",
                  const std::string& client_role = "workstation") {
  return [=](Plant& plant) {
    const auto client = plant.host("client", from, client_role);
    plant.talk(client, plant.host("server", to, server_role), talk);
  };
}

inline Build both(const Build& one, const Build& other) {
  return [=](Plant& plant) {
    one(plant);
    other(plant);
  };
}

inline Build allowing(const Build& build, const std::string& client, const std::string& server) {
  return both(build, [=](Plant& plant) { plant.allow(client, server); });
}

/// `times` pairs of hosts of the same zones.
inline Build many(int times, const Build& build) {
  return [=](Plant& plant) {
    for (int i = 0; i < times; ++i) build(plant);
  };
}

inline Build with_event(Plant::Zone from, Plant::Zone to, const Talk& talk, const std::string& kind,
                        const std::string& detail, const std::string& server_role = "plc") {
  return [=](Plant& plant) {
    const auto client = plant.host("client", from);
    const auto server = plant.host("server", to, server_role);
    plant.event(plant.talk(client, server, talk), kind, detail, server);
  };
}

inline Build engineering(Plant::Zone from, const std::string& access) {
  return [=](Plant& plant) {
    const auto client = plant.host("ews", from);
    const auto server = plant.host("plc", Plant::field, "plc");
    plant.operation(plant.talk(client, server, tcp("s7comm", 102)), "request-download", access);
  };
}

inline Build same_name(double first, double last) {
  return [=](Plant& plant) {
    const auto inside = plant.host("ES1", Plant::control);
    const auto outside = plant.host("ES1", Plant::office);
    plant.property(inside, "name", "ES1-PC", "nbns", 1000, 2000);
    plant.property(outside, "name", "es1-pc", "nbns", first, last);
    plant.talk(inside, plant.host("plc", Plant::field, "plc"));
  };
}

inline Build services(int count) {
  return [=](Plant& plant) {
    const auto client = plant.host("office pc", Plant::office);
    for (int i = 0; i < count; ++i)
      plant.talk(client, plant.host("plc", Plant::control, "plc"), tcp("", 5000 + i, "S2", 3));
  };
}

inline Build broadcast_domain(const std::string& one, const std::string& other) {
  return [=](Plant& plant) {
    plant.claim(plant.host("office pc", Plant::office), one);
    plant.claim(plant.host("hmi", Plant::control, "hmi"), other);
  };
}

inline Build walled(const std::string& verdict, const Build& build) {
  return both(build, [=](Plant& plant) { plant.wall(Plant::office, Plant::control, verdict); });
}

/// A remote user at a host of the DMZ, which goes on inward by itself.
inline Build jump(const Talk& talk) {
  return [=](Plant& plant) {
    const auto jump_host = plant.host("jump", Plant::dmz, "jump_host");
    plant.talk(plant.host("vendor", Plant::remote), jump_host, talk);
    plant.talk(jump_host, plant.host("ews", Plant::control, "engineering_station"),
               sealed("rdp", 3389));
  };
}

inline Build relay(const std::string& outside, const std::string& inside) {
  return [=](Plant& plant) {
    const auto server = plant.host("relay", Plant::dmz, "server");
    plant.talk(plant.host("pc", Plant::office), server, tcp(outside, 80));
    plant.talk(server, plant.host("hist", Plant::control, "historian"), tcp(inside, 80));
  };
}

inline const Build quiet = link(Plant::control, Plant::field);

}  // namespace sekimori::test
