#pragma once

// What a topic says: levels between slashes (4.7 of MQTT 3.1.1), and Sparkplug B's own:
// `spBv1.0/group/type/node/device` (Sparkplug 3.0, 4).

#include "sekimori/bytes/byte_cursor.h"
#include "sekimori/bytes/text.h"
#include "sekimori/dissect/text_line.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekimori::mqtt {

class Topic {
 public:
  explicit Topic(Bytes topic) noexcept : topic_(topic.first(std::min(topic.size(), kMost))) {
    auto rest = view_of(topic_);
    if (take_until(rest, '/') != "spBv1.0") return;
    group_ = take_until(rest, '/');
    type_ = take_until(rest, '/');
    node_ = take_until(rest, '/');
    device_ = rest;
  }

  [[nodiscard]] Bytes name() const noexcept { return topic_; }

  /// Sparkplug's own commands, or a level that says that something is to be set or done: a habit
  /// (`cmnd` Tasmota's, `set` Homie's and Zigbee2MQTT's), and no rule of MQTT.
  [[nodiscard]] bool is_command() const noexcept {
    if (!type_.empty()) return type_ == "NCMD" || type_ == "DCMD";
    constexpr auto kWords = std::to_array<std::string_view>(
        {"set", "cmd", "cmnd", "command", "commands", "write", "setpoint"});
    auto rest = view_of(topic_);
    while (!rest.empty()) {
      const auto level = take_until(rest, '/');
      const auto is_word = [level](std::string_view word) { return same_word(level, word); };
      if (std::ranges::any_of(kWords, is_word)) return true;
    }
    return false;
  }
  [[nodiscard]] bool is_birth() const noexcept { return type_ == "NBIRTH" || type_ == "DBIRTH"; }
  [[nodiscard]] bool is_death() const noexcept { return type_ == "NDEATH" || type_ == "DDEATH"; }

  /// `spBv1.0/STATE/host`: the application that nodes wait for.
  [[nodiscard]] bool is_host_state() const noexcept { return group_ == "STATE"; }
  /// Where Mosquitto and others tell what they are (a habit of brokers, 4.7.2 of MQTT 3.1.1).
  [[nodiscard]] bool is_broker_version() const noexcept {
    return view_of(topic_) == "$SYS/broker/version";
  }

  /// Who is born, as Sparkplug calls it.
  [[nodiscard]] SmallText node() const noexcept {
    SmallText text{"Sparkplug B "};
    if (is_host_state()) return text.add("host ").add(type_);
    text.add(device_.empty() ? "node " : "device ").add(group_).add('/').add(node_);
    if (!device_.empty()) text.add('/').add(device_);
    return text;
  }

 private:
  static constexpr std::size_t kMost = 160;  // longer ones carry what is no place's name

  Bytes topic_;
  std::string_view group_;
  std::string_view type_;
  std::string_view node_;
  std::string_view device_;
};

}  // namespace sekimori::mqtt
