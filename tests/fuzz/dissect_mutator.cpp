// Changes the stream of an input of the dissect target, and seldom whose stream it is.

#include "sekimori/dissect/dissector.h"

#include "mutate.h"

#include <algorithm>

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
  using namespace sekimori;
  static const auto kAll = Registration::all();
  fuzz::Chance chance{seed};
  const Bytes input{data, size};
  const auto line =
      static_cast<std::size_t>(std::ranges::find(input, std::uint8_t{10}) - input.begin());
  std::vector<std::uint8_t> head{input.begin(), input.begin() + static_cast<std::ptrdiff_t>(line)};
  std::vector<std::uint8_t> stream;
  std::uint8_t options = 3;
  if (size - line >= 2) {
    options = input[line + 1];
    stream.assign(input.begin() + static_cast<std::ptrdiff_t>(line) + 2, input.end());
  }
  if (line == size || line == 0 || fuzz::below(chance, 64) == 0) {
    const auto name = kAll[fuzz::below(chance, kAll.size())]->name;
    head.assign(name.begin(), name.end());
  } else if (fuzz::below(chance, 16) == 0) {
    options = static_cast<std::uint8_t>(chance());
  } else {
    const auto used = head.size() + 2;
    fuzz::mutate_message(stream, most > used ? most - used : 0, chance);
  }
  head.push_back(10);
  head.push_back(options);
  head.insert(head.end(), stream.begin(), stream.end());
  if (head.size() > most) head.resize(most);
  std::ranges::copy(head, data);
  return head.size();
}
