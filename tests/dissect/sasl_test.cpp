#include "sekimori/dissect/sasl.h"

#include <catch2/catch.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::test {
namespace {

/// Writes down the events that it hears.
class Heard final : public Observer {
 public:
  void request(std::uint32_t, const Target&, std::uint64_t, std::uint64_t) override {}
  void notice(std::uint32_t, const Target&) override {}
  std::optional<std::uint64_t> reply(std::uint64_t, Outcome, std::uint32_t) override {
    return std::nullopt;
  }
  void property(const Subject&, Property, Bytes, Confidence) override {}
  void claim(const Mac&, const IpAddress&) override {}
  void event(Event event, std::string_view detail, const Subject&) override {
    text += std::string{to_text(event)} + " " + std::string{detail} + ";";
  }
  void blocked(const Blocked&) override {}
  StreamBuffer& buffer(std::uint64_t) override { return user; }
  bool carry(std::string_view, ByteCursor&, const Context&) override { return false; }

  StreamBuffer user;
  std::string text;
};

struct Case {
  std::string_view mechanism;
  std::vector<std::string_view> lines;
  std::string_view said;
};

const std::vector<Case> cases{
    {"PLAIN", {"AG9wAFRvcFNlY3JldDk="}, "cleartext-login x, user op, password not default;"},
    {"plain", {"AG9wAA=="}, "cleartext-login x, user op, password empty;"},
    {"PLAIN", {"b3A="}, ""},
    {"PLAIN", {"!"}, ""},
    {"LOGIN", {"b3A=", "b3A="}, "cleartext-login x, user op, password same as user;"},
    {"LOGIN", {"b3A="}, ""},
    {"LOGIN", {"*", "b3A="}, ""},
    {"CRAM-MD5", {"dGltIGI5MTM="}, "login x, CRAM-MD5, user tim;"},
    {"GSSAPI", {"YQ=="}, ""},
    {"OAUTHBEARER", {"bixhPQ=="}, ""},
};

TEST_CASE("SASL: what a mechanism's lines tell", "[sasl]") {
  for (const auto& c : cases) {
    CAPTURE(c.mechanism, c.lines);
    Heard out;
    auto state = sasl_of(c.mechanism);
    for (const auto line : c.lines) state = say_sasl(state, line, "x", out.user, out);
    CHECK(out.text == c.said);
  }
}

TEST_CASE("SASL: a mechanism that shows nothing is named", "[sasl]") {
  Heard out;
  CHECK(say_mechanism("OAUTHBEARER", "x", out));
  CHECK_FALSE(say_mechanism("PLAIN", "x", out));
  CHECK(out.text == "login x, OAUTHBEARER;");
}

}  // namespace
}  // namespace sekimori::test
