#include "tcp_script.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

namespace sekimori::test {
namespace {

constexpr auto kPush = static_cast<std::uint8_t>(kTcpAck | 0x08U);

TEST_CASE("TCP: a session is heard in order and from both sides", "[flow]") {
  TcpScript tcp;
  tcp.handshake()
      .a(1, "ask")
      .b(1, "answer")
      .a(4, "", kTcpFin | kTcpAck)
      .b(7, "", kTcpFin | kTcpAck);
  CHECK(tcp.end() == ">ask; <answer; end by handshake attempted established to 502");
}

TEST_CASE("TCP: refused, unanswered and one-sided attempts are told apart", "[flow]") {
  SECTION("refused") {
    TcpScript tcp;
    tcp.a(0, "", kTcpSyn).b(0, "", kTcpRst | kTcpAck);
    CHECK(tcp.end() == "end by handshake attempted refused to 502");
  }
  SECTION("unanswered, asked twice") {
    TcpScript tcp;
    tcp.a(0, "", kTcpSyn).a(0, "", kTcpSyn);
    CHECK(tcp.end() == "end by handshake attempted cut to 502");
  }
  SECTION("only the client's side is captured") {
    TcpScript tcp;
    tcp.a(0, "", kTcpSyn).a(1, "").a(1, "ask");
    CHECK(tcp.end() == ">ask; end by handshake attempted established cut to 502");
    CHECK(tcp.counters().one_way == 1);
  }
  SECTION("only the server's side is captured") {
    TcpScript tcp;
    tcp.b(0, "", kTcpSyn | kTcpAck).b(1, "answer");
    CHECK(tcp.end() == "<answer; end by handshake attempted established cut to 502");
  }
}

TEST_CASE("TCP: a session met in mid-stream takes its sides from the ports", "[flow]") {
  TcpScript tcp;
  tcp.b(900, "answer").a(500, "ask");
  CHECK(tcp.end() == "<answer; >ask; end by port resumed cut to 502");
  CHECK(tcp.counters().resumed == 1);
}

TEST_CASE("TCP: segments out of order are put in order", "[flow]") {
  TcpScript tcp;
  tcp.handshake().a(4, "two").a(7, "three").a(1, "one");
  CHECK(tcp.end() == ">one; >two; >three; end by handshake attempted established cut to 502");
  CHECK(tcp.counters().stream_gaps == 0);
}

TEST_CASE("TCP: retransmissions and keep-alives are heard once", "[flow]") {
  TcpScript tcp;
  tcp.handshake().a(1, "one").a(1, "one").a(3, "e").a(4, "two").a(1, "onetwo").a(6, "o!");
  CHECK(tcp.end() == ">one; >two; >!; end by handshake attempted established cut to 502");
}

TEST_CASE("TCP: of bytes sent twice the first copy stands, and a difference is counted", "[flow]") {
  SECTION("behind a hole") {
    TcpScript tcp;
    tcp.handshake().a(4, "GOOD").a(4, "EVIL").a(1, "abc");
    CHECK(tcp.end() == ">abc; >GOOD; end by handshake attempted established cut to 502");
    CHECK(tcp.counters().overlap_conflicts == 4);
  }
  SECTION("a later segment that covers an earlier one") {
    TcpScript tcp;
    tcp.handshake().a(6, "KEPT").a(4, "xxyyyyzz").a(1, "abc");
    CHECK(tcp.end() == ">abc; >xx; >KEPT; >zz; end by handshake attempted established cut to 502");
    CHECK(tcp.counters().overlap_conflicts == 4);
  }
}

TEST_CASE("TCP: sequence numbers wrap", "[flow]") {
  TcpScript tcp;
  tcp.a(0xfffffffd, "", kTcpSyn).b(0, "", kTcpSyn | kTcpAck).a(0xfffffffe, "").a(0, "cde");
  tcp.a(0xfffffffe, "ab").a(0, "c").a(3, "fg");
  CHECK(tcp.end() == ">ab; >cde; >fg; end by handshake attempted established cut to 502");
}

TEST_CASE("TCP: a hole that stays open becomes a gap, and the gap is told", "[flow]") {
  TcpScript tcp;
  tcp.handshake().a(1, "one").a(7, "three").wait(3).a(12, "four");
  CHECK(tcp.end() ==
        ">one; >gap 3; >three; >four; end by handshake attempted established cut to 502");
  CHECK(tcp.counters().stream_gaps == 1);
  CHECK(tcp.counters().gap_bytes == 3);
}

TEST_CASE("TCP: what the snap length cut away is a gap", "[flow]") {
  TcpScript tcp;
  tcp.handshake().segment(TcpScript::From::a, 1, "head", kPush, 10).a(11, "next");
  CHECK(tcp.end() == ">head; >gap 6; >next; end by handshake attempted established cut to 502");
}

TEST_CASE("TCP: holes are bounded and their giving up is counted", "[flow]") {
  FlowLimits limits;
  limits.hole_segments = 4;
  TcpScript tcp{limits};
  tcp.handshake();
  for (std::uint32_t i = 0; i < 6; ++i) tcp.a(10 + 2 * i, "x");
  tcp.end();
  CHECK(tcp.caps().hole_segments == 1);
  CHECK(tcp.counters().stream_gaps == 6);
}

TEST_CASE("TCP: the table of flows is bounded and evictions are counted", "[flow]") {
  FlowLimits limits;
  limits.flows = 8;
  TcpScript tcp{limits};
  for (std::uint16_t i = 0; i < 50; ++i) {
    tcp.port_a = static_cast<std::uint16_t>(40000 + i);
    tcp.a(0, "", kTcpSyn);
  }
  const auto text = tcp.end();
  CHECK(std::count(text.begin(), text.end(), ';') == 49);
  CHECK(tcp.caps().flows == 42);
}

TEST_CASE("TCP: a new SYN on the same ports is a new flow; silence ends one too", "[flow]") {
  TcpScript tcp;
  tcp.handshake().a(1, "x", kTcpFin | kTcpAck).b(1, "y", kTcpFin | kTcpAck);
  tcp.a(5000, "", kTcpSyn).b(0, "", kTcpSyn | kTcpAck).a(5001, "z");
  tcp.wait(700).a(5002, "late");
  CHECK(tcp.end() ==
        ">x; <y; end by handshake attempted established to 502; "
        ">z; end by handshake attempted established to 502; "
        ">late; end by port resumed cut to 502");
}

TEST_CASE("Flows: a mirror's second copy is removed and counted", "[flow]") {
  TcpScript tcp;
  tcp.ip_id = 77;
  tcp.over = Over::udp;
  tcp.a(0, "poll").a(0, "poll").wait(1).a(0, "poll");
  CHECK(tcp.end() == ">poll; >poll; end by port attempted cut to 502");
  CHECK(tcp.counters().duplicates == 1);
}

TEST_CASE("Flows: a datagram that comes first from the server's port is an answer", "[flow]") {
  TcpScript udp;
  udp.over = Over::udp;
  udp.port_b = 53;
  udp.b(0, "answer").a(0, "ask");
  CHECK(udp.end() == "<answer; >ask; end by port attempted established cut to 53");
}

TEST_CASE("TCP: any order of segments gives the same stream", "[flow]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  const std::string whole = "the quick brown fox jumps over the lazy dog, and back again";
  struct Piece {
    std::uint32_t at;
    std::string text;
  };
  std::vector<Piece> pieces;
  for (std::uint32_t at = 0; at < whole.size();) {
    const auto size = 1 + random() % 9;
    pieces.push_back({at, whole.substr(at, size)});
    at += static_cast<std::uint32_t>(size);
    if (random() % 3 == 0) pieces.push_back(pieces[random() % pieces.size()]);  // once more
    if (random() % 4 == 0)
      at -= static_cast<std::uint32_t>(random() % std::min<std::size_t>(size, at));
  }
  std::shuffle(pieces.begin(), pieces.end(), random);
  const auto base = static_cast<std::uint32_t>(random());
  TcpScript tcp;
  tcp.a(base - 1, "", kTcpSyn).b(0, "", kTcpSyn | kTcpAck);
  for (const auto& piece : pieces) tcp.a(base + piece.at, piece.text);
  const auto text = tcp.end();
  std::string heard;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = std::min(text.find("; ", i), text.size());
    const auto clause = text.substr(i, end - i);
    if (clause.starts_with('>')) heard += clause.substr(1);
    i = end + 2;
  }
  CHECK(heard == whole);
  CHECK(tcp.counters().overlap_conflicts == 0);
  CHECK(tcp.counters().stream_gaps == 0);
}

}  // namespace
}  // namespace sekimori::test
