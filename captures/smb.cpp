// SMB as it opens: negotiation, a login by NTLM, a share. [MS-SMB] 2.2.4, [MS-SMB2] 2.2,
// [MS-NLMP] 2.2.1. The answers to the challenge are noise.

#include "sessions.h"

namespace sekimori::captures {
namespace {

constexpr std::uint32_t kUnicode = 0x00000001;
constexpr std::uint32_t kNtlm = 0x00000200;
constexpr std::uint32_t kTargetInfo = 0x00800000;
constexpr std::uint32_t kVersion = 0x02000000;
constexpr std::uint32_t kFlags = kUnicode | kNtlm | kVersion;

constexpr std::uint32_t kMoreProcessing = 0xc0000016;       // [MS-ERREF] 2.3.1
constexpr std::uint64_t kFileTime = 134199072000000000ULL;  // 2026-04-06, in 100 ns from 1601

/// 10.0, build 19041, NTLM revision 15; or 6.1, build 7601.
Payload version_of(bool old) {
  return hex(old ? "0601 b11d 000000 0f" : "0a00 614a 000000 0f");
}

/// Length, room and place of a field.
Payload field(const Payload& content, std::size_t at) {
  return joined({le16(content.size()), le16(content.size()), le32(at)});
}

Payload ntlm_negotiate(bool old) {
  return joined(
      {text("NTLMSSP"), u8(0), le32(1), le32(kFlags), field({}, 0), field({}, 0), version_of(old)});
}

/// An attribute of the target: 1 computer, 2 domain, 0 the end.
Payload attribute(unsigned id, const Payload& value) {
  return joined({le16(id), le16(value.size()), value});
}

Payload ntlm_challenge(const Account& account, bool old) {
  constexpr std::size_t kHeader = 56;
  const auto target = utf16(account.domain);
  const auto told =
      joined({attribute(2, target), attribute(1, utf16(account.server)), attribute(0, {})});
  return joined({text("NTLMSSP"), u8(0), le32(2), field(target, kHeader),
                 le32(kFlags | kTargetInfo), noise(8, 31), zeros(8),
                 field(told, kHeader + target.size()), version_of(old), target, told});
}

Payload ntlm_authenticate(const Account& account, bool old) {
  const auto domain = utf16(account.domain);
  const auto user = utf16(account.user);
  const auto host = utf16(account.workstation);
  const auto proof = noise(24, 32);
  std::size_t at = 72;
  const auto place = [&at](const Payload& content) {
    auto bytes = field(content, at);
    at += content.size();
    return bytes;
  };
  auto message = joined({text("NTLMSSP"), u8(0), le32(3)});
  for (const auto* each : {&proof, &proof, &domain, &user, &host}) message = message + place(*each);
  return joined(
      {message, place({}), le32(kFlags), version_of(old), proof, proof, domain, user, host});
}

/// Direct TCP ([MS-SMB2] 2.1).
Payload framed(const Payload& message) {
  return u8(0) + counted(3, message);
}

// -------------------------------------------------------------------------------- version 1

Payload smb1_header(unsigned command, std::uint32_t status, bool answer, unsigned id) {
  return joined({u8(0xff), text("SMB"), u8(command), le32(status), u8(answer ? 0x98 : 0x18),
                 le16(0xc807), zeros(12), le16(0), le16(0xfeff), le16(answer ? 2048 : 0),
                 le16(id)});
}

/// Words are counted in twos, bytes one by one.
Payload smb1_body(const Payload& words, const Payload& bytes) {
  return joined({u8(words.size() / 2), words, le16(bytes.size()), bytes});
}

Payload smb1_negotiate() {
  const auto dialect = u8(2) + text("NT LM 0.12") + u8(0);
  return framed(smb1_header(0x72, 0, false, 1) + smb1_body({}, dialect));
}

Payload smb1_negotiated() {
  // Extended security, Unicode, NT status, large files.
  const auto words = joined({le16(0), u8(3), le16(50), le16(1), le32(16644), le32(65536), le32(0),
                             le32(0x8000e3fd), little(kFileTime, 8), le16(0), u8(0)});
  return framed(smb1_header(0x72, 0, true, 1) + smb1_body(words, noise(16, 33)));
}

/// Texts stand at even places from the header on.
Payload native_names(std::size_t before, std::string_view os) {
  const auto pad = zeros(before % 2);
  return joined({pad, utf16(os), le16(0), utf16(os), le16(0)});
}

Payload smb1_login(const Payload& token, unsigned id) {
  const auto words = joined({hex("ff 00 0000"), le16(16644), le16(50), le16(0), le32(0),
                             le16(token.size()), le32(0), le32(0x800000d4)});
  const auto before = 32 + 1 + words.size() + 2 + token.size();
  return framed(smb1_header(0x73, 0, false, id) +
                smb1_body(words, token + native_names(before, "Windows 7 Professional 7601")));
}

Payload smb1_login_answer(const Payload& token, unsigned id, std::uint32_t status) {
  const auto words = joined({hex("ff 00 0000"), le16(0), le16(token.size())});
  const auto before = 32 + 1 + words.size() + 2 + token.size();
  return framed(smb1_header(0x73, status, true, id) +
                smb1_body(words, token + native_names(before, "Windows 7 Professional 7601")));
}

// -------------------------------------------------------------------------------- version 2

Payload smb2_header(unsigned command, std::uint32_t status, bool answer, std::uint64_t id,
                    std::uint64_t session, std::uint32_t tree = 0) {
  return joined({u8(0xfe), text("SMB"), le16(64), le16(1), le32(status), le16(command), le16(31),
                 le32(answer ? 1 : 0), le32(0), little(id, 8), le32(0xfeff), le32(tree),
                 little(session, 8), zeros(16)});
}

Payload smb2_negotiate() {
  return framed(smb2_header(0, 0, false, 0, 0) +
                joined({le16(36), le16(2), le16(1), le16(0), le32(0), noise(16, 41), zeros(8),
                        le16(0x0210), le16(0x0302)}));
}

Payload smb2_negotiated() {
  return framed(smb2_header(0, 0, true, 0, 0) +
                joined({le16(65), le16(1), le16(0x0302), le16(0), noise(16, 42), le32(7),
                        le32(1048576), le32(1048576), le32(1048576), little(kFileTime, 8),
                        little(0, 8), le16(128), le16(0), le32(0)}));
}

Payload smb2_login(const Payload& token, std::uint64_t id, std::uint64_t session) {
  return framed(smb2_header(1, 0, false, id, session) +
                joined({le16(25), u8(0), u8(1), le32(1), le32(0), le16(88), le16(token.size()),
                        little(0, 8), token}));
}

Payload smb2_login_answer(const Payload& token, std::uint64_t id, std::uint32_t status,
                          std::uint64_t session) {
  return framed(smb2_header(1, status, true, id, session) +
                joined({le16(9), le16(0), le16(72), le16(token.size()), token}));
}

}  // namespace

void smb1(Scene& scene, Station& client, Station& server, const Account& account) {
  auto session = scene.connect(client, server, 445);
  session.say(smb1_negotiate()).answer(smb1_negotiated());
  session.say(smb1_login(ntlm_negotiate(true), 2))
      .answer(smb1_login_answer(ntlm_challenge(account, true), 2, kMoreProcessing));
  session.say(smb1_login(ntlm_authenticate(account, true), 3)).answer(smb1_login_answer({}, 3, 0));
  session.close();
}

void smb2(Scene& scene, Station& client, Station& server, const Account& account,
          std::string_view share) {
  constexpr std::uint64_t kSession = 0x0000040000000005;
  auto session = scene.connect(client, server, 445);
  session.say(smb2_negotiate()).answer(smb2_negotiated());
  session.say(smb2_login(ntlm_negotiate(false), 1, 0))
      .answer(smb2_login_answer(ntlm_challenge(account, false), 1, kMoreProcessing, kSession));
  session.say(smb2_login(ntlm_authenticate(account, false), 2, kSession))
      .answer(smb2_login_answer({}, 2, 0, kSession));
  const auto path = utf16("\\\\" + std::string{account.server} + '\\' + std::string{share});
  session.say(framed(smb2_header(3, 0, false, 3, kSession) +
                     joined({le16(9), le16(0), le16(72), le16(path.size()), path})));
  session.answer(framed(smb2_header(3, 0, true, 3, kSession, 1) +
                        joined({le16(16), u8(1), u8(0), le32(0), le32(0), le32(0x001f01ff)})));
  session.close();
}

}  // namespace sekimori::captures
