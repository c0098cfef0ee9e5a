#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

/// Mutations that know what messages are made of. Only linked where there is libFuzzer.
namespace sekimori::fuzz {

using Chance = std::minstd_rand;

/// A number below `bound`.
[[nodiscard]] std::size_t below(Chance& chance, std::size_t bound);

/// Changes a message, which grows to `most` bytes at most: any change that libFuzzer knows, a
/// length field that then fits what follows it, or a change within one element of ASN.1 (ITU-T
/// X.690) whose own length and those around it follow.
void mutate_message(std::vector<std::uint8_t>& message, std::size_t most, Chance& chance);

}  // namespace sekimori::fuzz
