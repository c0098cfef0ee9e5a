#pragma once

// What a domain controller answers to who looks for one: [MS-ADTS] 6.3.1.9,
// NETLOGON_SAM_LOGON_RESPONSE_EX. Names are as in DNS, compressed (6.3.7).

#include "sekimori/bytes/text.h"
#include "sekimori/dissect/dissector.h"

#include <cstddef>
#include <cstdint>

namespace sekimori::ldap {

/// The name at the cursor. A pointer may only lead back, and once: behind it labels run on.
inline SmallText netlogon_name(Bytes all, ByteCursor& cursor) noexcept {
  constexpr std::uint8_t kPointer = 0xc0;
  constexpr int kMostLabels = 32;
  SmallText name;
  ByteCursor jumped{all};
  auto* at = &cursor;
  auto end = all.size();
  for (int i = 0; i < kMostLabels; ++i) {
    const std::size_t here = at == &jumped ? jumped.offset() : all.size() - cursor.remaining();
    const auto size = at->u8();
    if (!at->ok()) break;
    if (size == 0) return name;
    if (size < kPointer) {
      const auto label = at->take(size);
      if (!at->ok()) break;
      if (!name.empty()) name.add('.');
      name.add(view_of(label));
      continue;
    }
    const std::size_t place = static_cast<std::size_t>(size & 0x3fU) << 8U | at->u8();
    if (!at->ok() || place >= here || place >= end) break;
    end = place;
    jumped = ByteCursor{all};
    jumped.skip(place);
    at = &jumped;
  }
  cursor.skip(cursor.remaining() + 1);
  return {};
}

inline void say_netlogon(Bytes value, Observer& out) {
  constexpr std::uint16_t kResponse = 23;
  constexpr std::uint16_t kUserUnknown = 25;
  constexpr std::size_t kBeforeNames = 22;  // flags, GUID of the domain
  ByteCursor cursor{value};
  const auto kind = cursor.le16();
  if (kind != kResponse && kind != kUserUnknown) return;
  cursor.skip(kBeforeNames);
  netlogon_name(value, cursor);  // forest
  const auto domain = netlogon_name(value, cursor);
  const auto host = netlogon_name(value, cursor);
  if (!cursor.ok()) return;
  if (!host.empty()) out.property({}, Property::name, host.bytes(), Confidence::stated);
  if (!domain.empty()) out.property({}, Property::domain, domain.bytes(), Confidence::stated);
  out.property({}, Property::capability, bytes_of("domain-controller"), Confidence::stated);
}

}  // namespace sekimori::ldap
