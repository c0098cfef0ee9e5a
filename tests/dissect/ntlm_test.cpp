#include "sekimori/dissect/ntlm.h"

#include "sekimori/bytes/text.h"

#include "hex.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace sekimori::test {
namespace {

// [MS-NLMP] 2.2.1.2: a challenge of HMI1, Windows 6.1.7601.
const auto kChallenge =
    "4e544c4d53535000 02000000 / 0000 0000 38000000 / 01028a82 / 0102030405060708 / "
    "0000000000000000 / 1400 1400 38000000 / 0601b11d0000000f / "
    "0100 0800 4800 4d00 4900 3100 / 0200 0000 / 0000 0000"_hex;

TEST_CASE("NTLM: a challenge names its sender", "[ntlm]") {
  const auto message = find_ntlm(kChallenge);
  REQUIRE(message.has_value());
  CHECK(message->type == NtlmMessage::Type::challenge);
  CHECK(ntlm_text(message->netbios_computer, true).view() == "HMI1");
  CHECK(windows_name(message->os_major, message->os_minor, message->os_build).view() ==
        "Windows 7 / Server 2008 R2 (6.1.7601)");
}

TEST_CASE("NTLM: it is found inside other wrappings, and not where it is not", "[ntlm]") {
  auto wrapped = "6082 0100 0606 2b06 0105 0502"_hex;
  wrapped.insert(wrapped.end(), kChallenge.begin(), kChallenge.end());
  CHECK(find_ntlm(wrapped).has_value());
  CHECK_FALSE(find_ntlm("6082 0100"_hex).has_value());
  CHECK_FALSE(find_ntlm("4e544c4d53535000 04000000"_hex).has_value());
  CHECK_FALSE(find_ntlm("4e544c4d53535000 0200"_hex).has_value());
}

TEST_CASE("NTLM: cut or bent, it names nothing that it does not hold", "[ntlm]") {
  for (std::size_t size = 0; size < kChallenge.size(); ++size) {
    CAPTURE(size);
    const std::vector<std::uint8_t> cut(kChallenge.begin(),
                                        kChallenge.begin() + static_cast<std::ptrdiff_t>(size));
    const auto message = find_ntlm(cut);
    if (!message.has_value()) continue;
    // The list lies at the end and is only read whole.
    CHECK(message->netbios_computer.empty());
  }
  auto bent = kChallenge;
  bent[44] = 0xff;  // the list begins behind the end
  const auto message = find_ntlm(bent);
  REQUIRE(message.has_value());
  CHECK(message->netbios_computer.empty());
}

TEST_CASE("NTLM: Windows by its numbers", "[ntlm]") {
  CHECK(windows_name(5, 1, 2600).view() == "Windows XP (5.1.2600)");
  CHECK(windows_name(10, 0, 14393).view() == "Windows 10 / Server 2016 (10.0.14393)");
  CHECK(windows_name(10, 0, 19041).view() == "Windows 10 (10.0.19041)");
  CHECK(windows_name(10, 0, 22631).view() == "Windows 11 (10.0.22631)");
  CHECK(windows_name(6, 1, 0).empty());  // Samba's
  CHECK(windows_name(7, 0, 1).empty());
}

}  // namespace
}  // namespace sekimori::test
