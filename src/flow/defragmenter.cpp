// Reassembly of IP datagrams: RFC 791, 3.2; RFC 8200, 4.5; RFC 5722 and RFC 3128 for what to
// refuse.

#include "sekimori/flow/defragmenter.h"

#include "sekimori/bytes/hash.h"

#include <algorithm>

namespace sekimori {
namespace {

constexpr std::uint32_t kMostPayload = 65535;

/// What no datagram can have: nothing in it, an end beyond the greatest length, or a middle that
/// is not made of whole units of eight bytes (so nothing smaller than one).
bool is_impossible(const Packet& fragment) noexcept {
  const auto length = fragment.payload_length;
  if (length == 0 || length > kMostPayload) return true;
  if (fragment.fragment_offset + length > kMostPayload) return true;
  return fragment.more_fragments && length % 8 != 0;
}

Sighting sighting_of(const Frame& frame) noexcept {
  return {frame.time, frame.capture, frame.number};
}

}  // namespace

std::size_t Defragmenter::Hash::operator()(const Key& key) const noexcept {
  auto hash = hash_of(key.destination, hash_of(key.source, seed));
  hash = mix(hash, key.segment);
  hash = mix(hash, key.tunnel_pair);
  return mix(hash,
             (std::uint64_t{key.id} << 16U) | (std::uint64_t{key.protocol} << 8U) | key.version);
}

Defragmenter::Defragmenter(const DefragmenterLimits& limits, std::uint64_t seed)
    : limits_(limits), places_(0, Hash{seed}) {}

DefragmenterCounters& Defragmenter::of(std::uint32_t capture) {
  if (capture >= counters_.size()) counters_.resize(capture + std::size_t{1});
  return counters_[capture];
}

std::int64_t Defragmenter::patience(const Datagram& datagram) const noexcept {
  return datagram.key.version == 4 ? limits_.patience_ipv4 : limits_.patience_ipv6;
}

std::size_t Defragmenter::cost(const Datagram& datagram) noexcept {
  constexpr std::size_t kLinks = 64;  // of the list, the table and their allocations, about
  return sizeof(Datagram) + sizeof(Key) + kLinks + datagram.bytes.capacity() +
         datagram.pieces.capacity() * sizeof(Piece) +
         datagram.prints.capacity() * sizeof(std::uint64_t);
}

std::optional<Bytes> Defragmenter::add(const Packet& fragment) {
  const auto now = fragment.frame->time;
  auto& counters = of(fragment.frame->capture);
  ++counters.fragments;
  sweep(now);
  if (is_impossible(fragment)) {
    ++counters.refused;
    ++counters.fragments_lost;
    return std::nullopt;
  }
  const Key key{fragment.source,      fragment.destination, fragment.segment.key(), fragment.ip_id,
                fragment.ip_protocol, fragment.ip_version,  fragment.tunnel_pair};
  const std::uint32_t begin = fragment.fragment_offset;
  const Part part{begin, begin + fragment.payload_length,
                  hash_of(fragment.payload, (begin << 1U) | (fragment.more_fragments ? 1U : 0U))};
  auto& datagram = place(key, fragment, part.print);
  bytes_ -= cost(datagram);
  const bool filled = accept(datagram, fragment, part);
  std::optional<Bytes> whole;
  if (filled && datagram.total == datagram.covered) whole = assemble(datagram, now);
  bytes_ += cost(datagram);
  if (whole) whole_datagrams_.splice(whole_datagrams_.end(), datagrams_, places_.at(key));
  make_room();
  return whole;
}

void Defragmenter::finish() {
  while (!whole_datagrams_.empty()) remove(whole_datagrams_.begin());
  while (!datagrams_.empty()) remove(datagrams_.begin());
}

void Defragmenter::sweep(std::int64_t now) {
  while (!whole_datagrams_.empty() &&
         now - whole_datagrams_.front().completed > limits_.duplicate_window)
    remove(whole_datagrams_.begin());
  while (!datagrams_.empty()) {
    const auto oldest = datagrams_.begin();
    if (now - oldest->first.time <= patience(*oldest)) return;
    if (oldest->state == State::waiting) ++of(oldest->first.capture).timed_out;
    remove(oldest);
  }
}

void Defragmenter::make_room() {
  // To forget what was whole costs nothing but the recognition of its copies.
  while (!whole_datagrams_.empty() &&
         (whole_datagrams_.size() > limits_.datagrams || bytes_ > limits_.bytes))
    remove(whole_datagrams_.begin());
  while (datagrams_.size() > limits_.datagrams) {
    ++caps_.datagrams;
    remove(datagrams_.begin());
  }
  while (!datagrams_.empty() && bytes_ > limits_.bytes) {
    ++caps_.bytes;
    remove(datagrams_.begin());
  }
}

Defragmenter::Datagram& Defragmenter::place(const Key& key, const Packet& fragment,
                                            std::uint64_t print) {
  const auto now = fragment.frame->time;
  if (const auto found = places_.find(key); found != places_.end()) {
    const auto there = found->second;
    const auto& prints = there->prints;
    const bool late = now - there->first.time > patience(*there);
    // Behind a whole datagram come its copies, or the next one of a sender that repeats its ids.
    const bool next = there->state == State::whole &&
                      (now - there->completed > limits_.duplicate_window ||
                       std::find(prints.begin(), prints.end(), print) == prints.end());
    if (!late && !next) return *there;
    if (late && there->state == State::waiting) ++of(there->first.capture).timed_out;
    remove(there);
  }
  datagrams_.emplace_back();
  const auto there = std::prev(datagrams_.end());
  there->key = key;
  there->first = sighting_of(*fragment.frame);
  places_.emplace(key, there);
  bytes_ += cost(*there);
  return *there;
}

bool Defragmenter::accept(Datagram& datagram, const Packet& fragment, const Part& part) {
  auto& counters = of(fragment.frame->capture);
  if (datagram.state == State::whole) {
    ++counters.duplicates;
    return false;
  }
  if (datagram.state == State::lost) {
    ++of(datagram.first.capture).fragments_lost;
    ++losses_of(datagram).fragments;
    return false;
  }
  if (std::find(datagram.prints.begin(), datagram.prints.end(), part.print) !=
      datagram.prints.end()) {
    ++counters.duplicates;
    return false;
  }
  ++datagram.fragments;
  if (fragment.payload.size() < fragment.payload_length) {
    ++of(datagram.first.capture).snapped;
    datagram.snapped = true;
    lose(datagram);
    return false;
  }
  if (datagram.fragments > limits_.fragments) {
    ++caps_.fragments;
    lose(datagram);
    return false;
  }
  return fits(datagram, fragment, part);
}

bool Defragmenter::fits(Datagram& datagram, const Packet& fragment, const Part& part) {
  auto& counters = of(fragment.frame->capture);
  const auto reach = datagram.pieces.empty() ? 0 : datagram.pieces.back().end;
  const bool last = !fragment.more_fragments;
  // A second end, or bytes beyond the end: which of them lies cannot be told.
  const bool contradicts = (datagram.total && part.end > *datagram.total) ||
                           (last && datagram.total && part.end != *datagram.total) ||
                           (last && part.end < reach);
  if (contradicts) {
    if (datagram.key.version == 6) {
      lose(datagram);
    } else {
      --datagram.fragments;
      ++counters.refused;
      ++counters.fragments_lost;
    }
    return false;
  }
  const auto before = counters.overlaps;
  compare(datagram, fragment, part);
  if (counters.overlaps != before && datagram.key.version == 6) {
    lose(datagram);
    return false;
  }
  if (last) datagram.total = part.end;
  fill(datagram, fragment, part);
  return true;
}

void Defragmenter::compare(const Datagram& datagram, const Packet& fragment, const Part& part) {
  auto& counters = of(fragment.frame->capture);
  bool overlaps = false;
  for (const auto& piece : datagram.pieces) {
    const auto begin = std::max(piece.begin, part.begin);
    const auto end = std::min(piece.end, part.end);
    if (begin >= end) continue;
    overlaps = true;
    for (auto i = begin; i < end; ++i) {
      if (datagram.bytes[piece.at + (i - piece.begin)] != fragment.payload[i - part.begin])
        ++counters.conflicts;
    }
  }
  if (overlaps) ++counters.overlaps;
}

void Defragmenter::fill(Datagram& datagram, const Packet& fragment, const Part& part) {
  datagram.prints.push_back(part.print);
  datagram.wire_bytes += fragment.frame->wire_length;
  auto& pieces = datagram.pieces;
  auto next = part.begin;
  const auto take = [&](std::size_t before, std::uint32_t end) {
    const auto bytes = fragment.payload.subspan(next - part.begin, end - next);
    const Piece piece{next, end, static_cast<std::uint32_t>(datagram.bytes.size())};
    datagram.bytes.insert(datagram.bytes.end(), bytes.begin(), bytes.end());
    datagram.covered += end - next;
    pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(before), piece);
  };
  // What lies between the pieces that are there already.
  for (std::size_t i = 0; i < pieces.size() && next < part.end; ++i) {
    if (pieces[i].end <= next) continue;
    const auto end = std::min(pieces[i].begin, part.end);
    if (next < end) {
      take(i, end);
      ++i;
    }
    next = std::max(next, pieces[i].end);
    if (pieces[i].begin >= part.end) return;
  }
  if (next < part.end) take(pieces.size(), part.end);
}

Bytes Defragmenter::assemble(Datagram& datagram, std::int64_t now) {
  whole_.resize(datagram.covered);
  wire_bytes_ = datagram.wire_bytes;
  for (const auto& piece : datagram.pieces) {
    std::copy_n(datagram.bytes.begin() + static_cast<std::ptrdiff_t>(piece.at),
                piece.end - piece.begin, whole_.begin() + static_cast<std::ptrdiff_t>(piece.begin));
  }
  ++of(datagram.first.capture).datagrams_completed;
  datagram.state = State::whole;
  datagram.completed = now;
  release(datagram);
  return whole_;
}

LostFragments& Defragmenter::losses_of(const Datagram& datagram) {
  auto& counters = of(datagram.first.capture);
  return datagram.snapped ? counters.cut : counters.lacking;
}

void Defragmenter::lose(Datagram& datagram) {
  auto& counters = of(datagram.first.capture);
  auto& losses = losses_of(datagram);
  if (losses.fragments == 0 || datagram.first < losses.first) losses.first = datagram.first;
  losses.fragments += datagram.fragments;
  ++counters.datagrams_lost;
  counters.fragments_lost += datagram.fragments;
  datagram.state = State::lost;
  datagram.prints = {};
  release(datagram);
}

void Defragmenter::release(Datagram& datagram) {
  datagram.pieces = {};
  datagram.bytes = {};
}

void Defragmenter::remove(Datagrams::iterator datagram) {
  if (datagram->state == State::waiting) {
    bytes_ -= cost(*datagram);
    lose(*datagram);
    bytes_ += cost(*datagram);
  }
  bytes_ -= cost(*datagram);
  places_.erase(datagram->key);
  (datagram->state == State::whole ? whole_datagrams_ : datagrams_).erase(datagram);
}

}  // namespace sekimori
