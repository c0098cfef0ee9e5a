// What must not grow with the square of what comes in; prints how many times more processor time
// the worse of two cases takes. Near the ratio of their sizes is good.
//
// addresses: that have one hash without the recorder's seed, beside as many others (1 is good).
// segments: in which one station announces itself, and twice as many of them (2 is good).

#include "sekimori/bytes/hash.h"
#include "sekimori/model/recorder.h"

#include "plant.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>
#include <string>

namespace {

using namespace sekimori;

constexpr int kRounds = 3;

IpAddress ipv6(std::uint64_t high, std::uint64_t low) {
  IpAddress ip;
  for (std::size_t i = 0; i < 8; ++i) {
    ip.octets[i] = static_cast<std::uint8_t>(high >> (56U - 8U * i));
    ip.octets[8 + i] = static_cast<std::uint8_t>(low >> (56U - 8U * i));
  }
  return ip;
}

/// Writes down so many addresses, by what their low half is to the high one.
template <class Low>
void record(int addresses, const Low& low) {
  constexpr std::uint64_t kSeed = 7;  // any but the hash's own
  const Dissectors dissectors{{}};
  Recorder recorder{RecorderLimits{}, dissectors, kSeed};
  Flow<Session> flow;
  for (int i = 1; i <= addresses; ++i) {
    const auto high = (std::uint64_t{0xfd00} << 48U) + static_cast<std::uint64_t>(i);
    const auto ip = ipv6(high, low(high));
    recorder.begin(flow, 0, {1, 0, static_cast<std::uint64_t>(i)});
    recorder.claim(Mac{{2, 0, 0, 0, 0, 1}}, ip);
    recorder.property({.kind = Subject::Kind::ip, .ip = ip}, Property::name, bytes_of("x"),
                      Confidence::stated);
    recorder.blocked({.source = ip});
  }
}

void conclude(int segments) {
  test::Plant plant;
  for (int i = 0; i < segments; ++i)
    plant.claims("00:1b:1b:00:00:01", "10.1.0.1", "vlan " + std::to_string(i));
  if (infer(plant.facts, ZonePlan{}).assets.size() != 1) std::abort();
}

/// The least of some rounds, in seconds: the processor's time.
template <class Work>
double least(const Work& work) {
  auto least = std::clock_t{};
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = std::clock();
    work();
    const auto time = std::clock() - begin;
    least = round == 0 ? time : std::min(least, time);
  }
  return static_cast<double>(least) / CLOCKS_PER_SEC;
}

void tell(const std::string& what, double base, double other, const std::string& good) {
  std::cout << "  " << what << ": " << other / base << " times the CPU (" << base << " s, " << other
            << " s; " << good << ")\n";
}

void run() {
  constexpr int kAddresses = 10'000;
  constexpr std::uint64_t kHash = 0x0123456789abcdef;
  std::cout.precision(3);
  tell("10000 addresses of one hash without the seed, to others",
       least([] { record(kAddresses, [](std::uint64_t high) { return high; }); }),
       least([] { record(kAddresses, [](std::uint64_t high) { return mix(2, high) ^ kHash; }); }),
       "1 is good");
  constexpr int kSegments = 20'000;
  tell("a station in 40000 segments, to 20000", least([] { conclude(kSegments); }),
       least([] { conclude(2 * kSegments); }), "2 is good");
}

}  // namespace

int main() {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_growth: " << error.what() << '\n';
    return 2;
  }
}
