#pragma once

#include "sekimori/dissect/dissector.h"

#include "transcript.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace sekimori::test {

/// Where SEKIMORI_SEEDS names a folder, what the turns of a test say is written into it as an input
/// of the fuzz target `talks` (its form is in tests/fuzz/talk.h). tests/fuzz/run.sh seeds takes of
/// them what reaches code that the corpus does not.
template <class Turns>
void keep_seed(const Turns& turns, Over over, std::uint64_t seat) {
  const auto* const folder = std::getenv("SEKIMORI_SEEDS");
  const auto& seats = the_dissector().seats;
  if (folder == nullptr || (over != Over::tcp && over != Over::udp)) return;
  if (seat == 0 && !seats.empty()) seat = seats[0].number;
  constexpr std::uint8_t kUdp = 0x10;
  std::vector<std::uint8_t> seed{over == Over::udp ? kUdp : std::uint8_t{0},
                                 static_cast<std::uint8_t>(seat >> 8U),
                                 static_cast<std::uint8_t>(seat)};
  for (const auto& turn : turns) {
    const auto size = turn.bytes.size();
    if (size > UINT16_MAX) return;
    seed.insert(seed.end(),
                {static_cast<std::uint8_t>(turn.sender == Sender::server ? 1 : 0),
                 static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8U)});
    seed.insert(seed.end(), turn.bytes.begin(), turn.bytes.end());
  }
  static int count = 0;
  const auto name = std::string{the_dissector().name} + "-" + std::to_string(++count);
  std::ofstream file{std::filesystem::path{folder} / name, std::ios::binary};
  for (const auto byte : seed) file.put(static_cast<char>(byte));
}

}  // namespace sekimori::test
