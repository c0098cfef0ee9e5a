// Any bytes to one dissector, as a stream from each side. An input is the dissector's name (so that
// it stays a seed of that one when others are added; any other text chooses one by its first
// letter), a line feed, a byte of options, and the stream.

#include "sekimori/dissect/dissector.h"

#include "target.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

namespace {

using namespace sekimori;

/// Touches every byte that it is given, for the sanitizer to see.
class Deaf final : public Observer {
 public:
  void request(std::uint32_t code, const Target& target, std::uint64_t /*key*/,
               std::uint64_t context) override {
    if (target.has_range && target.first > target.last) std::abort();
    touch(target.name);
    last_ = last_ + code;
    context_ = context;
  }
  void notice(std::uint32_t code, const Target& target) override { request(code, target, 0, 0); }
  std::optional<std::uint64_t> reply(std::uint64_t key, Outcome /*outcome*/,
                                     std::uint32_t /*reason*/) override {
    if (key % 3 == 0) return std::nullopt;
    return context_;
  }
  void property(const Subject& /*subject*/, Property /*property*/, Bytes value,
                Confidence /*confidence*/) override {
    touch(value);
  }
  void claim(const Mac& /*mac*/, const IpAddress& /*ip*/) override {}
  void event(Event /*event*/, std::string_view detail, const Subject& /*subject*/) override {
    touch(bytes_of(detail));
  }
  void blocked(const Blocked& /*blocked*/) override {}
  StreamBuffer& buffer(std::uint64_t key) override { return buffers_[key % 8]; }
  bool carry(std::string_view protocol, ByteCursor& message, const Context& context) override {
    constexpr int kDeepest = 4;
    const auto inner = std::ranges::find(all(), protocol, &Dissector::name);
    if (inner == all().end() || depth_ == kDeepest) return false;
    ++depth_;
    (*inner)->dissect(message, context, *this);
    --depth_;
    return true;
  }

  static const std::vector<const Dissector*>& all() {
    static const auto kAll = Registration::all();
    return kAll;
  }

 private:
  void touch(Bytes bytes) {
    for (const auto byte : bytes) last_ = last_ + byte;
  }

  std::map<std::uint64_t, StreamBuffer> buffers_;
  std::uint64_t context_ = 0;
  int depth_ = 0;
  volatile std::uint32_t last_ = 0;
};

void hear(const Dissector& dissector, Bytes stream, Context& context, Deaf& out) {
  std::size_t messages = 0;
  for (auto rest = stream; dissector.extent != nullptr && !rest.empty();) {
    const auto extent = dissector.extent(ByteCursor{rest}, context);
    if (!extent.is_message()) break;
    if (extent.size() == 0) std::abort();  // a stream that never ends
    if (extent.size() > rest.size()) {
      ByteCursor cut{rest};
      dissector.dissect(cut, context, out);
      break;
    }
    const auto bytes = rest.first(extent.size());
    if (dissector.sender != nullptr) (void)dissector.sender(ByteCursor{bytes}, context);
    ByteCursor message{bytes};
    dissector.dissect(message, context, out);
    rest = rest.subspan(extent.size());
    rest =
        rest.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(extent.skip(), rest.size())));
    if (++messages % 2 == 0) context.sender = other(context.sender);
  }
  ByteCursor whole{stream};
  dissector.dissect(whole, context, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& all = Deaf::all();
  const Bytes input{data, size};
  const auto line = std::ranges::find(input, std::uint8_t{10});
  if (input.end() - line < 2 || line == input.begin()) return 0;
  const auto name = view_of(input.first(static_cast<std::size_t>(line - input.begin())));
  const auto named = std::ranges::find(all, name, &Dissector::name);
  const auto& dissector = named != all.end() ? **named : *all[input[0] % all.size()];
  const auto options = line[1];
  FlowState words{};
  Context context;
  context.over = dissector.over_tcp && ((options & 1U) != 0 || !dissector.over_udp) ? Over::tcp
                 : dissector.over_udp                                               ? Over::udp
                 : dissector.seats.empty()                                          ? Over::ip
                                           : dissector.seats[0].over;
  context.on_seat = (options & 2U) != 0;
  context.sender = (options & 4U) != 0 ? Sender::server : Sender::client;
  context.sender_known = (options & 8U) != 0;
  if (!dissector.seats.empty())
    context.seat = dissector.seats[(options >> 4U) % dissector.seats.size()].number;
  context.source = IpAddress::v4(0x0a000001);
  context.destination = IpAddress::v4(0x0a000002);
  context.state = &words;
  Deaf out;
  hear(dissector, input.subspan(name.size() + 2), context, out);
  return 0;
}
