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

struct HoleCase {
  std::string name;
  void (*play)(TcpScript& tcp);
  std::string heard;
  std::uint64_t gaps;
  std::uint64_t gap_bytes;
};

std::ostream& operator<<(std::ostream& out, const HoleCase& c) {
  return out << c.name;
}

// `a` asks and `b` answers; a request of three bytes at 1 is the one that is late or never comes.
const std::vector<HoleCase> hole_cases{
    {"the answer waits for its request, and both for no more than the next exchange",
     [](TcpScript& tcp) {
       tcp.acks(1).a(4, "two").acks(7).b(1, "TWO").wait_ms(30).acks(4).a(7, "x").acks(8).b(4, "X");
     },
     ">gap 3; >two; <TWO; >x; <X", 1, 3},
    {"at the end of the capture too the answer comes behind its request",
     [](TcpScript& tcp) { tcp.acks(1).a(4, "two").acks(7).b(1, "TWO"); }, ">gap 3; >two; <TWO", 1,
     3},
    {"an acknowledgment and then the late bytes: a mirror's order, not a gap",
     [](TcpScript& tcp) { tcp.a(4, "two").acks(7).b(1, "").a(1, "one"); }, ">one; >two", 0, 0},
    {"an answer and then the late bytes: the order of the talk, not of the mirror",
     [](TcpScript& tcp) { tcp.a(4, "two").acks(7).b(1, "TWO").a(1, "one").acks(7).b(4, "!"); },
     ">one; >two; <TWO; <!", 0, 0},
    {"late by almost as much as is waited for",
     [](TcpScript& tcp) { tcp.a(4, "two").acks(7).b(1, "TWO").wait_ms(19).a(1, "one"); },
     ">one; >two; <TWO", 0, 0},
    {"late by more, but nothing came between",
     [](TcpScript& tcp) { tcp.a(4, "two").acks(7).b(1, "TWO").wait_ms(500).a(1, "one"); },
     ">one; >two; <TWO", 0, 0},
    {"late by more than is waited for: what is lost stays lost",
     [](TcpScript& tcp) {
       tcp.a(4, "two").acks(7).b(1, "TWO").wait_ms(20).acks(7).b(4, "!").a(1, "one");
     },
     ">gap 3; >two; <TWO; <!", 1, 3},
    {"as many packets of the receiver as a mirror may bring too soon",
     [](TcpScript& tcp) {
       tcp.a(4, "two");
       for (std::uint32_t i = 0; i < 8; ++i) tcp.acks(7).b(1 + i, "T");
       tcp.a(1, "one");
     },
     ">one; >two; <T; <T; <T; <T; <T; <T; <T; <T", 0, 0},
    {"one packet more than that",
     [](TcpScript& tcp) {
       tcp.a(4, "two");
       for (std::uint32_t i = 0; i < 9; ++i) tcp.acks(7).b(1 + i, "T");
       tcp.a(1, "one");
     },
     ">gap 3; >two; <T; <T; <T; <T; <T; <T; <T; <T; <T", 1, 3},
    {"what is not acknowledged may still come, and a repeat fills it",
     [](TcpScript& tcp) {
       tcp.a(4, "two").acks(1).b(1, "b").wait_ms(300).acks(1).b(2, "c").a(1, "one");
     },
     "<b; <c; >one; >two", 0, 0},
    {"an acknowledgment of a part of the hole says nothing of the rest",
     [](TcpScript& tcp) {
       tcp.a(4, "two").acks(3).b(1, "b").wait_ms(300).acks(3).b(2, "c").a(1, "one");
     },
     "<b; <c; >one; >two", 0, 0},
    {"an acknowledgment that ends at the hole's end answers what is lost, and waits for nothing",
     [](TcpScript& tcp) { tcp.a(4, "two").acks(4).b(1, "ONE").acks(7).b(4, "TWO"); },
     "<ONE; >gap 3; >two; <TWO", 1, 3},
    {"of two holes only the acknowledged one is given up",
     [](TcpScript& tcp) {
       tcp.a(4, "two").a(10, "four").acks(7).b(1, "T").wait_ms(30).a(14, "five").a(7, "xyz");
     },
     ">gap 3; >two; <T; >xyz; >four; >five", 1, 3},
    {"two holes that one packet acknowledges are given up together",
     [](TcpScript& tcp) {
       tcp.a(4, "two").a(10, "four").acks(14).b(1, "T").wait_ms(30).a(14, "five").a(7, "xyz");
     },
     ">gap 3; >two; >gap 3; >four; <T; >five", 2, 6},
    {"a piece that comes behind the acknowledgment does not put the end off",
     [](TcpScript& tcp) {
       tcp.a(8, "three").acks(13).b(1, "T").a(4, "two").wait_ms(20).a(13, "x").a(1, "one");
     },
     ">gap 3; >two; >gap 1; >three; <T; >x", 2, 4},
    {"both directions lack bytes, and keep the order of the talk",
     [](TcpScript& tcp) {
       tcp.acks(1).a(4, "two").acks(7).b(4, "TWO").acks(7).a(7, "x").acks(8).b(7, "X").wait_ms(30);
       tcp.acks(8).a(8, "");
     },
     ">gap 3; >two; <gap 3; <TWO; >x; <X", 2, 6},
    {"an answer that waits is sent again: it is heard once",
     [](TcpScript& tcp) {
       tcp.a(4, "two").acks(7).b(1, "TWO").acks(7).b(1, "TWO!").acks(4).b(1, "T").a(1, "one");
     },
     ">one; >two; <TWO; <!", 0, 0},
    {"an answer of which a part was heard before",
     [](TcpScript& tcp) { tcp.acks(1).b(1, "T").a(4, "two").acks(7).b(1, "TWO").a(1, "one"); },
     "<T; >one; >two; <WO", 0, 0},
    {"each claims to answer the other: the one that was captured first",
     [](TcpScript& tcp) {
       tcp.acks(1).a(4, "two").acks(7).b(1, "TWO").acks(4).a(1, "one").acks(8).b(4, "?");
     },
     "<TWO; >one; >two; <?", 0, 0},
    {"an acknowledgment of what was never sent does not count",
     [](TcpScript& tcp) {
       tcp.a(4, "two").acks(0x50000000).b(1, "b").wait_ms(30).b(2, "c").a(1, "one");
     },
     "<b; <c; >one; >two", 0, 0},
    {"the hole alone is acknowledged, and given up as soon",
     [](TcpScript& tcp) {
       tcp.a(4, "two").acks(4).b(1, "ONE").wait_ms(30).acks(4).b(4, "!").a(1, "one");
     },
     "<ONE; <!; >gap 3; >two", 1, 3},
};

TEST_CASE("TCP: a hole whose bytes the receiver has is lost to the capture", "[flow]") {
  const auto& c = GENERATE(from_range(hole_cases));
  CAPTURE(c);
  TcpScript tcp;
  tcp.handshake();
  c.play(tcp);
  const auto text = tcp.end();
  CHECK(text.substr(0, text.find("; end")) == c.heard);
  CHECK(tcp.counters().stream_gaps == c.gaps);
  CHECK(tcp.counters().gap_bytes == c.gap_bytes);
  CHECK(tcp.caps().hole_segments == 0);
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

TEST_CASE("TCP: where only answers are captured, a new handshake is a new flow", "[flow]") {
  constexpr std::uint32_t kFarBehind = 3'000'000'000;
  TcpScript tcp;
  tcp.b(0, "", kTcpSyn | kTcpAck).b(1, "one").b(0, "", kTcpSyn | kTcpAck).b(4, "two");
  tcp.b(kFarBehind, "", kTcpSyn | kTcpAck).b(kFarBehind + 1, "new");
  CHECK(tcp.end() ==
        "<one; <two; end by handshake attempted established to 502; "
        "<new; end by handshake attempted established cut to 502");
}

TEST_CASE("TCP: a jump past any window, ahead or back, is a gap and silences nobody", "[flow]") {
  constexpr std::uint32_t kFar = 17'000'000;
  TcpScript tcp;
  tcp.handshake().a(1, "one").a(4 + kFar, "forged").a(4, "two").a(7, "three").a(1, "one");
  CHECK(tcp.end() ==
        ">one; >gap 17000000; >forged; >gap 4277967290; >two; >three; "
        "end by handshake attempted established cut to 502");
  CHECK(tcp.counters().stream_gaps == 2);
  CHECK(tcp.counters().gap_bytes == kFar);
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

TEST_CASE("TCP: what waits behind a hole is counted with what it is kept in", "[flow]") {
  TcpScript tcp;
  tcp.handshake();
  CHECK(tcp.hole_bytes() == 0);
  tcp.a(3, "x").a(5, "y");
  const auto two = tcp.hole_bytes();
  CHECK(two >= sizeof(Hole) + 2 * sizeof(EarlySegment) + 2);
  tcp.segment(TcpScript::From::a, 7, "", kTcpAck, 100);  // snapped to its headers
  const auto three = tcp.hole_bytes();
  CHECK(three >= two + sizeof(EarlySegment));
  tcp.a(1, "hello");
  CHECK(tcp.hole_bytes() < three);
  tcp.end();
  CHECK(tcp.hole_bytes() == 0);
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

TEST_CASE("TCP: of a talk with segments missing each answer is heard behind its request",
          "[flow]") {
  const auto seed = GENERATE(range(0U, 200U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  struct Spoken {
    bool asks;
    std::uint32_t sequence;
    std::uint32_t acknowledgment;
    std::string text;
  };
  // Turns are a letter each, once as a request and once as its answer.
  const auto base = static_cast<std::uint32_t>(random());
  std::array<std::uint32_t, 2> next{base, base + 77};
  std::vector<Spoken> captured;
  std::string expected;
  std::uint64_t lost = 0;
  std::array<bool, 2> lacks{};
  std::uint64_t gaps = 0;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    for (const bool asks : {true, false}) {
      const std::size_t side = asks ? 0 : 1;
      const std::string text(1 + random() % 5, letter);
      if (letter == 'a' || random() % 3 != 0) {
        captured.push_back({asks, next[side], next[1 - side], text});
        expected += (asks ? ">" : "<") + text + "; ";
        if (lacks[side]) ++gaps;
        lacks[side] = false;
      } else {
        lost += text.size();
        lacks[side] = true;
      }
      next[side] += static_cast<std::uint32_t>(text.size());
    }
  }
  // Bytes lost behind the last captured ones of a side leave no trace.
  for (const auto side : {0U, 1U}) {
    auto end = side == 0 ? base : base + 77;
    for (const auto& spoken : captured)
      if (spoken.asks == (side == 0))
        end = spoken.sequence + static_cast<std::uint32_t>(spoken.text.size());
    lost -= next[side] - end;
  }
  TcpScript tcp;
  tcp.a(base - 1, "", kTcpSyn).b(base + 76, "", kTcpSyn | kTcpAck);
  for (const auto& spoken : captured) {
    tcp.wait_ms(random() % 4 == 0 ? 40 : 0).acks(spoken.acknowledgment);
    tcp.segment(spoken.asks ? TcpScript::From::a : TcpScript::From::b, spoken.sequence,
                spoken.text);
  }
  const auto text = tcp.end();
  std::string heard;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = std::min(text.find("; ", i), text.size());
    const auto clause = text.substr(i, end - i);
    if (clause.find("gap") != 1 && !clause.starts_with("end")) heard += clause + "; ";
    i = end + 2;
  }
  CHECK(heard == expected);
  CHECK(tcp.counters().stream_gaps == gaps);
  CHECK(tcp.counters().gap_bytes == lost);
}

TEST_CASE("TCP: segments and acknowledgments at random end with nothing left waiting", "[flow]") {
  const auto seed = GENERATE(range(0U, 2000U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  FlowLimits limits;
  limits.hole_segments = 6;
  limits.holes_bytes = seed % 3 == 0 ? 800 : limits.holes_bytes;
  TcpScript tcp{limits};
  tcp.handshake();
  for (int i = 0; i < 150; ++i) {
    const auto from = random() % 2 == 0 ? TcpScript::From::a : TcpScript::From::b;
    const std::string text(random() % 6, 'x');
    const auto wire = random() % 8 == 0 ? static_cast<std::uint32_t>(text.size() + 3) : 0;
    const auto around = static_cast<std::uint32_t>(1 + i / 2);
    const auto acknowledgment =
        random() % 16 == 0 ? static_cast<std::uint32_t>(random()) : around + 20 - random() % 30;
    tcp.sink.wanted = random() % 50 != 0;
    if (random() % 30 == 0) tcp.wait_ms(random() % 2 == 0 ? 30 : 3000);
    tcp.acks(static_cast<std::uint32_t>(acknowledgment));
    tcp.segment(from, around + static_cast<std::uint32_t>(random() % 30), text,
                random() % 20 == 0 ? std::uint8_t{0} : kTcpAck, wire);
  }
  const auto text = tcp.end();
  CHECK(tcp.hole_bytes() == 0);
  CHECK(text.find("gap 0") == std::string::npos);
  CHECK(tcp.counters().gap_bytes <= 2 * 200);  // no sequence number is above 106
}

}  // namespace
}  // namespace sekimori::test
