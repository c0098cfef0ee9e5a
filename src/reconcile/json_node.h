#pragma once

#include "sekimori/reconcile/question_set.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

using Json = nlohmann::json;

/// Parses JSON of a rule file or of answers. Throws Error that names the file: for bad syntax with
/// line and column, for a key that stands twice, for nesting beyond reason.
[[nodiscard]] Json parse_json(std::string_view text, std::string_view file);

/// A value with its place, so that whatever is wrong with it can be said: `file: /areas/2: what`.
class JsonNode {
 public:
  JsonNode(const Json& json, std::string_view file, std::string path = "")
      : json_(&json), file_(file), path_(std::move(path)) {}

  [[noreturn]] void fail(std::string_view what) const;

  /// Fails where it is no object, or has a key beside these.
  void only(const std::vector<std::string>& keys) const;
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] JsonNode at(const std::string& key) const;
  [[nodiscard]] std::optional<JsonNode> find(const std::string& key) const;
  void each(const std::function<void(const JsonNode&)>& visit) const;  ///< of a list
  /// Of an object; keys in the order of their letters.
  void each_key(const std::function<void(const std::string&, const JsonNode&)>& visit) const;

  [[nodiscard]] bool is_text() const { return json_->is_string(); }
  [[nodiscard]] bool is_number() const { return json_->is_number(); }
  [[nodiscard]] bool is_object() const { return json_->is_object(); }
  [[nodiscard]] bool is_null() const { return json_->is_null(); }
  [[nodiscard]] const Json& json() const { return *json_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::string text() const;  ///< not empty
  [[nodiscard]] std::string any_text() const;
  [[nodiscard]] double number() const;  ///< finite
  [[nodiscard]] double number(double least, double most) const;
  [[nodiscard]] std::int64_t integer(std::int64_t least, std::int64_t most) const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] std::string lines() const;  ///< a list of texts, joined as lines
  [[nodiscard]] Wording wording() const;
  /// One of these words; fails with the nearest where it is not.
  [[nodiscard]] std::string one_of(const std::vector<std::string>& words) const;
  /// Fails where it is not this text, or this number.
  void expect(const std::string& word) const;
  void expect(std::int64_t number) const;
  [[nodiscard]] Answer answer() const;  ///< yes partial no na ""

 private:
  const Json* json_;
  std::string_view file_;
  std::string path_;
};

[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace sekimori
