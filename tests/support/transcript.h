#pragma once

#include "sekimori/dissect/dissector.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace sekimori::test {

/// An observer that writes down what it hears, one clause each, so that a case's expectation is a
/// line of prose. Replies are paired with the requests it heard, as the core does.
class Transcript final : public Observer {
 public:
  explicit Transcript(const Dissector& dissector) : dissector_(dissector) {}

  void request(std::uint32_t code, const Target& target, std::uint64_t key,
               std::uint64_t context) override {
    open_.emplace(key, context);
    add("request " + describe(code, target) + (key != 0 ? " key " + std::to_string(key) : ""));
  }
  void notice(std::uint32_t code, const Target& target) override {
    add("notice " + describe(code, target));
  }
  std::optional<std::uint64_t> reply(std::uint64_t key, Outcome outcome,
                                     std::uint32_t reason) override {
    add((outcome == Outcome::executed ? "executed" : "rejected for " + std::to_string(reason)) +
        (key != 0 ? " key " + std::to_string(key) : ""));
    const auto found = open_.find(key);
    if (found == open_.end()) return std::nullopt;
    const auto context = found->second;
    open_.erase(found);
    return context;
  }
  void property(const Subject& subject, Property property, Bytes value,
                Confidence /*confidence*/) override {
    add(about(subject) + std::string{to_text(property)} + " " + clean_text(value));
  }
  void claim(const Mac& mac, const IpAddress& ip) override {
    add(to_text(mac) + " has " + to_text(ip));
  }
  void event(Event event, std::string_view detail, const Subject& subject) override {
    add(about(subject) + "event " + std::string{to_text(event)} + " " +
        clean_text(bytes_of(detail)));
  }
  void blocked(const Blocked& blocked) override {
    add("blocked " + to_text(blocked.source) + " > " + to_text(blocked.destination) + " " +
        std::string{to_text(blocked.over)} + "/" + std::to_string(blocked.number) + " for " +
        std::to_string(blocked.reason >> 8U) + "." + std::to_string(blocked.reason & 0xffU));
  }
  StreamBuffer& buffer(std::uint64_t key) override { return buffers_[key]; }
  /// A protocol test links one dissector: what another would make of it is that one's test.
  bool carry(std::string_view protocol, ByteCursor& message, const Context& /*context*/) override {
    const auto bytes = message.take(message.remaining());
    add("carries " + std::string{protocol} + " of " + std::to_string(bytes.size()) + " bytes");
    return false;
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  void forget() { text_.clear(); }

 private:
  void add(const std::string& clause) { text_ += (text_.empty() ? "" : "; ") + clause; }

  [[nodiscard]] std::string describe(std::uint32_t code, const Target& target) const {
    std::string text{notation_of(dissector_, code).view()};
    const auto operation = operation_of(dissector_, code);
    text += " " + std::string{operation.name.empty() ? "unknown" : operation.name};
    if (target.unit != Target::kNoUnit) text += " unit " + std::to_string(target.unit);
    if (!target.name.empty()) text += " on " + clean_text(target.name);
    if (target.has_range) {
      text += " " + std::to_string(target.first);
      if (target.last != target.first) text += ".." + std::to_string(target.last);
    }
    return text;
  }
  [[nodiscard]] static std::string about(const Subject& subject) {
    std::string text;
    switch (subject.kind) {
      case Subject::Kind::sender:
        break;
      case Subject::Kind::receiver:
        text = "receiver: ";
        break;
      case Subject::Kind::client:
        text = "client: ";
        break;
      case Subject::Kind::server:
        text = "server: ";
        break;
      case Subject::Kind::ip:
        text = to_text(subject.ip) + ": ";
        break;
      case Subject::Kind::mac:
        text = to_text(subject.mac) + ": ";
        break;
    }
    if (subject.unit != Target::kNoUnit) text += "unit " + std::to_string(subject.unit) + " ";
    return text;
  }

  const Dissector& dissector_;
  std::multimap<std::uint64_t, std::uint64_t> open_;
  std::map<std::uint64_t, StreamBuffer> buffers_;
  std::string text_;
};

/// The one dissector that a protocol test links.
inline const Dissector& the_dissector() {
  return *Registration::all().at(0);
}

}  // namespace sekimori::test
