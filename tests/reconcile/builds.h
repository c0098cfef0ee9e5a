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

/// With a list; its entries follow the names of its columns.
inline Build with_list(const Build& build, const std::string& kind, const std::string& csv) {
  return both(build, [=](Plant& plant) { plant.hand_over(kind, csv); });
}

/// With a table of allowed flows of one entry.
inline Build permitting(const Build& build, const std::string& client, const std::string& server) {
  return with_list(build, "flows", "client,server\n" + client + ',' + server + '\n');
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

/// The hosts get names of their own.
inline void renamed(Plant& plant) {
  plant.run("UPDATE asset SET name = name || ' ' || asset WHERE name NOT LIKE '% %'");
}

/// All that was seen, was seen between two days after the first capture's begin.
inline Build between(double first, double last, const Build& build) {
  return both(build, [=](Plant& plant) {
    const auto day = [](double days) { return std::to_string(1704067200 + days * 86400); };
    for (const auto* const table : {"conversation", "event", "property", "asset"})
      plant.run("UPDATE " + std::string{table} + " SET first_seen = " + day(first) +
                ", last_seen = " + day(last));
  });
}

/// A second capture, 30 days after the first one.
inline Build one_more(const Build& build) {
  return both([](Plant& plant) { plant.capture("BCDFRMW", kCovered); }, build);
}

/// Captures of 30, 60, 90 and 120 days after the first one.
inline Build four_more(const Build& build) {
  return both(many(4, [](Plant& plant) { plant.capture("BCDFRMW", kCovered); }), build);
}

/// Every host runs a Windows 10 of 2018.
inline Build on_windows(const Build& build) {
  return both(build, [](Plant& plant) {
    plant.run(
        "UPDATE asset SET os = 'Windows 10 / Server 2019 (10.0.17763)', "
        "last_seen = 1704067200");
  });
}

/// Every client says that it runs a Windows whose support has ended.
inline Build old_host(const Build& build) {
  return both(build, [](Plant& plant) {
    for (int asset = 1; asset <= 6; asset += 2)
      if (plant.has(asset)) plant.property(asset, "os", "Windows 7 (6.1.7601)", "ntlm");
  });
}

/// A Windows host that tries the file service of many, and is let in by some.
inline Build spreading(int hosts, int open) {
  return on_windows([=](Plant& plant) {
    const auto source = plant.host("pc", Plant::control);
    for (int i = 0; i < hosts; ++i)
      plant.talk(source, plant.host("pc", Plant::control),
                 tcp(i < open ? "smb" : "", 445, i < open ? "S3" : "S1"));
  });
}

/// Somebody who tries fifteen services.
inline Build probing(double first, double last) {
  return between(first, last, [](Plant& plant) {
    const auto source = plant.host("pc", Plant::office);
    const auto server = plant.host("hmi", Plant::control);
    for (int port = 1; port <= 15; ++port) plant.talk(source, server, tcp("", port, "S1"));
  });
}

/// Laptops of half a day that ask for the Internet.
inline Build visiting(int laptops) {
  return between(2, 2.5, [=](Plant& plant) {
    for (int i = 0; i < laptops; ++i)
      plant.talk(plant.host("pc", Plant::control), plant.host("site", Plant::internet),
                 tcp("", 443, "S1"));
    plant.run("UPDATE asset SET vendor = 'Dell Inc.' WHERE kind = 'device'");
  });
}

/// One account, used from so many hosts at once.
inline Build logins(int hosts, Plant::Zone from) {
  return [=](Plant& plant) {
    const auto server = plant.host("server", Plant::control, "server");
    for (int i = 0; i < hosts; ++i)
      plant.event(plant.talk(plant.host("pc", from), server, sealed("rdp", 3389)), "login",
                  "user tanaka");
    plant.run(
        "UPDATE event SET first_seen = 1000, last_seen = 2000, last_capture = 1, "
        "last_frame = 8");
    plant.run("UPDATE conversation SET longest = last_seen - first_seen");
  };
}

}  // namespace sekimori::test
