// Changes a talk saying by saying, so that what is said stays behind right headers.

#include "sekimori/dissect/dissector.h"

#include "mutate.h"
#include "talk.h"

#include <algorithm>

namespace {

using namespace sekimori;
using Octets = std::vector<std::uint8_t>;

struct Saying {
  std::uint8_t flags = 0;
  Octets bytes;
};

struct Talk {
  Octets head;
  std::vector<Saying> sayings;

  explicit Talk(Bytes input) {
    ByteCursor cursor{input};
    const auto first = cursor.take(std::min(fuzz::kTalkHead, cursor.remaining()));
    head.assign(first.begin(), first.end());
    head.resize(fuzz::kTalkHead);
    while (!cursor.empty()) {
      const auto flags = cursor.u8();
      const auto bytes = cursor.take(std::min<std::size_t>(cursor.le16(), cursor.remaining()));
      sayings.push_back({flags, {bytes.begin(), bytes.end()}});
    }
  }

  [[nodiscard]] Octets input() const {
    auto made = head;
    for (const auto& saying : sayings) {
      made.insert(made.end(), {saying.flags, static_cast<std::uint8_t>(saying.bytes.size()),
                               static_cast<std::uint8_t>(saying.bytes.size() >> 8U)});
      made.insert(made.end(), saying.bytes.begin(), saying.bytes.end());
    }
    return made;
  }
};

/// To where some protocol is usually met.
void move_to_seat(Talk& talk, fuzz::Chance& chance) {
  static const auto kAll = Registration::all();
  const auto& seats = kAll[fuzz::below(chance, kAll.size())]->seats;
  if (seats.empty()) return;
  const auto& seat = seats[fuzz::below(chance, seats.size())];
  const auto over = seat.over == Over::tcp   ? fuzz::TalkOver::tcp
                    : seat.over == Over::udp ? fuzz::TalkOver::udp
                    : seat.over == Over::ip  ? fuzz::TalkOver::ip
                                             : fuzz::TalkOver::ethernet;
  talk.head[0] =
      static_cast<std::uint8_t>((talk.head[0] & 0xcfU) | static_cast<unsigned>(over) << 4U);
  talk.head[1] = static_cast<std::uint8_t>(seat.number >> 8U);
  talk.head[2] = static_cast<std::uint8_t>(seat.number);
}

void mutate(Talk& talk, std::size_t room, fuzz::Chance& chance) {
  auto& sayings = talk.sayings;
  if (sayings.empty()) sayings.emplace_back();
  const auto at = fuzz::below(chance, sayings.size());
  const auto place = sayings.begin() + static_cast<std::ptrdiff_t>(at);
  switch (fuzz::below(chance, 16)) {
    case 0:
      talk.head[0] = static_cast<std::uint8_t>(chance());
      break;
    case 1:
      move_to_seat(talk, chance);
      break;
    case 2:
      place->flags ^= static_cast<std::uint8_t>(1U << fuzz::below(chance, 8));
      break;
    case 3: {
      auto answer = *place;
      answer.flags ^= fuzz::kFromServer;
      sayings.insert(place + 1, std::move(answer));
      break;
    }
    case 4:
      sayings.insert(place, Saying{*place});
      break;
    case 5:
      if (sayings.size() > 1) sayings.erase(place);
      break;
    case 6:
      std::swap(*place, sayings[fuzz::below(chance, sayings.size())]);
      break;
    case 7: {
      // One in two, or two in one.
      if (fuzz::below(chance, 2) == 0 && place->bytes.size() > 1) {
        const auto size = static_cast<std::ptrdiff_t>(fuzz::below(chance, place->bytes.size()));
        Saying rest{place->flags, {place->bytes.begin() + size, place->bytes.end()}};
        place->bytes.resize(static_cast<std::size_t>(size));
        sayings.insert(place + 1, std::move(rest));
      } else if (place + 1 != sayings.end()) {
        const auto& next = (place + 1)->bytes;
        place->bytes.insert(place->bytes.end(), next.begin(), next.end());
        sayings.erase(place + 1);
      }
      break;
    }
    default:
      fuzz::mutate_message(place->bytes, place->bytes.size() + room, chance);
      break;
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
  fuzz::Chance chance{seed};
  Talk talk{{data, size}};
  mutate(talk, most > size ? std::min<std::size_t>(most - size, 256) : 0, chance);
  auto made = talk.input();
  if (made.size() > most) made.resize(most);
  std::ranges::copy(made, data);
  return made.size();
}
