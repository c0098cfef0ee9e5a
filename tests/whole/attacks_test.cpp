// Whoever sends what, a reading stays within its --memory, says which bound was reached, and still
// knows the plant's own traffic exactly. The floods are made here, with the least memory allowed.

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"
#include "sekimori/model/observe.h"

#include "folder.h"
#include "heap_meter.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace sekimori::test {
namespace {

using namespace std::literals;

std::string be16(std::uint32_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value)};
}
std::string be32(std::uint32_t value) {
  return be16(value >> 16U) + be16(value & 0xffffU);
}

std::string mac(std::uint32_t number) {
  return "\x02\x00"s + be32(number);
}
constexpr auto kSender = "\x02\x00\x00\x00\x00\x01"sv;

std::string ethernet(std::string_view payload, std::string_view source = kSender,
                     std::uint32_t type = 0x0800) {
  return "\x02\x00\x00\x00\x00\x02"s + std::string{source} + be16(type) + std::string{payload};
}
/// `place`: the flags and offset of fragmentation.
std::string ipv4(std::uint32_t from, std::uint32_t to, std::uint8_t protocol, std::string_view body,
                 std::uint32_t id = 0, std::uint32_t place = 0) {
  return "\x45\x00"s + be16(static_cast<std::uint32_t>(20 + body.size())) + be16(id) + be16(place) +
         "\x40"s + static_cast<char>(protocol) + "\x00\x00"s + be32(from) + be32(to) +
         std::string{body};
}
std::string tcp(std::uint32_t from, std::uint32_t to, std::uint32_t sequence,
                std::uint32_t acknowledgment, std::uint8_t flags, std::string_view payload) {
  return be16(from) + be16(to) + be32(sequence) + be32(acknowledgment) + "\x50"s +
         static_cast<char>(flags) + be16(8192) + "\x00\x00\x00\x00"s + std::string{payload};
}
std::string udp(std::uint32_t from, std::uint32_t to, std::string_view payload) {
  return be16(from) + be16(to) + be16(static_cast<std::uint32_t>(8 + payload.size())) +
         "\x00\x00"s + std::string{payload};
}

constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kAck = 0x10;

/// Writes frames a tenth of a millisecond apart.
class Wire {
 public:
  explicit Wire(const std::filesystem::path& path) : writer_(path) {}
  ~Wire() { writer_.finish(); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void frame(std::string_view bytes) {
    Frame frame;
    frame.bytes = bytes_of(bytes);
    frame.wire_length = static_cast<std::uint32_t>(bytes.size());
    frame.time = time_ += 100'000;
    writer_.write(frame);
  }

  std::uint32_t chance() { return static_cast<std::uint32_t>(chance_()); }

 private:
  CaptureWriter writer_;
  std::mt19937 chance_{17};  // the same flood every time
  std::int64_t time_ = 1'700'000'000'000'000'000;
};

/// A TCP connection from a client to a server, spoken in turn.
class Talk {
 public:
  Talk(Wire& wire, std::uint32_t client, std::uint32_t port, std::uint32_t server,
       std::uint32_t service)
      : wire_(wire), end_{client, server}, port_{port, service} {
    send(0, kSyn, "");
    ++next_[0];
    send(1, kSyn | kAck, "");
    ++next_[1];
  }
  Talk& ask(std::string_view payload) { return say(0, payload); }
  Talk& answer(std::string_view payload) { return say(1, payload); }
  /// So many bytes of the client are never seen.
  Talk& lose(std::uint32_t bytes) {
    next_[0] += bytes;
    return *this;
  }

 private:
  Talk& say(std::size_t who, std::string_view payload) {
    send(who, kAck, payload);
    next_[who] += static_cast<std::uint32_t>(payload.size());
    return *this;
  }
  void send(std::size_t who, std::uint8_t flags, std::string_view payload) {
    const auto other = 1 - who;
    wire_.frame(ethernet(
        ipv4(end_[who], end_[other], 6,
             tcp(port_[who], port_[other], next_[who], next_[other], flags, payload), ++id_)));
  }

  Wire& wire_;
  std::array<std::uint32_t, 2> end_;
  std::array<std::uint32_t, 2> port_;
  std::array<std::uint32_t, 2> next_{1000, 2000};
  std::uint32_t id_ = 0;
};

std::string modbus(std::uint32_t transaction, std::uint8_t unit, std::string_view pdu) {
  return be16(transaction) + "\x00\x00"s + be16(static_cast<std::uint32_t>(pdu.size() + 1)) +
         static_cast<char>(unit) + std::string{pdu};
}

constexpr std::uint32_t kMaster = 0x0a000001;
constexpr std::uint32_t kPlc = 0x0a000002;
constexpr std::uint64_t kReads = 10;

/// The plant's own traffic: ten reads, before and after the flood.
void plant(Wire& wire, std::uint32_t port) {
  Talk talk{wire, kMaster, port, kPlc, 502};
  for (std::uint32_t i = 0; i < kReads; ++i)
    talk.ask(modbus(i, 1, "\x03\x00\x00\x00\x01"s)).answer(modbus(i, 1, "\x03\x02\x00\x07"s));
}

struct Attack {
  std::string_view name;
  std::string_view cap;  // that must have been reached; empty: none has to be
  std::function<void(Wire&)> flood;
};

const auto kAttacks = std::to_array<Attack>({
    {"SYNs from random addresses", "bytes of conversations",
     [](Wire& wire) {
       for (int i = 0; i < 120'000; ++i)
         wire.frame(ethernet(ipv4(wire.chance(), kPlc, 6,
                                  tcp(wire.chance() & 0xffffU, 502, wire.chance(), 0, kSyn, ""))));
     }},
    {"a million MACs", "bytes of bindings",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 1'000'000; ++i)
         wire.frame(ethernet(ipv4(0xc0a80000 + i % 251, 0xe0000001, 17, udp(5000, 5001, "x")),
                             mac(wire.chance())));
     }},
    {"a million flows to as many ports", "flows",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 400'000; ++i)
         wire.frame(
             ethernet(ipv4(0xc0a80001 + i / 60'000, kPlc, 17, udp(2000 + i % 60'000, 9, "x"))));
     }},
    {"tiny overlapping fragments", "bytes of unfinished datagrams",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 200'000; ++i) {
         constexpr std::uint32_t kMore = 0x2000;
         wire.frame(ethernet(
             ipv4(0xc0a80001, kPlc, 6, std::string(8 + i % 9, 'f'), i / 7, kMore | (i % 5))));
       }
     }},
    {"segments of one byte", "",
     [](Wire& wire) {
       Talk talk{wire, 0xc0a80001, 40000, kPlc, 502};
       for (std::uint32_t i = 0; i < 10'000; ++i)
         for (const auto letter : modbus(i, 1, "\x03\x00\x00\x00\x01"s)) talk.ask({&letter, 1});
     }},
    {"endless streams with holes", "bytes behind holes",
     [](Wire& wire) {
       std::vector<Talk> talks;
       for (std::uint32_t i = 0; i < 200; ++i)
         talks.emplace_back(wire, 0xc0a80001, 40000 + i, kPlc, 502);
       const std::string bytes(1400, 'h');
       for (int round = 0; round < 200; ++round)
         for (auto& talk : talks) talk.lose(1).ask(bytes);
     }},
    {"bytes alone behind holes, in many connections", "bytes behind holes",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 5'000; ++i) {
         Talk talk{wire, 0xc0a80001, 20000 + i, kPlc, 502};
         for (int each = 0; each < 64; ++each) talk.lose(1).ask("h");
       }
     }},
    {"messages that never end", "bytes of unfinished messages",
     [](Wire& wire) {
       // EtherNet/IP: sessions are registered, then a SendRRData of 65 KB never comes to its end.
       std::vector<Talk> talks;
       for (std::uint32_t i = 0; i < 300; ++i)
         talks.emplace_back(wire, 0xc0a80001, 40000 + i, kPlc + 1, 44818);
       const auto session = "\x65\x00\x04\x00"s + std::string(20, '\0') + "\x01\x00\x00\x00"s;
       for (auto& talk : talks)
         talk.ask(session).answer(session).ask("\x6f\x00\xf0\xff"s + std::string(20, '\0'));
       const std::string bytes(1400, 'm');
       for (int round = 0; round < 40; ++round)
         for (auto& talk : talks) talk.ask(bytes);
     }},
    {"requests that nobody answers", "bytes of unfinished messages",
     [](Wire& wire) {
       std::vector<Talk> talks;
       for (std::uint32_t i = 0; i < 800; ++i)
         talks.emplace_back(wire, 0xc0a80001, 40000 + i, kPlc + 1, 502);
       for (std::uint32_t round = 0; round < 200; ++round)
         for (auto& talk : talks) talk.ask(modbus(round, 1, "\x03\x00\x00\x00\x01"s));
     }},
    {"stacks of VLANs, each another", "segments",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 60'000; ++i) {
         auto inner = ipv4(0xc0a80001, kPlc, 17, udp(5000, 5001, "x"));
         std::string tags;
         for (int depth = 0; depth < 30; ++depth)
           tags += be16(1 + (wire.chance() & 0x7ffU)) + be16(depth == 29 ? 0x0800 : 0x8100);
         wire.frame(ethernet(tags + inner, kSender, 0x8100));
       }
     }},
    {"tunnels in tunnels", "",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 20'000; ++i) {
         auto inside = ipv4(0xc0a80001, kPlc, 17, udp(5000, 5001, "x"));
         for (std::uint32_t depth = 0; depth < 60; ++depth)
           inside = ipv4(0xac100000 + wire.chance() % 65536, 0xac110001, 4, inside);
         wire.frame(ethernet(inside));
       }
     }},
    {"names of sixty kilobytes, each another", "bytes of properties",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 9'000; ++i) {
         Talk talk{wire, 0xc0a80001, 20000 + i % 30'000, kPlc + 1, 80};
         talk.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
         const auto name = std::to_string(i) + std::string(i < 20 ? 60'000 : 600, 'n');
         const auto answer = "HTTP/1.1 200 OK\r\nServer: " + name + "\r\nContent-Length: 0\r\n\r\n";
         for (std::size_t at = 0; at < answer.size(); at += 1400)
           talk.answer(std::string_view{answer}.substr(at, 1400));
       }
     }},
    {"a million Modbus targets", "",  // ranges of few operations
     [](Wire& wire) {
       Talk talk{wire, 0xc0a80001, 40000, kPlc + 1, 502};
       for (std::uint32_t i = 0; i < 300'000; ++i)
         talk.ask(modbus(i & 0xffffU, static_cast<std::uint8_t>(i),
                         static_cast<char>(1 + i / 256 % 4) + be16(i & 0xfff0U) + be16(1)));
     }},
    {"sixty thousand operations of many conversations", "bytes of operations",
     [](Wire& wire) {
       for (std::uint32_t i = 0; i < 15'000; ++i) {
         Talk talk{wire, 0xc0a80000 + i, 40000, kPlc + 1, 502};
         for (std::uint8_t unit = 1; unit <= 4; ++unit)
           talk.ask(modbus(unit, unit, "\x03\x00\x00\x00\x01"s))
               .answer(modbus(unit, unit, "\x03\x02\x00\x07"s));
       }
     }},
});

std::uint64_t reads_of_the_plant(const Facts& facts) {
  std::uint64_t reads = 0;
  for (const auto& [key, conversation] : facts.conversations) {
    if (key.client_ip != IpAddress::v4(kMaster) || key.server_ip != IpAddress::v4(kPlc)) continue;
    for (const auto& [operation, fact] : conversation.operations) reads += fact.executed;
  }
  return reads;
}

TEST_CASE("Attacks: memory stays in its bounds, and what the plant says is known", "[attacks]") {
  const Folder folder;
  for (const auto& attack : kAttacks) {
    CAPTURE(attack.name);
    const auto path = folder / "flood.pcap";
    {
      Wire wire{path};
      plant(wire, 30001);
      attack.flood(wire);
      plant(wire, 30002);
    }
    ObserveOptions options;
    options.memory = ObserveOptions::kLeastMemory;
    HeapMeter::restart();
    const auto before = HeapMeter::now.load();
    const auto facts = observe({path}, options);
    const auto peak = HeapMeter::peak - before;
    CHECK(peak <= options.memory);
    CHECK(reads_of_the_plant(facts) == 2 * kReads);
    std::string caps;
    for (const auto& [name, cap] : facts.caps)
      caps += name + ' ' + std::to_string(cap.reached) + "; ";
    CAPTURE(caps);
    if (!attack.cap.empty()) CHECK(facts.caps.contains(std::string{attack.cap}));
    WARN(attack.name << ": " << (peak >> 10U) << " KB at most; " << caps);
  }
}

std::string le32(std::uint32_t value) {
  std::string bytes = be32(value);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream{path, std::ios::binary}.write(bytes.data(),
                                              static_cast<std::streamsize>(bytes.size()));
}

/// How many kilobytes of heap it took to read a file.
std::size_t kilobytes_to_read(const std::filesystem::path& path, Facts& facts) {
  ObserveOptions options;
  options.memory = ObserveOptions::kLeastMemory;
  HeapMeter::restart();
  const auto before = HeapMeter::now.load();
  facts = observe({path}, options);
  return (HeapMeter::peak - before) >> 10U;
}

TEST_CASE("Attacks: a small compressed file that swells is read as a stream", "[attacks]") {
  constexpr std::size_t kZeros = std::size_t{32} << 20U;
  const Folder folder;
  const auto path = folder / "bomb.pcap.gz";
  const auto file = gzopen(path.c_str(), "wb9");
  const auto header =
      le32(0xa1b2c3d4) + le32(0x00040002) + le32(0) + le32(0) + le32(65535) + le32(1);
  gzwrite(file, header.data(), static_cast<unsigned>(header.size()));
  const std::string zeros(std::size_t{1} << 20U, '\0');
  for (std::size_t at = 0; at < kZeros; at += zeros.size())
    gzwrite(file, zeros.data(), static_cast<unsigned>(zeros.size()));
  gzclose(file);
  CHECK(std::filesystem::file_size(path) < kZeros / 500);
  Facts facts;
  CHECK(kilobytes_to_read(path, facts) < 16'000);
  CHECK(facts.captures.at(0).packets == kZeros / 16);  // each is a header of zeros
}

std::string section_header() {
  return le32(0x0a0d0d0a) + le32(28) + le32(0x1a2b3c4d) + le32(1) + le32(0xffffffff) +
         le32(0xffffffff) + le32(28);
}

/// An enhanced packet block.
std::string packet(std::uint64_t ticks, std::string_view frame) {
  const auto length = le32(static_cast<std::uint32_t>(frame.size()));
  const auto padded = (frame.size() + 3) / 4 * 4;
  const auto size = le32(static_cast<std::uint32_t>(32 + padded));
  return le32(6) + size + le32(0) + le32(static_cast<std::uint32_t>(ticks >> 32U)) +
         le32(static_cast<std::uint32_t>(ticks)) + length + length + std::string{frame} +
         std::string(padded - frame.size(), '\0') + size;
}

TEST_CASE("Attacks: lengths that lie take no memory", "[attacks]") {
  const Folder folder;
  const auto path = folder / "lie.pcapng";
  const auto section = section_header();
  const auto interface = le32(1) + le32(20) + le32(1) + le32(0) + le32(20);
  Facts facts;

  write(path, section + interface + le32(6) + le32(0xfffffff0) + std::string(64, 'x'));
  CHECK(kilobytes_to_read(path, facts) < 16'000);
  CHECK_FALSE(facts.captures.at(0).damage.empty());

  // A section whose options alone are 13 MB: passed over, and the frame behind them is read.
  std::string options;
  for (int i = 0; i < 200; ++i) options += "\x01\x00\xfc\xff"s + std::string(0xfffc, 'o');
  const auto size = le32(static_cast<std::uint32_t>(28 + options.size()));
  const auto frame = ethernet(ipv4(kMaster, kPlc, 17, udp(5000, 5001, "four")));
  write(path, le32(0x0a0d0d0a) + size + le32(0x1a2b3c4d) + le32(1) + le32(0xffffffff) +
                  le32(0xffffffff) + options + size + interface + packet(1, frame));
  CHECK(kilobytes_to_read(path, facts) < 16'000);
  CHECK(facts.captures.at(0).packets == 1);
  CHECK(facts.captures.at(0).damage.empty());
}

TEST_CASE("Attacks: times that no clock gives are times like others", "[attacks]") {
  constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();
  const Folder folder;
  const auto path = folder / "never.pcapng";
  // if_tsresol is nanoseconds, if_tsoffset the least that they hold, in seconds.
  const auto nanoseconds = le32(1) + le32(44) + le32(1) + le32(0) + "\x09\x00\x01\x00"s + le32(9) +
                           "\x0e\x00\x08\x00"s + le32(0xda3e82fc) + le32(0xfffffffd) + le32(0) +
                           le32(44);
  const auto poll = [](std::uint32_t id) {
    return ethernet(ipv4(kMaster, kPlc, 17, udp(5000, 5001, "poll"), id));
  };
  Facts facts;
  write(path, section_header() + nanoseconds + packet(0, poll(1)) + packet(kNever, poll(2)) +
                  packet(0, poll(3)));
  CHECK(kilobytes_to_read(path, facts) < 16'000);
  CHECK(facts.captures.at(0).packets == 3);

  // At the last time of all a segment waits behind a hole, and its answer says that it has come.
  const auto ask = [](std::uint32_t sequence) {
    return ethernet(
        ipv4(kMaster, kPlc, 6, tcp(40000, 502, sequence, 1, kAck, "\x00\x01"s), sequence));
  };
  const auto answer = ethernet(ipv4(kPlc, kMaster, 6, tcp(502, 40000, 1, 106, kAck, ""), 1));
  write(path, section_header() + le32(1) + le32(20) + le32(1) + le32(0) + le32(20) +
                  packet(kNever, ask(1)) + packet(kNever, ask(100)) + packet(kNever, answer));
  CHECK(kilobytes_to_read(path, facts) < 16'000);
  CHECK(facts.captures.at(0).packets == 3);
}

TEST_CASE("Attacks: multiple services of CIP, each in another, end in time", "[attacks]") {
  // CIP Volume 1, A-4.3: 0x0a to class 2, instance 1: how many, where each begins, and they.
  std::string service = "\x0e\x02\x20\x01\x24\x01"s;
  const std::string head = "\x0a\x02\x20\x02\x24\x01"s;
  while (service.size() < 60'000) {
    const auto inner = service;
    service = head + "\x02\x00\x06\x00\x06\x00"s + inner;  // the same one twice: 2 to the depth
  }
  const auto size = [](std::size_t bytes) {
    return std::string{static_cast<char>(bytes & 0xffU), static_cast<char>(bytes >> 8U)};
  };
  const auto item =
      "\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\xb2\x00"s + size(service.size()) + service;
  const auto message =
      "\x6f\x00"s + size(item.size()) + "\x01\x00\x00\x00"s + std::string(16, '\0') + item;
  const Folder folder;
  const auto path = folder / "nested.pcap";
  {
    Wire wire{path};
    plant(wire, 30001);
    Talk talk{wire, 0xc0a80001, 40000, kPlc + 1, 44818};
    for (int i = 0; i < 20; ++i)
      for (std::size_t at = 0; at < message.size(); at += 1400)
        talk.ask(std::string_view{message}.substr(at, 1400));
  }
  Facts facts;
  CHECK(kilobytes_to_read(path, facts) < 16'000);
  CHECK(reads_of_the_plant(facts) == kReads);
}

}  // namespace
}  // namespace sekimori::test
