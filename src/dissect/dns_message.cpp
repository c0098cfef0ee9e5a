#include "sekimori/dissect/dns_message.h"

#include <algorithm>
#include <charconv>

namespace sekimori {
namespace {

constexpr std::size_t kLongestName = 255;  // on the wire (RFC 1035, 2.3.4)
constexpr std::uint8_t kPointer = 0xc0;    // RFC 1035, 4.1.4
constexpr std::size_t kLeastQuestion = 5;  // root name, type, class
constexpr std::size_t kLeastRecord = 11;   // root name, type, class, TTL, data length
constexpr std::size_t kNibbles = 32;       // of an IPv6 address

constexpr char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// A name that starts at `at`; moves `at` behind it.
DnsReader::State name_at(Bytes message, std::size_t& at, DnsName& name) noexcept {
  name = DnsName{};
  std::size_t from = at;   // where the walk is
  std::size_t limit = at;  // a pointer must lead before this
  std::size_t wire = 1;    // the root's zero
  bool jumped = false;
  while (true) {
    if (from >= message.size()) return DnsReader::State::cut;
    const std::size_t size = message[from];
    if (size == 0) {
      if (!jumped) at = from + 1;
      return DnsReader::State::whole;
    }
    if ((size & kPointer) == kPointer) {
      if (from + 1 >= message.size()) return DnsReader::State::cut;
      const std::size_t to = (size & 0x3fU) << 8U | message[from + 1];
      if (to >= limit || to < DnsHeader::kSize) return DnsReader::State::broken;
      if (!jumped) at = from + 2;
      jumped = true;
      from = limit = to;
      continue;
    }
    wire += size + 1;
    if ((size & kPointer) != 0 || wire > kLongestName) return DnsReader::State::broken;
    if (message.size() - from <= size) return DnsReader::State::cut;
    if (name.labels > 0) name.text.add('.');
    name.text.add(view_of(message.subspan(from + 1, size)));
    if (name.labels == 0) name.first_size = size;
    ++name.labels;
    from += size + 1;
  }
}

std::optional<IpAddress> reverse_v4(std::string_view digits) noexcept {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const auto dot = digits.find('.');
    const auto part = digits.substr(0, dot);
    unsigned octet = 0;
    const auto end = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data(), end, octet);
    if (error != std::errc{} || stop != end || octet > 255) return std::nullopt;
    value |= octet << (8U * i);
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    digits.remove_prefix(i == 3 ? digits.size() : dot + 1);
  }
  return IpAddress::v4(value);
}

std::optional<IpAddress> reverse_v6(std::string_view digits) noexcept {
  if (digits.size() != 2 * kNibbles - 1) return std::nullopt;
  IpAddress ip;
  for (std::size_t i = 0; i < kNibbles; ++i) {
    unsigned nibble = 0;
    const auto* at = digits.data() + 2 * i;
    if (std::from_chars(at, at + 1, nibble, 16).ptr != at + 1) return std::nullopt;
    if (i + 1 < kNibbles && digits[2 * i + 1] != '.') return std::nullopt;
    const auto octet = 15 - i / 2;
    ip.octets[octet] =
        static_cast<std::uint8_t>(ip.octets[octet] | nibble << (i % 2 == 0 ? 0U : 4U));
  }
  return ip;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool name_ends_with(std::string_view name, std::string_view tail) noexcept {
  return name.size() >= tail.size() && same_name(name.substr(name.size() - tail.size()), tail);
}

std::optional<IpAddress> reverse_address(std::string_view name) noexcept {
  constexpr std::string_view kV4 = ".in-addr.arpa";
  constexpr std::string_view kV6 = ".ip6.arpa";
  if (name_ends_with(name, kV4)) return reverse_v4(name.substr(0, name.size() - kV4.size()));
  if (name_ends_with(name, kV6)) return reverse_v6(name.substr(0, name.size() - kV6.size()));
  return std::nullopt;
}

IpAddress DnsRecord::address() const noexcept {
  if (is(DnsType::a) && data.size() == 4) return IpAddress::of(data);
  if (is(DnsType::aaaa) && data.size() == 16) return IpAddress::of(data);
  return {};
}

DnsReader::DnsReader(Bytes message) noexcept : message_(message) {
  ByteCursor cursor{message};
  header_.id = cursor.be16();
  header_.flags = cursor.be16();
  for (auto& count : header_.counts) count = cursor.be16();
  left_ = header_.counts;
  at_ = DnsHeader::kSize;
  if (!cursor.ok()) state_ = State::cut;
}

bool DnsReader::fail(State state) noexcept {
  state_ = state;
  return false;
}

bool DnsReader::read_name(DnsName& name) noexcept {
  const auto state = name_at(message_, at_, name);
  return state == State::whole || fail(state);
}

bool DnsReader::next(DnsQuestion& question) noexcept {
  if (!ok() || left_[0] == 0) return false;
  --left_[0];
  if (!read_name(question.name)) return false;
  ByteCursor cursor{message_.subspan(at_)};
  question.type = cursor.be16();
  question.cls = cursor.be16();
  if (!cursor.ok()) return fail(State::cut);
  at_ += cursor.offset();
  return true;
}

bool DnsReader::next(DnsRecord& record) noexcept {
  DnsQuestion passed;
  while (next(passed)) {
  }
  if (!ok()) return false;
  const auto found =
      std::find_if(left_.begin() + 1, left_.end(), [](std::uint16_t left) { return left != 0; });
  if (found == left_.end()) return false;
  --*found;
  record.section = static_cast<DnsSection>(found - left_.begin() - 1);
  if (!read_name(record.owner)) return false;
  ByteCursor cursor{message_.subspan(at_)};
  record.type = cursor.be16();
  record.cls = cursor.be16();
  record.ttl = cursor.be32();
  const auto size = cursor.be16();
  record.data_at = at_ + cursor.offset();
  record.data = cursor.take(size);
  if (!cursor.ok()) return fail(State::cut);
  at_ += cursor.offset();
  return true;
}

std::optional<DnsName> DnsReader::name_in(const DnsRecord& record,
                                          std::size_t skip) const noexcept {
  if (skip >= record.data.size()) return std::nullopt;
  DnsName name;
  auto at = record.data_at + skip;
  const auto end = record.data_at + record.data.size();
  if (name_at(message_.first(end), at, name) != State::whole) return std::nullopt;
  return name;
}

void DnsReader::settle(ByteCursor& message) const noexcept {
  message.skip(message.remaining() + (state_ == State::cut ? 1 : 0));
}

DnsReader::State DnsReader::walk(Bytes message) noexcept {
  DnsReader reader{message};
  DnsRecord record;
  while (reader.next(record)) {
  }
  return reader.state();
}

DnsFit dns_fit(Bytes message, bool on_seat) noexcept {
  DnsReader reader{message};
  DnsQuestion question;
  if (on_seat) {
    const bool has = reader.next(question);
    if (reader.state() == DnsReader::State::cut) return DnsFit::cut;
    if (!reader.ok()) return DnsFit::foreign;
    return has || counts_fit(reader.header(), message.size()) ? DnsFit::fits : DnsFit::foreign;
  }
  if (!reader.ok() || !counts_fit(reader.header(), message.size())) return DnsFit::foreign;
  DnsRecord record;
  while (reader.next(record)) {
  }
  return reader.ok() && reader.offset() == message.size() ? DnsFit::fits : DnsFit::foreign;
}

bool counts_fit(const DnsHeader& header, std::size_t size) noexcept {
  std::size_t least = DnsHeader::kSize + kLeastQuestion * header.counts[0];
  for (std::size_t i = 1; i < header.counts.size(); ++i) least += kLeastRecord * header.counts[i];
  return least <= size;
}

}  // namespace sekimori
