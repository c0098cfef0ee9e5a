#include "sekimori/dissect/dissection.h"

#include "tcp_script.h"

#include <catch2/catch.hpp>

#include <string>

namespace sekimori::test {
namespace {

// Two protocols of the test's own. `letters`: `L`, a digit that says how many letters follow.
// `asks`: the same with `A` from the client and `B` from the server, so that its bytes tell who
// spoke; `0` there means that four raw bytes follow that nobody needs. Both may begin with `H`, a
// handshake that they share.

Extent counted(ByteCursor stream, char one, char other) {
  const auto letter = stream.u8();
  const auto digit = stream.u8();
  if (stream.offset() == 0) return Extent::incomplete();
  if (letter != one && letter != other && letter != 'H') return Extent::foreign();
  if (!stream.ok()) return Extent::incomplete();
  if (digit < '0' || digit > '9') return Extent::foreign();
  if (letter == 'H') return Extent::of(2U + digit - '0').as_no_proof();
  if (digit == '0') return Extent::of(2).then_skip(4);
  return Extent::of(2U + digit - '0');
}
Extent letters_extent(ByteCursor stream, const Context& /*context*/) noexcept {
  return counted(stream, 'L', 'L');
}
Extent asks_extent(ByteCursor stream, const Context& /*context*/) noexcept {
  return counted(stream, 'A', 'B');
}
std::optional<Sender> asks_sender(ByteCursor message, const Context& /*context*/) noexcept {
  const auto letter = message.u8();
  if (letter == 'H') return std::nullopt;
  return letter == 'A' ? Sender::client : Sender::server;
}
void say(ByteCursor& message, const Context& /*context*/, Observer& out) {
  message.skip(2);
  out.event(Event::version, view_of(message.rest()));
}

constexpr auto kLettersSeats = std::to_array<Seat>({{Over::tcp, 700}});
constexpr Dissector kLetters{.name = "letters",
                             .seats = kLettersSeats,
                             .over_tcp = true,
                             .over_udp = true,
                             .alone = 3,
                             .extent = letters_extent,
                             .dissect = say};
constexpr Dissector kAsks{.name = "asks",
                          .over_tcp = true,
                          .alone = 3,
                          .extent = asks_extent,
                          .sender = asks_sender,
                          .dissect = say};

/// A recorder that writes down which protocol was accepted and what was said by whom.
class Words final : public Observer {
 public:
  using FlowType = Flow<Session>;

  void opened(FlowType& /*flow*/, const Packet& /*packet*/) {}
  void bound(FlowType& /*flow*/, std::uint8_t /*sender*/, const Packet& /*packet*/) {}
  void accepted(FlowType& flow) { add("is " + std::string{flow.attachment.dissector->name}); }
  void begin(FlowType& flow, std::uint8_t sender, const Sighting& seen) {
    from_ = (sender == flow.client ? ">" : "<") + std::to_string(seen.frame) + " ";
  }
  void finish(const ByteCursor& /*message*/) {}
  static void forget_requests(FlowType& /*flow*/) {}
  void closed(FlowType& flow, bool /*cut*/) {
    if (flow.attachment.dissector == nullptr) add("is nothing known");
    add("to " + std::to_string(flow.server_port()));
  }
  void event(Event /*event*/, std::string_view detail, const Subject& /*subject*/) override {
    add(from_ + std::string{detail});
  }
  void request(std::uint32_t /*code*/, const Target& /*target*/, std::uint64_t /*key*/,
               std::uint64_t /*context*/) override {}
  void notice(std::uint32_t /*code*/, const Target& /*target*/) override {}
  std::optional<std::uint64_t> reply(std::uint64_t /*key*/, Outcome /*outcome*/,
                                     std::uint32_t /*reason*/) override {
    return {};
  }
  void property(const Subject& /*subject*/, Property /*property*/, Bytes /*value*/,
                Confidence /*confidence*/) override {}
  void claim(const Mac& /*mac*/, const IpAddress& /*ip*/) override {}
  void blocked(const Blocked& /*blocked*/) override {}
  StreamBuffer& buffer(std::uint64_t /*key*/) override { return buffer_; }
  bool carry(std::string_view /*protocol*/, ByteCursor& /*message*/,
             const Context& /*context*/) override {
    return false;
  }

  std::string text;

 private:
  void add(const std::string& clause) { text += (text.empty() ? "" : "; ") + clause; }

  std::string from_;
  StreamBuffer buffer_;
};

/// The recorder, the dissectors and the dissection as one sink.
struct Heard {
  Words words;
  Dissectors dissectors{{&kAsks, &kLetters}};
  Dissection<Words> dissection{words, dissectors};

  using Attachment = Session;
  using FlowType = Flow<Session>;
  [[nodiscard]] const std::string& transcript() const { return words.text; }
  [[nodiscard]] bool is_seat(Over over, std::uint16_t port) const {
    return dissection.is_seat(over, port);
  }
  void opened(FlowType& flow, const Packet& packet) { dissection.opened(flow, packet); }
  void bound(FlowType& flow, std::uint8_t sender, const Packet& packet) {
    dissection.bound(flow, sender, packet);
  }
  [[nodiscard]] bool wants(const FlowType& flow, std::uint8_t sender) const {
    return dissection.wants(flow, sender);
  }
  void stream(FlowType& flow, std::uint8_t sender, Bytes bytes, const Sighting& seen) {
    dissection.stream(flow, sender, bytes, seen);
  }
  void gap(FlowType& flow, std::uint8_t sender, std::uint64_t missing) {
    dissection.gap(flow, sender, missing);
  }
  void datagram(FlowType& flow, std::uint8_t sender, const Packet& packet, const Sighting& seen) {
    dissection.datagram(flow, sender, packet, seen);
  }
  void closed(FlowType& flow, bool cut) { dissection.closed(flow, cut); }
  [[nodiscard]] std::size_t held() const { return dissection.held(); }
  [[nodiscard]] static std::size_t held(const FlowType& flow) {
    return Dissection<Words>::held(flow);
  }
  void let_go(FlowType& flow) { dissection.let_go(flow); }
};
using Talk = Script<Heard>;

TEST_CASE("Recognition: off its port, a question and its answer prove a protocol", "[dissect]") {
  Talk talk;
  talk.handshake().a(1, "L3one").b(1, "L3two").a(6, "L1x");
  CHECK(talk.end() == "is letters; >4 one; <5 two; >6 x; to 502");
}

TEST_CASE("Recognition: off its port, one side alone must say more", "[dissect]") {
  Talk two;
  two.handshake().a(1, "L1a").a(4, "L1b");
  CHECK(two.end() == "is nothing known; to 502");
  Talk three;
  three.handshake().a(1, "L1a").a(4, "L1b").a(7, "L1c");
  CHECK(three.end() == "is letters; >4 a; >5 b; >6 c; to 502");
}

TEST_CASE("Recognition: on its port, one message does if nothing speaks against it", "[dissect]") {
  Talk talk;
  talk.port_b = 700;
  talk.handshake().a(1, "L1a");
  CHECK(talk.end() == "is letters; >4 a; to 700");
  Talk odd;
  odd.port_b = 700;
  odd.handshake().a(1, "L1a").b(1, "GET / HTTP/1.1");
  CHECK(odd.end() == "is nothing known; to 700");
}

TEST_CASE("Recognition: the bytes decide, not the port", "[dissect]") {
  Talk talk;
  talk.port_b = 700;
  talk.handshake().a(1, "A1a").b(1, "B1b");
  CHECK(talk.end() == "is asks; >4 a; <5 b; to 700");
}

TEST_CASE("Recognition: what bytes say of the sides outweighs the handshake", "[dissect]") {
  Talk talk;
  talk.handshake().a(1, "B1b").b(1, "A1a");
  CHECK(talk.end() == "is asks; <4 b; >5 a; to 40000");
}

TEST_CASE("Recognition: a handshake that protocols share proves none of them", "[dissect]") {
  Talk unknown;
  unknown.handshake().a(1, "H1h").b(1, "H1i").a(4, "H1j").a(7, "H1k");
  CHECK(unknown.end() == "is nothing known; to 502");
  Talk asks;
  asks.handshake().a(1, "H1h").b(1, "H1i").a(4, "A1a").b(4, "B1b");
  CHECK(asks.end() == "is asks; >4 h; <5 i; >6 a; <7 b; to 502");
  Talk letters;
  letters.handshake().a(1, "H1h").b(1, "H1i").b(4, "L1a").a(4, "L1b");
  CHECK(letters.end() == "is letters; >4 h; <5 i; <6 a; >7 b; to 502");
}

TEST_CASE("Recognition: messages cut to single bytes are put together", "[dissect]") {
  Talk talk;
  talk.handshake();
  const std::string bytes = "A3oneA3twoA2xx";
  for (std::uint32_t i = 0; i < bytes.size(); ++i) talk.a(1 + i, bytes.substr(i, 1));
  CHECK(talk.end() == "is asks; >8 one; >13 two; >17 xx; to 502");
}

TEST_CASE("Recognition: several messages in a segment are all heard", "[dissect]") {
  Talk talk;
  talk.handshake().a(1, "A1aA1bA1cA1");
  talk.a(12, "d");
  CHECK(talk.end() == "is asks; >4 a; >4 b; >4 c; >5 d; to 502");
}

TEST_CASE("Recognition: a stream met amid a message is heard from the next segment", "[dissect]") {
  Talk talk;
  talk.a(100, "ne").a(102, "A1a").b(50, "B1b");
  CHECK(talk.end() == "is asks; >2 a; <3 b; to 502");
}

TEST_CASE("Dissection: bytes that nobody needs are passed over, whole or in part", "[dissect]") {
  Talk talk;
  talk.handshake().a(1, "A1a").b(1, "B1b").a(4, "A0raw").a(9, "wA1c");
  CHECK(talk.end() == "is asks; >4 a; <5 b; >6 ; >7 c; to 502");
}

TEST_CASE("Dissection: a gap inside a message leaves the stream in step", "[dissect]") {
  Talk talk;
  talk.handshake().a(1, "A1a").b(1, "B1b");
  talk.segment(Talk::From::a, 4, "A9abc", kTcpAck, 11);
  talk.a(15, "A1d");
  CHECK(talk.end() == "is asks; >4 a; <5 b; >6 abc; >7 d; to 502");
}

TEST_CASE("Dissection: foreign bytes lose a segment, not the stream", "[dissect]") {
  Talk talk;
  talk.handshake().a(1, "A1a").b(1, "B1b").a(4, "????").a(8, "A1c");
  CHECK(talk.end() == "is asks; >4 a; <5 b; >7 c; to 502");
}

TEST_CASE("Dissection: a stream that nobody knows is given up within bounds", "[dissect]") {
  Talk talk;
  talk.handshake();
  for (std::uint32_t i = 0; i < 100; ++i) talk.a(1 + 4 * i, "zzzz");
  CHECK(talk.end() == "is nothing known; to 502");
}

TEST_CASE("Open requests: answers find the oldest of their key, and the store is bounded",
          "[dissect]") {
  constexpr std::uint8_t kOne = 0;
  constexpr std::uint8_t kOther = 1;
  OpenRequests open;
  CHECK_FALSE(open.close(kOne, 1));
  CHECK_FALSE(open.pop());
  for (std::uint32_t i = 0; i < 5; ++i) CHECK_FALSE(open.open({i % 2, i, i, kOne}));
  CHECK_FALSE(open.open({1, 9, 9, kOther}));  // of the same key, and another's
  CHECK(open.close(kOne, 1)->operation == 1);
  CHECK(open.close(kOne, 1)->operation == 3);
  CHECK_FALSE(open.close(kOne, 1));
  CHECK(open.close(kOther, 1)->operation == 9);
  CHECK(open.pop()->operation == 0);
  CHECK(open.close(kOne, 0)->operation == 2);
  CHECK(open.size() == 1);
  CHECK_FALSE(open.open({1, 9, 9, kOther}));
  constexpr std::uint32_t kMore = 36;
  std::size_t gone = 0;
  for (std::uint32_t i = 0; i < OpenRequests::kMost + kMore; ++i) {
    const auto oldest = open.open({7, i, i, kOne});
    if (!oldest) continue;
    CHECK(oldest->sender == kOne);
    CHECK(oldest->operation == (gone == 0 ? 4 : gone - 1));
    ++gone;
  }
  CHECK(open.size() == OpenRequests::kMost + 1);
  CHECK(gone == 1 + kMore);             // one was open before
  CHECK(open.pop()->sender == kOther);  // it came before all that are left
}

}  // namespace
}  // namespace sekimori::test
