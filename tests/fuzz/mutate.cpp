#include "mutate.h"

#include <algorithm>
#include <array>
#include <optional>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace sekimori::fuzz {
namespace {

using Octets = std::vector<std::uint8_t>;

void mutate_bytes(Octets& bytes, std::size_t most) {
  const auto size = bytes.size();
  bytes.resize(std::max(size, most));
  if (bytes.empty()) return;
  bytes.resize(LLVMFuzzerMutate(bytes.data(), size, bytes.size()));
}

/// Writes, near the front or at the front of some part, the number of bytes that follow: most
/// headers of protocols say theirs so, with a few more or fewer bytes counted.
void mend_length(Octets& message, Chance& chance) {
  constexpr std::size_t kFront = 32;
  const auto width = std::array<std::size_t, 4>{1, 2, 2, 4}[below(chance, 4)];
  if (message.size() <= width) return;
  const auto room = message.size() - width;
  const auto at =
      below(chance, 2) == 0 ? below(chance, std::min(room, kFront) + 1) : below(chance, room + 1);
  const auto counted = std::array<std::size_t, 4>{room - at, message.size(), message.size() - at,
                                                  below(chance, room - at + 1)}[below(chance, 4)];
  const bool little = below(chance, 2) == 0;
  for (std::size_t i = 0; i < width; ++i) {
    const auto place = little ? i : width - 1 - i;
    message[at + place] = static_cast<std::uint8_t>(counted >> (8 * i));
  }
}

/// Where an element of ASN.1 stands.
struct Element {
  std::size_t tag = 0;
  std::size_t content = 0;
  std::size_t end = 0;
};

std::optional<Element> element_at(const Octets& bytes, std::size_t at, std::size_t end) {
  constexpr std::size_t kLongest = 3;  // bytes of a length
  if (at + 2 > end || (bytes[at] & 0x1fU) == 0x1f) return std::nullopt;
  const std::size_t first = bytes[at + 1];
  auto content = at + 2;
  auto length = first;
  if (first >= 0x80) {
    const auto width = first - 0x80;
    if (width == 0 || width > kLongest || content + width > end) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < width; ++i) length = length << 8U | bytes[content++];
  }
  if (length > end - content) return std::nullopt;
  return Element{at, content, content + length};
}

/// Some element and those that it stands in, outermost first; none where there is no ASN.1.
std::vector<Element> some_element(const Octets& message, Chance& chance) {
  std::vector<Element> path;
  std::size_t from = 0;
  // Where it begins behind a header of another kind.
  while (from < message.size() && from < 64 && message[from] != 0x30 && message[from] != 0x60)
    ++from;
  std::size_t end = message.size();
  for (;;) {
    std::vector<Element> here;
    for (auto at = from; at < end;) {
      const auto element = element_at(message, at, end);
      if (!element) break;
      here.push_back(*element);
      at = element->end;
    }
    if (here.empty()) return path;
    path.push_back(here[below(chance, here.size())]);
    constexpr std::uint8_t kConstructed = 0x20;
    const bool opens =
        (message[path.back().tag] & kConstructed) != 0 || message[path.back().tag] == 4;
    if (!opens || below(chance, 6) == 0) return path;
    from = path.back().content;
    end = path.back().end;
  }
}

Octets encoded(std::uint8_t tag, const Octets& content) {
  Octets bytes{tag};
  const auto size = content.size();
  if (size < 0x80) {
    bytes.push_back(static_cast<std::uint8_t>(size));
  } else {
    bytes.insert(bytes.end(),
                 {0x82, static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)});
  }
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

void mutate_element(Octets& message, std::size_t most, Chance& chance) {
  const auto path = some_element(message, chance);
  if (path.empty()) return mutate_bytes(message, most);
  const auto part = [&](std::size_t from, std::size_t to) {
    return Octets{message.begin() + static_cast<std::ptrdiff_t>(from),
                  message.begin() + static_cast<std::ptrdiff_t>(to)};
  };
  const auto& inner = path.back();
  auto made = part(inner.content, inner.end);
  mutate_bytes(made, made.size() + 16);
  made = encoded(message[inner.tag], made);
  if (below(chance, 8) == 0) {
    const auto twice = made;
    made.insert(made.end(), twice.begin(), twice.end());
  }
  // From the inside out, with what stands beside.
  auto child = inner;
  for (auto around = path.rbegin() + 1; around != path.rend(); ++around) {
    auto content = part(around->content, child.tag);
    content.insert(content.end(), made.begin(), made.end());
    const auto behind = part(child.end, around->end);
    content.insert(content.end(), behind.begin(), behind.end());
    made = encoded(message[around->tag], content);
    child = *around;
  }
  const auto behind = part(child.end, message.size());
  message.resize(child.tag);
  message.insert(message.end(), made.begin(), made.end());
  message.insert(message.end(), behind.begin(), behind.end());
  if (message.size() > most) message.resize(most);
}

}  // namespace

std::size_t below(Chance& chance, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>{0, bound - 1}(chance);
}

void mutate_message(Octets& message, std::size_t most, Chance& chance) {
  switch (below(chance, 8)) {
    case 0:
    case 1:
      mend_length(message, chance);
      break;
    case 2:
    case 3:
      mutate_element(message, most, chance);
      break;
    case 4:
      mutate_bytes(message, most);
      mend_length(message, chance);
      break;
    default:
      mutate_bytes(message, most);
      break;
  }
}

}  // namespace sekimori::fuzz
