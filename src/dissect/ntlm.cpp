#include "sekimori/dissect/ntlm.h"

#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::string_view kSignature{"NTLMSSP\0", 8};  // [MS-NLMP] 2.2.1
constexpr std::uint32_t kUnicode = 0x00000001;          // [MS-NLMP] 2.2.2.5, flag A
constexpr std::uint32_t kVersion = 0x02000000;          // flag T
// [MS-NLMP] 2.2.2.1; there are eleven AvIds, so more pairs than that are no pairs.
constexpr std::uint16_t kEndOfPairs = 0;
constexpr std::uint16_t kComputer = 1;
constexpr std::uint16_t kDomain = 2;
constexpr std::uint16_t kDnsComputer = 3;
constexpr std::uint16_t kDnsDomain = 4;
constexpr int kMostPairs = 16;

// The Kerberos mechanism and token id of an AP-REQ behind it (RFC 4121, 4.1).
constexpr auto kKerberos = std::to_array<std::uint8_t>(
    {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01, 0x00});

struct Release {
  unsigned major, minor;
  std::string_view name;
};
// Client and server of one generation bear one number.
constexpr auto kReleases = std::to_array<Release>({
    {4, 0, "Windows NT 4.0"},
    {5, 0, "Windows 2000"},
    {5, 1, "Windows XP"},
    {5, 2, "Windows XP x64 / Server 2003"},
    {6, 0, "Windows Vista / Server 2008"},
    {6, 1, "Windows 7 / Server 2008 R2"},
    {6, 2, "Windows 8 / Server 2012"},
    {6, 3, "Windows 8.1 / Server 2012 R2"},
});

struct Build {
  unsigned first, last;
  std::string_view name;
};
// The generations that share the number 10.0.
constexpr auto kBuilds = std::to_array<Build>({
    {26100, 0xffff, "Windows 11 / Server 2025"},
    {22000, 26099, "Windows 11"},
    {20348, 21999, "Windows Server 2022"},
    {17763, 17763, "Windows 10 / Server 2019"},
    {14393, 14393, "Windows 10 / Server 2016"},
    {1, 20347, "Windows 10"},
});

std::string_view release_name(unsigned major, unsigned minor, unsigned build) noexcept {
  if (major == 10 && minor == 0) {
    for (const auto& row : kBuilds)
      if (build >= row.first && build <= row.last) return row.name;
    return {};
  }
  for (const auto& row : kReleases)
    if (row.major == major && row.minor == minor) return row.name;
  return {};
}

// Length, room, offset: [MS-NLMP] 2.2.1, the fields of every message.
Bytes field(ByteCursor& header, Bytes message) noexcept {
  const auto length = header.le16();
  header.skip(2);
  const auto offset = header.le32();
  if (!header.ok()) return {};
  ByteCursor body{message};
  body.skip(offset);
  return body.take(length);
}

void read_version(ByteCursor& header, NtlmMessage& message) noexcept {
  const auto major = header.u8();
  const auto minor = header.u8();
  const auto build = header.le16();
  header.skip(4);
  if (!header.ok()) return;
  message.os_major = major;
  message.os_minor = minor;
  message.os_build = build;
}

void read_pairs(ByteCursor pairs, NtlmMessage& message) noexcept {
  for (int i = 0; i < kMostPairs; ++i) {
    const auto id = pairs.le16();
    const auto value = pairs.take(pairs.le16());
    if (!pairs.ok() || id == kEndOfPairs) return;
    if (id == kComputer) message.netbios_computer = value;
    if (id == kDomain) message.netbios_domain = value;
    if (id == kDnsComputer) message.dns_computer = value;
    if (id == kDnsDomain) message.dns_domain = value;
  }
}

void read_negotiate(ByteCursor header, Bytes bytes, NtlmMessage& message) noexcept {
  const auto flags = header.le32();
  message.domain = field(header, bytes);
  message.workstation = field(header, bytes);
  if ((flags & kVersion) != 0) read_version(header, message);
}

void read_challenge(ByteCursor header, Bytes bytes, NtlmMessage& message) noexcept {
  message.netbios_domain = field(header, bytes);  // the target: a domain, or the server itself
  const auto flags = header.le32();
  message.unicode = (flags & kUnicode) != 0;
  header.skip(16);  // challenge, reserved
  read_pairs(ByteCursor{field(header, bytes)}, message);
  if ((flags & kVersion) != 0) read_version(header, message);
}

void read_authenticate(ByteCursor header, Bytes bytes, NtlmMessage& message) noexcept {
  const auto lm = field(header, bytes);
  const auto nt = field(header, bytes);
  const auto domain = field(header, bytes);
  const auto user = field(header, bytes);
  const auto workstation = field(header, bytes);
  field(header, bytes);  // session key
  const auto flags = header.le32();
  if (!header.ok()) return;
  message.unicode = (flags & kUnicode) != 0;
  message.domain = domain;
  message.user = user;
  message.workstation = workstation;
  message.anonymous = user.empty() && nt.empty() && lm.size() <= 1;  // 3.2.5.1.2
  if ((flags & kVersion) != 0) read_version(header, message);
}

void say(Observer& out, Property property, const SmallText& text) {
  if (!text.empty()) out.property({}, property, text.bytes(), Confidence::stated);
}

void say_os(const NtlmMessage& message, Observer& out) {
  say(out, Property::os, windows_name(message.os_major, message.os_minor, message.os_build));
}

void say_challenge(const NtlmMessage& message, Observer& out) {
  const auto name = ntlm_text(message.netbios_computer, true);
  const auto dns = ntlm_text(message.dns_domain, true);
  const auto domain = dns.empty() ? ntlm_text(message.netbios_domain, true) : dns;
  say(out, Property::name, name);
  // Who is in no domain gives the own name for it.
  if (!same_word(domain.view(), name.view())) say(out, Property::domain, domain);
  say_os(message, out);
}

void say_authenticate(const NtlmMessage& message, Observer& out) {
  say(out, Property::name, ntlm_text(message.workstation, message.unicode));
  say_os(message, out);
  if (message.anonymous) {
    // A null session: Windows opens them by habit, and they give next to nothing.
    out.event(Event::login, "NTLM anonymous");
    return;
  }
  const auto domain = ntlm_text(message.domain, message.unicode);
  SmallText account{"NTLM "};
  if (!domain.empty()) account.add(domain.view()).add('\\');
  account.add(ntlm_text(message.user, message.unicode).view());
  out.event(Event::login, account.view());
}

}  // namespace

std::optional<NtlmMessage> find_ntlm(Bytes token) noexcept {
  const auto at = view_of(token).find(kSignature);
  if (at == std::string_view::npos) return std::nullopt;
  const auto bytes = token.subspan(at);
  ByteCursor header{bytes};
  header.skip(kSignature.size());
  const auto type = header.le32();
  if (!header.ok() || type < 1 || type > 3) return std::nullopt;
  NtlmMessage message;
  message.type = static_cast<NtlmMessage::Type>(type);
  if (message.type == NtlmMessage::Type::negotiate) read_negotiate(header, bytes, message);
  if (message.type == NtlmMessage::Type::challenge) read_challenge(header, bytes, message);
  if (message.type == NtlmMessage::Type::authenticate) read_authenticate(header, bytes, message);
  return message;
}

bool has_kerberos(Bytes token) noexcept {
  return std::search(token.begin(), token.end(), kKerberos.begin(), kKerberos.end()) != token.end();
}

bool say_ntlm(Bytes token, Observer& out) {
  const auto message = find_ntlm(token);
  if (!message.has_value()) return false;
  switch (message->type) {
    case NtlmMessage::Type::negotiate:
      say(out, Property::name, ntlm_text(message->workstation, false));
      say_os(*message, out);
      return false;
    case NtlmMessage::Type::challenge:
      say_challenge(*message, out);
      return false;
    case NtlmMessage::Type::authenticate:
      say_authenticate(*message, out);
      return true;
  }
  return false;
}

SmallText ntlm_text(Bytes field, bool unicode) noexcept {
  SmallText text;
  if (unicode) return text.utf16le(field);
  return text.add(view_of(field));
}

SmallText windows_name(unsigned major, unsigned minor, unsigned build) noexcept {
  SmallText text;
  // Samba and others that speak the protocol send a number without a build.
  if (build == 0) return text;
  const auto name = release_name(major, minor, build);
  if (name.empty()) return text;
  text.add(name);
  return text.add(" (").decimal(major).add('.').decimal(minor).add('.').decimal(build).add(')');
}

}  // namespace sekimori
