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
  if (size() >= kMost) gone = pop();
  if (near_size_ < near_.size()) {
    near_[near_size_++] = pending;
  } else {
    far_->push_back(pending);
  }
  return gone;
}

void OpenRequests::refill() noexcept {
  while (near_size_ < near_.size() && far_size() > 0) {
    near_[near_size_++] = far_->front();
    far_->erase(far_->begin());
  }
}

std::optional<Pending> OpenRequests::close_any(std::uint64_t key) noexcept {
  for (std::uint8_t i = 0; i < near_size_; ++i) {
    if (near_[i].key != key) continue;
    const auto found = near_[i];
    if (i == 0) near_[0] = near_[1];
    --near_size_;
    refill();
    return found;
  }
  if (!far_) return std::nullopt;
  const auto found = std::ranges::find(*far_, key, &Pending::key);
  if (found == far_->end()) return std::nullopt;
  const auto taken = *found;
  far_->erase(found);
  return taken;
}

std::optional<Pending> OpenRequests::pop() noexcept {
  if (near_size_ == 0) return std::nullopt;
  const auto first = near_[0];
  near_[0] = near_[1];
  --near_size_;
  refill();
  return first;
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
  for (const auto* dissector : all_) {
    auto at = hash_of(bytes_of(dissector->name)) % kNames;
    while (named_[at] != nullptr) at = (at + 1) % kNames;
    named_[at] = dissector;
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

const Dissector* Dissectors::named(std::string_view name) const noexcept {
  auto at = hash_of(bytes_of(name)) % kNames;
  while (named_[at] != nullptr && !is_equal(named_[at]->name, name)) at = (at + 1) % kNames;
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
