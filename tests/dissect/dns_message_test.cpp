#include "sekimori/dissect/dns_message.h"

#include "dns_bytes.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

using State = DnsReader::State;

std::vector<std::uint8_t> with_question(const std::vector<std::uint8_t>& name) {
  auto bytes = "0001 0100 0001 0000 0000 0000"_hex;
  bytes.insert(bytes.end(), name.begin(), name.end());
  bytes.insert(bytes.end(), {0, 1, 0, 1});
  return bytes;
}

TEST_CASE("DnsReader: names keep their labels apart", "[dns-message]") {
  const auto bytes = with_question(name("press 4._http._tcp.local"));
  DnsReader reader{bytes};
  DnsQuestion question;
  REQUIRE(reader.next(question));
  CHECK(question.name.view() == "press 4._http._tcp.local");
  CHECK(question.name.labels == 4);
  CHECK(question.name.first() == "press 4");
  CHECK(question.name.rest() == "_http._tcp.local");
  CHECK_FALSE(reader.next(question));
  CHECK(reader.ok());
  CHECK(reader.offset() == bytes.size());

  const auto root = with_question(name(""));
  DnsReader empty{root};
  REQUIRE(empty.next(question));
  CHECK(question.name.labels == 0);
  CHECK(question.name.rest().empty());
}

TEST_CASE("DnsReader: pointers lead backwards only", "[dns-message]") {
  CHECK(DnsReader::walk(with_question("c00c"_hex)) == State::broken);        // itself
  CHECK(DnsReader::walk(with_question("c00e"_hex)) == State::broken);        // forward
  CHECK(DnsReader::walk(with_question("c000"_hex)) == State::broken);        // the header
  CHECK(DnsReader::walk(with_question("01 61 c00c"_hex)) == State::broken);  // its own start
  CHECK(DnsReader::walk(with_question("41 61 00"_hex)) == State::broken);    // RFC 6891, 5
}

TEST_CASE("DnsReader: a name of 255 bytes is the longest", "[dns-message]") {
  std::vector<std::uint8_t> labels;
  for (int i = 0; i < 3; ++i) {
    labels.push_back(63);
    labels.insert(labels.end(), 63, 'a');
  }
  auto fits = labels;
  fits.push_back(61);
  fits.insert(fits.end(), 61, 'b');
  fits.push_back(0);
  REQUIRE(fits.size() == 255);
  CHECK(DnsReader::walk(with_question(fits)) == State::whole);
  auto over = labels;
  over.push_back(62);
  over.insert(over.end(), 62, 'b');
  over.push_back(0);
  CHECK(DnsReader::walk(with_question(over)) == State::broken);
}

TEST_CASE("DnsReader: a long chain of pointers ends", "[dns-message]") {
  // One label, then pointers, each to the one before: 5000 records' owners.
  auto bytes = "0001 8100 0000 1388 0000 0000 01 61 00"_hex;
  bytes = "0001 8100 0001 1388 0000 0000 01 61 00 0001 0001"_hex;
  unsigned before = 12;
  for (int i = 0; i < 5000; ++i) {
    const auto here = static_cast<unsigned>(bytes.size());
    bytes.push_back(static_cast<std::uint8_t>(0xc0U | before >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(before));
    bytes.insert(bytes.end(), 10, 0);
    if (here < 0x3fff) before = here;
  }
  CHECK(DnsReader::walk(bytes) == State::whole);
}

TEST_CASE("DnsReader: any cut is a cut", "[dns-message]") {
  auto bytes = "0001 8180 0001 0001 0000 0000 03 777777 00 0001 0001"_hex;
  const auto record = "c00c 0001 0001 00000001 0004 0a000001"_hex;
  bytes.insert(bytes.end(), record.begin(), record.end());
  CHECK(DnsReader::walk(bytes) == State::whole);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK(DnsReader::walk(Bytes{bytes}.first(size)) == State::cut);
  }
}

TEST_CASE("DNS names: compared without case, and read backwards", "[dns-message]") {
  CHECK(same_name("DC1.Plant.local", "dc1.plant.LOCAL"));
  CHECK_FALSE(same_name("dc1", "dc12"));
  CHECK(name_ends_with("a.LOCAL", ".local"));
  CHECK_FALSE(name_ends_with("ocal", ".local"));
  const auto reverse = [](std::string_view name) {
    const auto ip = reverse_address(name);
    return ip ? to_text(*ip) : "none";
  };
  CHECK(reverse("7.0.0.10.in-addr.arpa") == "10.0.0.7");
  CHECK(reverse("7.0.0.10.IN-ADDR.ARPA") == "10.0.0.7");
  CHECK(reverse("7.0.0.256.in-addr.arpa") == "none");
  CHECK(reverse("0.0.10.in-addr.arpa") == "none");
  CHECK(reverse("1.7.0.0.10.in-addr.arpa") == "none");
  CHECK(reverse("a.0.0.10.in-addr.arpa") == "none");
  CHECK(reverse(".in-addr.arpa") == "none");
  CHECK(reverse("in-addr.arpa") == "none");
  CHECK(reverse("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa") ==
        "fd00::7");
  CHECK(reverse("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.g.ip6.arpa") ==
        "none");
  CHECK(reverse("7.0.ip6.arpa") == "none");
}

}  // namespace
}  // namespace sekimori::test
