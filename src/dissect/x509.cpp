#include "sekimori/dissect/x509.h"

#include "sekimori/bytes/address.h"
#include "sekimori/dissect/ber.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>

namespace sekimori {
namespace {

constexpr std::uint32_t kUtcTime = 0x17;  // X.690, 8.25; types of RFC 5280, 4.1.2.5
constexpr std::uint32_t kGeneralizedTime = 0x18;
constexpr std::uint32_t kBmpString = 0x1e;
constexpr int kMostNameParts = 16;

struct OidText {
  std::string_view oid;  // content octets
  std::string_view text;
};
// RFC 5280, 4.1.2.4 and X.520.
constexpr auto kNameParts = std::to_array<OidText>({
    {"\x55\x04\x03", "CN="},
    {"\x55\x04\x0a", "O="},
    {"\x55\x04\x0b", "OU="},
});
// RFC 3279, 2.2: signatures whose hash is broken.
constexpr auto kWeakSignatures = std::to_array<OidText>({
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", "md2"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "md5"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "sha1"},
    {"\x2a\x86\x48\xce\x3d\x04\x01", "sha1"},
    {"\x2a\x86\x48\xce\x38\x04\x03", "sha1"},
});
constexpr std::string_view kRsa = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
constexpr std::size_t kLeastRsaBits = 2048;  // NIST SP 800-131A Rev. 2, 3

std::string_view text_of(std::span<const OidText> table, Bytes oid) noexcept {
  const auto row = std::ranges::find(table, view_of(oid), &OidText::oid);
  return row != table.end() ? row->text : std::string_view{};
}

SmallText name_of(Bytes name) noexcept {
  SmallText text;
  BerReader sets{name};
  for (int i = 0; i < kMostNameParts && !sets.empty(); ++i) {
    auto part = sets.enter(ber::kSet).enter(ber::kSequence);
    const auto label = text_of(kNameParts, part.take(ber::kOid));
    const auto value = part.next();
    if (!part.ok() || label.empty()) continue;
    if (!text.empty()) text.add(", ");
    text.add(label);
    if (value.is(kBmpString)) {
      for (std::size_t at = 1; at < value.content.size(); at += 2) {
        const auto letter = value.content[at];
        text.add(value.content[at - 1] == 0 && letter < 0x80 ? static_cast<char>(letter) : '?');
      }
    } else {
      text.add(view_of(value.content).substr(0, 100));
    }
  }
  return text;
}

// YYMMDD or YYYYMMDD; two-digit years under 50 are of this century (RFC 5280, 4.1.2.5.1).
SmallText date_of(const BerElement& time) noexcept {
  SmallText text;
  auto digits = view_of(time.content);
  if (time.is(kUtcTime)) {
    if (digits.size() < 6) return text;
    text.add(digits[0] < '5' ? "20" : "19").add(digits.substr(0, 2));
    digits.remove_prefix(2);
  } else {
    if (!time.is(kGeneralizedTime) || digits.size() < 8) return text;
    text.add(digits.substr(0, 4));
    digits.remove_prefix(4);
  }
  text.add('-').add(digits.substr(0, 2)).add('-').add(digits.substr(2, 2));
  return is_printable(text.view()) ? text : SmallText{};
}

std::size_t rsa_bits(Bytes key_info) noexcept {
  BerReader info{key_info};
  auto algorithm = info.enter(ber::kSequence);
  if (view_of(algorithm.take(ber::kOid)) != kRsa) return 0;
  auto bits = info.take(ber::kBitString);
  if (bits.size() < 2) return 0;
  BerReader key{bits.subspan(1)};  // behind the count of unused bits
  auto modulus = key.enter(ber::kSequence).take(ber::kInteger);
  while (!modulus.empty() && modulus[0] == 0) modulus = modulus.subspan(1);
  return modulus.size() * 8;
}

// RFC 5280, 4.2 and 4.2.1.6.
constexpr std::string_view kOtherNames = "\x55\x1d\x11";
constexpr std::uint32_t kExtensions = ber::context(3, ber::Form::constructed);
constexpr std::uint32_t kDnsName = ber::context(2);
constexpr std::uint32_t kIpAddress = ber::context(7);
constexpr int kMostExtensions = 32;
constexpr int kMostOtherNames = 4;

void read_other_names(Bytes names, Certificate& found) {
  BerReader outer{names};
  auto list = outer.enter(ber::kSequence);
  for (int told = 0; told < kMostOtherNames && !list.empty();) {
    const auto name = list.next();
    if (!list.ok()) return;
    SmallText text;
    if (name.is(kDnsName)) {
      text.add(view_of(name.content).substr(0, 60));
      if (found.host.empty() && !text.view().starts_with('*')) found.host = name.content;
    } else if (name.is(kIpAddress)) {
      const auto ip = IpAddress::of(name.content);
      if (!ip.is_unspecified()) text.add(to_text(ip));
    }
    if (text.empty()) continue;
    found.other_names.add(told == 0 ? "" : ", ").add(text.view());
    ++told;
  }
}

void read_extensions(BerReader body, Certificate& found) {
  while (!body.empty() && body.peek() != kExtensions) body.next();  // identifiers (4.1.2.8)
  auto list = body.enter(kExtensions).enter(ber::kSequence);
  for (int i = 0; i < kMostExtensions && !list.empty(); ++i) {
    auto extension = list.enter(ber::kSequence);
    const auto oid = extension.take(ber::kOid);
    if (extension.peek() == ber::kBoolean) extension.next();  // critical
    const auto value = extension.take(ber::kOctetString);
    if (extension.ok() && view_of(oid) == kOtherNames) return read_other_names(value, found);
  }
}

}  // namespace

std::optional<Certificate> certificate_of(Bytes der) noexcept {
  BerReader outer{der};
  auto certificate = outer.enter(ber::kSequence);
  auto body = certificate.enter(ber::kSequence);
  if (body.peek() == ber::context(0, ber::Form::constructed)) body.next();  // version
  body.take(ber::kInteger);                                                 // serial number
  auto signature = body.enter(ber::kSequence);
  const auto signature_oid = signature.take(ber::kOid);
  const auto issuer = body.take(ber::kSequence);
  auto validity = body.enter(ber::kSequence);
  validity.next();
  const auto not_after = validity.next();
  const auto subject = body.take(ber::kSequence);
  const auto key = body.take(ber::kSequence);
  if (!body.ok() || !validity.ok()) return std::nullopt;

  Certificate found;
  found.subject = name_of(subject);
  found.issuer = name_of(issuer);
  found.self_issued = std::ranges::equal(issuer, subject);
  found.not_after = date_of(not_after);
  const auto weak = text_of(kWeakSignatures, signature_oid);
  found.weakness.add(weak);
  const auto bits = rsa_bits(key);
  if (bits > 0 && bits < kLeastRsaBits)
    found.weakness.add(weak.empty() ? "rsa " : ", rsa ").decimal(bits);
  read_extensions(body, found);
  return found;
}

void say_certificate(Bytes der, Observer& out) {
  const auto certificate = certificate_of(der);
  if (!certificate.has_value()) return;
  if (!certificate->subject.empty())
    out.property({}, Property::certificate, certificate->subject.bytes(), Confidence::stated);
  if (!certificate->host.empty())
    out.property({}, Property::name, certificate->host, Confidence::observed);
  SmallText text;
  text.add(certificate->self_issued ? "self-signed " : "").add(certificate->subject.view());
  if (!certificate->self_issued) text.add(" by ").add(certificate->issuer.view());
  if (!certificate->other_names.empty()) text.add(", for ").add(certificate->other_names.view());
  if (!certificate->not_after.empty()) text.add(", until ").add(certificate->not_after.view());
  if (!certificate->weakness.empty()) text.add(", weak: ").add(certificate->weakness.view());
  out.event(Event::certificate, text.view());
}

}  // namespace sekimori
