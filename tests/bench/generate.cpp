// Writes the benchmark's captures, the same bytes every time.
//
// ics: small packets of a control network; 90 % Modbus/TCP of 4 masters to 250 controllers, 10 %
// S7, EtherNet/IP, DNP3 and office traffic.
// hosts: so many stations in cells of 250, each the client of 10 flows that all stay alive, spread
// over some peers: the last of them one of 20 central web servers, the others Modbus neighbours.

#include "wire.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <exception>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using sekimori::bench::be16;
using sekimori::bench::Bytes;
using sekimori::bench::Connection;
using sekimori::bench::le16;
using sekimori::bench::le32;
using sekimori::bench::Wire;

class Talk {
 public:
  explicit Talk(Wire& wire) : wire_(wire) {}

  [[nodiscard]] Connection connect(std::uint32_t client, std::uint32_t server, unsigned port,
                                   unsigned to) {
    Connection made{client, server, static_cast<std::uint16_t>(port),
                    static_cast<std::uint16_t>(to)};
    wire_.shake_hands(made);
    return made;
  }

  void poll_modbus(Connection& on) {
    Bytes ask;
    be16(ask, on.transaction);
    for (const unsigned value : {0U, 6U, 0x0103U, (on.server % 8) * 10, 10U}) be16(ask, value);
    Bytes answer;
    be16(answer, on.transaction);
    for (const unsigned value : {0U, 23U, 0x0103U}) be16(answer, value);
    answer.push_back(20);
    for (unsigned i = 0; i < 10; ++i) be16(answer, draw() & 0xffffU);
    wire_.exchange(on, ask, answer);
  }

  void read_s7(Connection& on) {
    wire_.exchange(
        on, {0x03, 0x00, 0x00, 0x1f, 0x02, 0xf0, 0x80, 0x32, 0x01, 0x00, 0x00,
             0x00, 0x01, 0x00, 0x0e, 0x00, 0x00, 0x04, 0x01, 0x12, 0x0a, 0x10,
             0x02, 0x00, 0x04, 0x00, 0x01, 0x84, 0x00, 0x00, 0x00},
        {0x03, 0x00, 0x00, 0x1d, 0x02, 0xf0, 0x80, 0x32, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02,
         0x00, 0x08, 0x00, 0x00, 0x04, 0x01, 0xff, 0x04, 0x00, 0x20, 0x01, 0x02, 0x03, 0x04});
  }

  void knock_enip(Connection& on) {
    Bytes message;
    le16(message, 0x70);
    le16(message, 0);
    for (int i = 0; i < 5; ++i) le32(message, 0);
    wire_.exchange(on, message, message);
  }

  void read_dnp3(Connection& on) {
    wire_.exchange(on,
                   {0x05, 0x64, 0x0b, 0xc4, 0x01, 0x00, 0x04, 0x00, 0x46, 0xb2, 0xc0, 0xc0, 0x01,
                    0x3c, 0x02, 0x06, 0x54, 0xe0},
                   {0x05, 0x64, 0x0a, 0x44, 0x04, 0x00, 0x01, 0x00, 0x92, 0xe4, 0xc0, 0xc0, 0x81,
                    0x00, 0x00, 0x9c, 0xe8});
  }

  void get_page(Connection& on) {
    constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: intranet\r\n\r\n";
    constexpr std::string_view kOk = "HTTP/1.1 304 Not Modified\r\nServer: web\r\n\r\n";
    wire_.exchange(on, {kGet.begin(), kGet.end()}, {kOk.begin(), kOk.end()});
  }

  void ask_name(std::uint32_t client, std::uint32_t server) {
    constexpr std::string_view kName =
        "\x05plant\x07"
        "example";
    Bytes ask;
    be16(ask, draw() & 0xffffU);
    for (const unsigned value : {0x0100U, 1U, 0U, 0U, 0U}) be16(ask, value);
    ask.insert(ask.end(), kName.begin(), kName.end());
    ask.insert(ask.end(), {0, 0, 1, 0, 1});
    wire_.datagram(client, server, 53000, 53, ask);
    auto answer = ask;
    answer[2] = 0x81;
    answer[3] = 0x80;
    answer[7] = 1;
    answer.insert(answer.end(), {0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 10, 0, 9});
    wire_.datagram(server, client, 53, 53000, answer);
  }

  std::uint32_t draw() { return static_cast<std::uint32_t>(random_()); }

 private:
  Wire& wire_;
  std::mt19937 random_{20121112};
};

void control_network(Wire& wire, std::uint64_t packets) {
  Talk talk{wire};
  std::vector<Connection> modbus, s7, enip, dnp3;
  for (unsigned master = 0; master < 4; ++master) {
    for (unsigned plc = 0; plc < 250; ++plc)
      modbus.push_back(talk.connect(wire.host(0x0a1e0002 + master), wire.host(0x0a280001 + plc),
                                    40000 + plc, 502));
  }
  for (unsigned i = 0; i < 10; ++i) {
    s7.push_back(talk.connect(wire.host(0x0a1e0010), wire.host(0x0a290001 + i), 41000 + i, 102));
    enip.push_back(
        talk.connect(wire.host(0x0a1e0011), wire.host(0x0a2a0001 + i), 42000 + i, 44818));
    dnp3.push_back(
        talk.connect(wire.host(0x0a1e0012), wire.host(0x0a2b0001 + i), 43000 + i, 20000));
  }
  const auto office = wire.host(0x0a0a0001);
  auto page = talk.connect(wire.host(0x0a0a0005), office, 50000, 80);
  std::size_t turn = 0;
  while (wire.written() < packets) {
    const auto draw = talk.draw() % 100;
    if (draw < 90) {
      talk.poll_modbus(modbus[turn++ % modbus.size()]);
    } else if (draw < 93) {
      talk.read_s7(s7[talk.draw() % s7.size()]);
    } else if (draw < 95) {
      talk.knock_enip(enip[talk.draw() % enip.size()]);
    } else if (draw < 97) {
      talk.read_dnp3(dnp3[talk.draw() % dnp3.size()]);
    } else if (draw < 99) {
      talk.ask_name(wire.host(0x0a0a0007), office);
    } else {
      talk.get_page(page);
    }
  }
}

struct Series {
  std::uint32_t hosts = 0;
  std::uint32_t flows = 0;  // of each host
  std::uint32_t peers = 0;  // over which its flows are spread
};

void many_hosts(Wire& wire, std::uint64_t packets, const Series& series) {
  constexpr std::uint32_t kCell = 250;
  constexpr std::uint32_t kServers = 20;
  constexpr std::uint32_t kFirstCell = 0x0a010001;    // 10.1.0.1
  constexpr std::uint32_t kFirstServer = 0x0a000001;  // 10.0.0.1
  Talk talk{wire};
  const auto station = [&](std::uint32_t number) {
    return wire.host(kFirstCell + number / kCell * 256 + number % kCell);
  };
  // The end of the last cell may be short, and has fewer neighbours then.
  const auto neighbour = [&](std::uint32_t number, std::uint32_t away) {
    const auto first = number / kCell * kCell;
    return first + (number - first + away) % std::min(kCell, series.hosts - first);
  };
  std::vector<Connection> flows;
  flows.reserve(std::size_t{series.hosts} * series.flows);
  for (std::uint32_t flow = 0; flow < series.flows; ++flow) {
    const auto peer = flow % series.peers;
    const bool is_central = peer + 1 == series.peers;
    for (std::uint32_t number = 0; number < series.hosts; ++number) {
      const auto server = is_central ? wire.host(kFirstServer + number % kServers)
                                     : station(neighbour(number, peer + 1));
      flows.push_back(talk.connect(station(number), server, 49152 + flow, is_central ? 80 : 502));
    }
  }
  const auto speak = [&](Connection& on) {
    on.server_port == 80 ? talk.get_page(on) : talk.poll_modbus(on);
  };
  for (auto& flow : flows) speak(flow);
  while (wire.written() < packets) speak(flows[talk.draw() % flows.size()]);
}

std::uint64_t number(const char* text) {
  std::uint64_t value = 0;
  const auto* const end = text + std::strlen(text);
  const auto [at, error] = std::from_chars(text, end, value);
  if (error != std::errc{} || at != end || value == 0)
    throw std::invalid_argument(std::string{text} + ": no number above 0");
  return value;
}

int run(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (!(what == "ics" && argc == 4) && !(what == "hosts" && argc == 7)) {
    std::cerr << "usage: bench_generate ics PACKETS FILE\n"
                 "       bench_generate hosts HOSTS FLOWS_EACH PEERS_EACH PACKETS_AT_LEAST FILE\n";
    return 2;
  }
  Wire wire{argv[argc - 1]};
  if (what == "ics") {
    control_network(wire, number(argv[2]));
  } else {
    many_hosts(
        wire, number(argv[5]),
        {static_cast<std::uint32_t>(number(argv[2])), static_cast<std::uint32_t>(number(argv[3])),
         static_cast<std::uint32_t>(number(argv[4]))});
  }
  if (!wire.close()) {
    std::cerr << argv[argc - 1] << ": cannot write\n";
    return 2;
  }
  std::cerr << wire.written() << " packets\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench_generate: " << error.what() << '\n';
    return 2;
  }
}
