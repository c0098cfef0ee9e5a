#include "sekimori/infer/oui.h"

#include "../../src/infer/oui/vendor_name.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace sekimori::test {
namespace {

std::string vendor(std::string_view text) {
  return std::string{vendor_of(parse_mac(text).value())};
}

TEST_CASE("OUI: the longest block names the maker", "[oui]") {
  CHECK(vendor("00:1b:1b:01:02:03") == "Siemens");
  CHECK(vendor("00:00:bc:00:00:01") == "Rockwell Automation");
  // IEEE gave this block out again in parts: 28 bits here, 36 there, and what is left is nobody's.
  CHECK(vendor("20:85:93:b0:00:01") == "IOG Products");
  CHECK(vendor("70:b3:d5:f2:f0:01") == "Teleplatforms");
  CHECK(vendor("70:b3:d5:71:90:01") == "2M Technology");
}

TEST_CASE("OUI: local, group and unset addresses have no maker", "[oui]") {
  CHECK(vendor("02:1b:1b:01:02:03").empty());
  CHECK(vendor("01:1b:1b:01:02:03").empty());
  CHECK(vendor("00:00:00:00:00:00").empty());
  CHECK(vendor("ff:ff:ff:ff:ff:ff").empty());
}

TEST_CASE("OUI: the register has a date and a size", "[oui]") {
  const auto date = oui_date();
  REQUIRE(date.size() == 10);
  CHECK(date[4] == '-');
  CHECK(date[7] == '-');
  CHECK(date > "2020-01-01");
  CHECK(oui_count() > 30000);
}

TEST_CASE("OUI: registered names become what people say", "[oui]") {
  const std::vector<std::pair<std::string, std::string>> names{
      {"SIEMENS AG", "Siemens"},
      {"Siemens AG I IA PP PRM", "Siemens"},
      {"Siemens AG - Industrial Automation - EWA", "Siemens"},
      {"Cisco Systems, Inc", "Cisco Systems"},
      {"OMRON Corporation", "Omron"},
      {"Murata Manufacturing Co., Ltd.", "Murata Manufacturing"},
      {"Pilz GmbH & Co.", "Pilz"},
      {"ABB Oy / Medium Voltage Products", "ABB"},
      {"AG Neovo", "AG Neovo"},
      {"Private", ""},
      {"IEEE Registration Authority", ""},
      {"", ""},
      {"  ,  ", ""},
  };
  for (const auto& [registered, said] : names) {
    CAPTURE(registered);
    CHECK(oui::vendor_name(registered) == said);
  }
}

}  // namespace
}  // namespace sekimori::test
