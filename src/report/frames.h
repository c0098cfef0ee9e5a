#pragma once

#include "sekimori/model/database.h"

#include "json.h"
#include "words.h"

#include <bitset>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sekimori::report {

struct FrameId {
  std::int64_t capture = 0, frame = 0;
  friend auto operator<=>(const FrameId&, const FrameId&) = default;
};

/// The two ends of a conversation, as the report names them.
class Endpoints {
 public:
  explicit Endpoints(Database& model);

  /// {"asset", "name", "address", "zone"}
  [[nodiscard]] Json end(std::optional<std::int64_t> asset, const std::string& address,
                         std::optional<std::int64_t> zone) const;
  /// Null where there is no such conversation.
  [[nodiscard]] Json conversation(std::int64_t conversation) const;
  [[nodiscard]] std::string name(std::optional<std::int64_t> asset) const;
  [[nodiscard]] std::string zone(std::optional<std::int64_t> zone) const;
  [[nodiscard]] const std::string& sha256(std::int64_t capture) const;

 private:
  Database& model_;
  std::map<std::int64_t, std::string> zones_, captures_;
};

/// What the model knows of single frames: when they were, and what was decoded from them.
class FrameIndex {
 public:
  /// Looks at the frames that prove findings and verdicts, and at `more`.
  FrameIndex(Database& model, const std::vector<FrameId>& more);

  /// {"capture", "sha256", "frame", "time", "conversation", "decoded"}; `conversation` is the
  /// statement's own, for a frame of which the model knows none.
  [[nodiscard]] Json evidence(FrameId frame, std::optional<std::int64_t> conversation,
                              const Endpoints& ends) const;

 private:
  struct Known {
    std::optional<std::int64_t> time, conversation;
    Json decoded = Json::array();
  };
  void read(Database& model, std::string_view kind, std::string_view columns,
            std::string_view tables);
  void note(Statement& row, std::string_view kind, FrameId frame, std::optional<std::int64_t> time);

  static constexpr std::size_t kMarks = 1 << 20;
  static std::size_t mark_of(FrameId frame) {
    // Unsigned, since a rule may name any frame.
    return (static_cast<std::size_t>(frame.capture) * 31 + static_cast<std::size_t>(frame.frame)) %
           kMarks;
  }

  std::map<FrameId, Known> frames_;
  std::bitset<kMarks> marks_;  ///< of frames_; most frames of a model are of no interest
};

}  // namespace sekimori::report
