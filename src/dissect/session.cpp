#include "sekimori/dissect/session.h"

#include "sekimori/bytes/hash.h"

#include <algorithm>
#include <stdexcept>

namespace sekimori {
namespace {

constexpr std::size_t kPorts = 65536;
constexpr std::size_t kUdp = 0;
constexpr std::size_t kTcp = 1;

}  // namespace

std::optional<Pending> OpenRequests::open_far(const Pending& pending) {
  if (!far_) far_ = std::make_unique<std::vector<Pending>>();
  std::optional<Pending> gone;
  if (size() >= kMost && size_of(pending.sender) >= kMost) {
    if (near_.sender == pending.sender) {
      gone = pop();
    } else {
      const auto oldest = std::ranges::find(*far_, pending.sender, &Pending::sender);
      gone = *oldest;
      far_->erase(oldest);
    }
  }
  far_->push_back(pending);
  return gone;
}

std::size_t OpenRequests::size_of(std::uint8_t sender) const noexcept {
  return static_cast<std::size_t>(std::ranges::count(*far_, sender, &Pending::sender)) +
         (near_.sender == sender ? 1U : 0U);
}

void OpenRequests::take_from_far() noexcept {
  near_ = far_->front();
  far_->erase(far_->begin());
}

std::optional<Pending> OpenRequests::close_far(std::uint8_t sender, std::uint64_t key) noexcept {
  if (!far_) return std::nullopt;
  const auto found = std::ranges::find_if(*far_, [&](const Pending& pending) {
    return pending.key == key && pending.sender == sender;
  });
  if (found == far_->end()) return std::nullopt;
  const auto taken = *found;
  far_->erase(found);
  return taken;
}

std::size_t BufferShelf::held() const noexcept {
  auto bytes = sizeof *this + entries_.capacity() * sizeof(Entry);
  for (const auto& entry : entries_) bytes += sizeof(StreamBuffer) + entry.buffer->held();
  return bytes;
}

StreamBuffer& BufferShelf::at(std::uint64_t key) {
  const auto found = std::ranges::find(entries_, key, &Entry::key);
  if (found != entries_.end()) {
    std::rotate(found, found + 1, entries_.end());
  } else {
    if (entries_.size() == kMost) entries_.erase(entries_.begin());
    entries_.push_back({key, std::make_unique<StreamBuffer>()});
  }
  return *entries_.back().buffer;
}

Dissectors::Dissectors(const std::vector<const Dissector*>& all) : all_(all) {
  std::ranges::sort(all_, {}, &Dissector::name);
  for (auto& bits : port_bits_) bits.resize(kPorts / 64);
  if (all_.size() > kNames / 2) throw std::length_error("too many protocols for Dissectors::named");
  named_.fill(kNoNumber);
  for (std::size_t number = 0; number < all_.size(); ++number) {
    const auto* const dissector = all_[number];
    auto at = hash_of(bytes_of(dissector->name)) % kNames;
    while (named_[at] != kNoNumber) at = (at + 1) % kNames;
    named_[at] = static_cast<std::uint16_t>(number);
    if (dissector->over_udp) anywhere_[kUdp].push_back(dissector);
    if (dissector->over_tcp) anywhere_[kTcp].push_back(dissector);
    for (const auto& seat : dissector->seats) {
      seats_.push_back({seat.over, seat.number, dissector});
      if ((seat.over == Over::udp || seat.over == Over::tcp) && seat.number < kPorts)
        port_bits_[seat.over == Over::tcp ? kTcp : kUdp][seat.number / 64] |= std::uint64_t{1}
                                                                              << (seat.number % 64);
    }
  }
  std::ranges::stable_sort(seats_, [](const Row& a, const Row& b) {
    return std::pair{a.over, a.number} < std::pair{b.over, b.number};
  });
}

std::uint16_t Dissectors::number_of(std::string_view name) const noexcept {
  auto at = hash_of(bytes_of(name)) % kNames;
  while (named_[at] != kNoNumber && !is_equal(all_[named_[at]]->name, name)) at = (at + 1) % kNames;
  return named_[at];
}

bool Dissectors::is_seat(Over over, std::uint64_t number) const noexcept {
  if ((over != Over::udp && over != Over::tcp) || number >= kPorts) return false;
  return (port_bits_[over == Over::tcp ? kTcp : kUdp][number / 64] >> (number % 64) & 1U) != 0;
}

std::vector<Trial::Candidate> Dissectors::candidates(Over over, std::uint64_t number,
                                                     std::uint64_t other_number) const {
  std::vector<Trial::Candidate> found;
  const auto add = [&](const Dissector* dissector, bool on_seat) {
    const auto known = [&](const Trial::Candidate& c) { return c.dissector == dissector; };
    if (std::ranges::none_of(found, known))
      found.push_back({.dissector = dissector, .on_seat = on_seat, .position = {}, .messages = {}});
  };
  for (const auto wanted : {number, other_number}) {
    const auto place = [](const Row& row) { return std::pair{row.over, row.number}; };
    auto row = std::ranges::lower_bound(seats_, std::pair{over, wanted}, {}, place);
    for (; row != seats_.end() && place(*row) == std::pair{over, wanted}; ++row)
      add(row->dissector, true);
  }
  if (over == Over::udp || over == Over::tcp)
    for (const auto* dissector : anywhere_[over == Over::tcp ? kTcp : kUdp]) add(dissector, false);
  return found;
}

}  // namespace sekimori
