#pragma once

#include "sekimori/dissect/dissector.h"

#include "hex.h"
#include "transcript.h"

#include <cstddef>
#include <cstdint>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace sekimori::test {

/// A message that another protocol carried, with what that one knew of it.
struct Carried {
  Sender sender = Sender::client;
  std::vector<std::uint8_t> bytes;
  std::uint64_t exchange = 1;
  std::uint64_t channel = 0;
  std::uint32_t unit = Target::kNoUnit;
};
using Exchange = std::vector<Carried>;

inline Carried asks(std::vector<std::uint8_t> bytes, std::uint64_t exchange = 1,
                    std::uint64_t channel = 0) {
  return {Sender::client, std::move(bytes), exchange, channel};
}
inline Carried answers(std::vector<std::uint8_t> bytes, std::uint64_t exchange = 1,
                       std::uint64_t channel = 0) {
  return {Sender::server, std::move(bytes), exchange, channel};
}

/// What carried messages mean, one behind the other in one flow. Keys are left out: they are made
/// of others' and mean nothing to a reader; that the right ones meet shows in what answers say.
class CarriedListener {
 public:
  /// Hears the first `size` bytes; false where it read past them.
  bool hear(const Carried& message, std::size_t size = SIZE_MAX) {
    const auto kept = std::min(size, message.bytes.size());
    // A copy of just these bytes, so that a sanitizer sees a step past their end.
    const std::vector<std::uint8_t> copy(message.bytes.begin(),
                                         message.bytes.begin() + static_cast<std::ptrdiff_t>(kept));
    Context context;
    context.over = Over::tcp;
    context.sender = message.sender;
    context.sender_known = true;
    context.state = &state_;
    context.exchange = message.exchange;
    context.channel = message.channel;
    context.unit = message.unit;
    ByteCursor cursor{copy};
    the_dissector().dissect(cursor, context, script_);
    return cursor.ok();
  }
  [[nodiscard]] std::string text() const {
    static const std::regex kKey{" key [0-9]+"};
    return std::regex_replace(script_.text(), kKey, "");
  }

 private:
  FlowState state_{};
  Transcript script_{the_dissector()};
};

inline std::string meaning(const Exchange& exchange) {
  CarriedListener listener;
  for (const auto& message : exchange) listener.hear(message);
  return listener.text();
}

/// The first cut of a message after which more is said than the whole says; empty where none.
inline std::string cut_that_lies(const Exchange& exchange) {
  const auto whole = meaning(exchange);
  for (std::size_t last = 0; last < exchange.size(); ++last) {
    for (std::size_t size = 0; size < exchange[last].bytes.size(); ++size) {
      CarriedListener cut;
      for (std::size_t i = 0; i < last; ++i) cut.hear(exchange[i]);
      cut.hear(exchange[last], size);
      if (!whole.starts_with(cut.text()))
        return "message " + std::to_string(last) + " cut to " + std::to_string(size) + ": " +
               cut.text();
    }
  }
  return {};
}

/// Damages messages at random: nothing but time may pass.
template <class Random>
void survive(const Exchange& exchange, Random& random) {
  CarriedListener listener;
  for (auto message : exchange) {
    for (int i = 0; i < 4 && !message.bytes.empty(); ++i)
      message.bytes[random() % message.bytes.size()] = static_cast<std::uint8_t>(random());
    listener.hear(message);
    listener.hear(message, random() % (message.bytes.size() + 1));
  }
}

}  // namespace sekimori::test
