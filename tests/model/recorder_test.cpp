// A dissector that carries another, as EtherNet/IP carries CIP: whose word is whose.

#include "sekimori/model/recorder.h"

#include "sekimori/dissect/dissection.h"

#include "tcp_script.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace sekimori::test {
namespace {

// Two protocols of the test's own, with one grammar and one code. A message is `M`, a digit that
// says how many letters follow, and the letters, of which each is a deed:
//   q  a request of code 7 with key 1      a  its answer      p  a property
//   x  its rejection, for the reason that is the next letter
//   >  the rest is the inner protocol's    !  the rest is for a protocol that does not exist
//   s  a byte into the shared buffer       o  one into the direction's own       t  both sizes told
Extent extent(ByteCursor stream, const Context& /*context*/) noexcept {
  const auto letter = stream.u8();
  const auto digit = stream.u8();
  if (!stream.ok()) return Extent::incomplete();
  return letter == 'M' && digit > '0' && digit <= '9' ? Extent::of(2U + digit - '0')
                                                      : Extent::foreign();
}

constexpr std::uint8_t kByte = 'x';

void hand_over(std::string_view protocol, ByteCursor& message, const Context& context,
               Observer& out) {
  auto inside = context;
  ++inside.channel;
  if (!out.carry(protocol, message, inside))
    out.event(Event::malformed, SmallText{"not carried at "}.decimal(context.channel).view());
  message.skip(message.remaining());
}

void deeds(ByteCursor& message, const Context& context, Observer& out, std::string_view product) {
  while (message.ok() && !message.empty()) {
    switch (message.u8()) {
      case 'q':
        out.request(7, {}, 1, product.size());
        break;
      case 'a':
        // The context tells whose request was closed.
        if (const auto of = out.reply(1, Outcome::executed))
          out.event(Event::version, SmallText{product}.add(" closes ").decimal(*of).view());
        break;
      case 'x':
        out.reply(1, Outcome::rejected, message.u8());
        break;
      case 'p':
        out.property({}, Property::product, bytes_of(product), Confidence::stated);
        break;
      case '>':
        hand_over("inner", message, context, out);
        break;
      case '!':
        hand_over("nobody", message, context, out);
        break;
      case 's':
        out.buffer(StreamBuffer::kShared | 5U).append({&kByte, 1});
        break;
      case 'o':
        out.buffer(5).append({&kByte, 1});
        break;
      case 't':
        out.event(Event::device_state,
                  SmallText{"shared "}
                      .decimal(out.buffer(StreamBuffer::kShared | 5U).view().size())
                      .add(", own ")
                      .decimal(out.buffer(5).view().size())
                      .view());
        break;
      default:
        break;
    }
  }
}

void outer_dissect(ByteCursor& message, const Context& context, Observer& out) {
  message.skip(2);
  deeds(message, context, out, "outer-one");
}
void inner_dissect(ByteCursor& message, const Context& context, Observer& out) {
  deeds(message, context, out, "in");
}

Operation derive(std::uint32_t code) noexcept {
  return {code, "derived", Access::control};
}
SmallText notate(std::uint32_t code) {
  return SmallText{"inner/"}.decimal(code);
}

constexpr auto kSeats = std::to_array<Seat>({{Over::tcp, 502}});
constexpr auto kOuterOperations = std::to_array<Operation>({{7, "wrap", Access::session}});
constexpr Dissector kOuter{.name = "outer",
                           .seats = kSeats,
                           .operations = kOuterOperations,
                           .over_tcp = true,
                           .extent = extent,
                           .dissect = outer_dissect};
constexpr Dissector kInner{
    .name = "inner", .dissect = inner_dissect, .notate = notate, .derive = derive};

/// The recorder, the dissectors and the dissection as one sink.
struct Recorded {
  explicit Recorded(const RecorderLimits& limits) : recorder{limits, dissectors, 7} {}

  Dissectors dissectors{{&kInner, &kOuter}};
  Recorder recorder;
  Dissection<Recorder> dissection{recorder, dissectors};

  using Attachment = Session;
  using FlowType = Flow<Session>;
  static std::string transcript() { return {}; }
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
    return Dissection<Recorder>::held(flow);
  }
  void let_go(FlowType& flow) { dissection.let_go(flow); }
};

Facts facts_of(Script<Recorded>& script) {
  script.end();
  Facts facts;
  facts.captures.emplace_back();
  script.sink.recorder.move_to(facts);
  return facts;
}

/// What is known of a dialogue: each line is the client's letters, or the server's behind `<`.
Facts facts_of(const std::vector<std::string>& lines, const RecorderLimits& limits = {}) {
  Script<Recorded> script{FlowLimits{}, limits};
  script.handshake();
  std::uint32_t asked = 1;
  std::uint32_t answered = 1;
  for (const auto& line : lines) {
    const bool answer = line.front() == '<';
    const auto letters = answer ? line.substr(1) : line;
    const auto message = "M" + std::to_string(letters.size()) + letters;
    const auto size = static_cast<std::uint32_t>(message.size());
    if (answer) {
      script.b(answered, message);
      answered += size;
    } else {
      script.a(asked, message);
      asked += size;
    }
  }
  return facts_of(script);
}

/// One line an operation: protocol, notation, name, access, and its counts.
std::string operations(const Facts& facts) {
  std::string text;
  for (const auto& [key, conversation] : facts.conversations) {
    for (const auto& [of, fact] : conversation.operations) {
      text += (text.empty() ? "" : "; ") + key.protocol + ": " + of.protocol + " " + fact.notation +
              " " + fact.name + " " + std::string{to_text(fact.access)} + " asked " +
              std::to_string(fact.requests) + " executed " + std::to_string(fact.executed) +
              " unanswered " + std::to_string(fact.unanswered);
    }
  }
  return text;
}

std::string events(const Facts& facts) {
  std::string text;
  for (const auto& [key, conversation] : facts.conversations)
    for (const auto& [of, fact] : conversation.events)
      text += (text.empty() ? "" : "; ") + of.kind + " " + of.detail;
  return text;
}

TEST_CASE("Recorder: a carried protocol speaks under its own name in the same conversation",
          "[recorder]") {
  const auto facts = facts_of({"q>q", "<a>a"});
  CHECK(facts.conversations.size() == 1);
  CHECK(operations(facts) ==
        "outer: inner inner/7 derived control asked 1 executed 1 unanswered 0; "
        "outer: outer 7 wrap session asked 1 executed 1 unanswered 0");
  CHECK(facts.captures[0].orphan_replies == 0);
}

TEST_CASE("Recorder: equal keys of carrier and carried do not meet", "[recorder]") {
  // The inner answer closes the inner request alone, though the outer one has the same key and is
  // older, and the other way about.
  const auto inner = facts_of({"q>q", "<>a"});
  CHECK(events(inner) == "version in closes 2");
  CHECK(operations(inner) ==
        "outer: inner inner/7 derived control asked 1 executed 1 unanswered 0; "
        "outer: outer 7 wrap session asked 1 executed 0 unanswered 1");
  const auto outer = facts_of({">q", "q", "<a"});
  CHECK(events(outer) == "version outer-one closes 9");
  CHECK(operations(outer) ==
        "outer: inner inner/7 derived control asked 1 executed 0 unanswered 1; "
        "outer: outer 7 wrap session asked 1 executed 1 unanswered 0");
}

TEST_CASE("Recorder: an answer of the one is no answer to the other", "[recorder]") {
  const auto facts = facts_of({">q", "<a"});
  CHECK(facts.captures[0].orphan_replies == 1);
  CHECK(operations(facts) ==
        "outer: inner inner/7 derived control asked 1 executed 0 unanswered 1");
}

TEST_CASE("Recorder: after what is carried, the carrier speaks again", "[recorder]") {
  const auto facts = facts_of({"q>q", "p", "<p>p"});
  std::string said;
  for (const auto& [key, fact] : facts.properties)
    said += to_text(key.subject.ip) + " " + key.value + " by " + key.source + "; ";
  CHECK(said == "10.0.0.1 outer-one by outer; 10.0.0.2 in by inner; 10.0.0.2 outer-one by outer; ");
}

TEST_CASE("Recorder: nothing is carried to a protocol that is not there", "[recorder]") {
  const auto facts = facts_of({"q!q", "<a"});
  CHECK(events(facts) == "malformed not carried at 0; version outer-one closes 9");
  CHECK(operations(facts) == "outer: outer 7 wrap session asked 1 executed 1 unanswered 0");
}

TEST_CASE("Recorder: protocols in protocols end at a bound", "[recorder]") {
  // Each `>` is one deeper; what the fifth would carry is not heard.
  const auto four = facts_of({"q>>>>q"});
  CHECK(events(four).empty());
  CHECK(operations(four) ==
        "outer: inner inner/7 derived control asked 1 executed 0 unanswered 1; "
        "outer: outer 7 wrap session asked 1 executed 0 unanswered 1");
  const auto five = facts_of({"q>>>>>q"});
  CHECK(events(five) == "malformed not carried at 4");
  CHECK(operations(five) == "outer: outer 7 wrap session asked 1 executed 0 unanswered 1");
}

TEST_CASE("Recorder: past the bound, what is known still counts as itself", "[recorder]") {
  // Four others, so that the first is not among the recent ones.
  const auto facts = facts_of({"q", ">q", ">q", ">q", ">q", "q"}, {.operations_each = 1});
  CHECK(operations(facts) ==
        "outer: inner inner/7 derived control asked 4 executed 0 unanswered 4; "
        "outer: outer 7 wrap session asked 2 executed 0 unanswered 2");
  const auto& conversation = facts.conversations.begin()->second;
  CHECK(conversation.operations.begin()->first.object == "other");
  CHECK(facts.caps.at("operations of a conversation") == CapFact{1, 4});
}

TEST_CASE("Recorder: a device is last seen in its own packets, and not in its successor's",
          "[recorder]") {
  Script<Recorded> script{FlowLimits{}, RecorderLimits{}};
  script.mac_a = Mac{{2, 0, 0, 0, 0, 1}};
  script.mac_b = Mac{{2, 0, 0, 0, 0, 9}};
  script.handshake().a(1, "one");
  script.mac_a = Mac{{2, 0, 0, 0, 0, 2}};
  script.a(4, "two").a(7, "three").b(1, "four");
  std::string spans;
  for (const auto& [key, fact] : facts_of(script).bindings)
    spans += to_text(key.mac) + " in " + std::to_string(fact.seen.first.frame) + " to " +
             std::to_string(fact.seen.last.frame) + "; ";
  CHECK(spans ==
        "02:00:00:00:00:01 in 1 to 4; 02:00:00:00:00:02 in 5 to 6; 02:00:00:00:00:09 in 2 to 7; ");
}

TEST_CASE("Recorder: where the clock steps back, a conversation still begins before it ends",
          "[recorder]") {
  Script<Recorded> script{FlowLimits{}, RecorderLimits{}};
  script.handshake().a(1, "one").wait(-60).a(4, "two");
  const auto facts = facts_of(script);
  CHECK(facts.conversations.size() == 1);
  const auto& seen = facts.conversations.begin()->second.seen;
  CHECK(seen.first.frame == 5);
  CHECK(seen.first < seen.last);
}

/// So many rejections of one operation, each for another reason, and then all of them once more.
Facts rejected(std::size_t reasons, const RecorderLimits& limits) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < 2 * reasons; ++i) {
    lines.emplace_back("q");
    lines.push_back("<x" + std::string(1, static_cast<char>('A' + i % reasons)));
  }
  return facts_of(lines, limits);
}

TEST_CASE("Recorder: past the bound, rejections are counted without a reason", "[recorder]") {
  const auto facts = rejected(9, {.reasons_each = 4});
  const auto& fact = facts.conversations.begin()->second.operations.begin()->second;
  CHECK(fact.rejected == 18);
  CHECK(fact.rejections.size() == 4);
  for (const auto& [reason, rejection] : fact.rejections) CHECK(rejection.first == 2);
  CHECK(facts.caps.at("reasons of an operation") == CapFact{4, 10});
}

TEST_CASE("Recorder: what was rejected or not answered takes of the operations' memory",
          "[recorder]") {
  const auto full = rejected(20, {.operations = 1000});
  const auto& fact = full.conversations.begin()->second.operations.begin()->second;
  CHECK(fact.rejected == 40);
  CHECK(fact.rejections.size() < 10);
  CHECK(full.caps.contains("bytes of operations"));

  // An inner and an outer operation: there is room for both where the first is answered.
  const auto both = [](const std::string& answer) {
    return facts_of({"q", answer, ">q"}, {.operations = 400});
  };
  CHECK(both("<a").caps.empty());
  CHECK(both("<xA").caps.contains("bytes of operations"));
}

TEST_CASE("Recorder: a shared buffer is of both directions, and of carrier and carried",
          "[recorder]") {
  CHECK(events(facts_of({"so", ">so", "<sot"})) == "device-state shared 3, own 1");
}

}  // namespace
}  // namespace sekimori::test
