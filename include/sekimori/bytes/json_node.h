#pragma once

#include "sekimori/bytes/bilingual.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

using Json = nlohmann::json;

/// Parses JSON that a person wrote: a ruleset, answers, a zone plan. A byte order mark is passed
/// over. Throws Error that names the file: for bad syntax with line and column, for a number that
/// no double holds, for a key that stands twice, for nesting beyond reason.
[[nodiscard]] Json parse_json(std::string_view text, std::string_view file);

/// A value with its place, so that whatever is wrong with it can be said: `file: /areas/2: what`.
class JsonNode {
 public:
  JsonNode(const Json& json, std::string_view file, std::string path = "")
      : json_(&json), file_(file), path_(std::move(path)) {}

  [[noreturn]] void fail(std::string_view what) const;

  /// Fails where it is no object, or has a key beside these.
  void only(const std::vector<std::string>& keys) const;
  /// Fails where it is no object, lacks one of the first, or has a key that is in neither.
  void keys(const std::vector<std::string>& needed,
            const std::vector<std::string>& allowed = {}) const;
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] JsonNode at(const std::string& key) const;
  [[nodiscard]] std::optional<JsonNode> find(const std::string& key) const;
  void each(const std::function<void(const JsonNode&)>& visit) const;  ///< of a list
  /// Of an object; keys in the order of their letters.
  void each_key(const std::function<void(const std::string&, const JsonNode&)>& visit) const;

  [[nodiscard]] bool is_text() const { return json_->is_string(); }
  [[nodiscard]] bool is_number() const { return json_->is_number(); }
  [[nodiscard]] bool is_integer() const { return json_->is_number_integer(); }
  [[nodiscard]] bool is_object() const { return json_->is_object(); }
  [[nodiscard]] bool is_null() const { return json_->is_null(); }
  [[nodiscard]] const Json& json() const { return *json_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::string text() const;  ///< not empty
  [[nodiscard]] std::string any_text() const;
  /// A text that the regular expression matches as a whole; fails with `form` where it does not.
  [[nodiscard]] std::string text_like(const char* pattern, std::string_view form) const;
  [[nodiscard]] double number() const;  ///< finite
  [[nodiscard]] double number(double least, double most) const;
  [[nodiscard]] std::int64_t integer(std::int64_t least, std::int64_t most) const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] std::string lines() const;  ///< a list of texts, joined as lines
  [[nodiscard]] Bilingual bilingual() const;
  /// One of these words; fails with the nearest where it is not.
  [[nodiscard]] std::string one_of(const std::vector<std::string>& words) const;
  /// Fails where it is not this text, or this number.
  void expect(const std::string& word) const;
  void expect(std::int64_t number) const;

 private:
  const Json* json_;
  std::string_view file_;
  std::string path_;
};

[[nodiscard]] std::string in_quotes(std::string_view text);
/// `; did you mean "office"?`, or nothing where no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

}  // namespace sekimori
