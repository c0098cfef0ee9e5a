#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sekimori::test {

/// Holds a document against a JSON Schema (2020-12): the keywords that this project's schemas use;
/// another one is an error, so that nothing goes unchecked.
class JsonSchema {
 public:
  using Json = nlohmann::ordered_json;

  explicit JsonSchema(Json schema) : root_(std::move(schema)) {}

  /// What is wrong, each with its place; empty where all is well.
  [[nodiscard]] std::vector<std::string> errors(const Json& document) const {
    std::vector<std::string> found;
    check(root_, document, "", found);
    return found;
  }

 private:
  using Errors = std::vector<std::string>;

  static bool is_of(const std::string& type, const Json& value) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
  }

  void check(const Json& schema, const Json& value, const std::string& at, Errors& out) const {
    for (const auto& [key, rule] : schema.items()) {
      if (key == "$ref") {
        check(root_.at(Json::json_pointer{rule.get<std::string>().substr(1)}), value, at, out);
      } else if (key == "oneOf") {
        one_of(rule, value, at, out);
      } else if (!is_annotation(key) && !keyword(key, rule, schema, value, at, out)) {
        out.push_back(at + ": a keyword that is not checked: " + key);
      }
    }
  }

  static bool is_annotation(const std::string& key) {
    return key == "title" || key == "description" || key == "$schema" || key == "$id" ||
           key == "$defs";
  }

  void one_of(const Json& rules, const Json& value, const std::string& at, Errors& out) const {
    std::size_t fitting = 0;
    Errors last;
    for (const auto& rule : rules) {
      Errors errors;
      check(rule, value, at, errors);
      if (errors.empty()) ++fitting;
      if (rule.value("type", "") != "null") last = errors;
    }
    if (fitting == 1) return;
    out.push_back(at + ": " + std::to_string(fitting) + " of oneOf fit");
    out.insert(out.end(), last.begin(), last.end());
  }

  /// False where the keyword is none of those known.
  bool keyword(const std::string& key, const Json& rule, const Json& schema, const Json& value,
               const std::string& at, Errors& out) const {
    const auto fail = [&] {
      out.push_back(at + ": " + key + " " + rule.dump() + ": " + value.dump());
    };
    if (key == "type") {
      const auto types = rule.is_array() ? rule : Json::array({rule});
      if (std::none_of(types.begin(), types.end(),
                       [&](const Json& type) { return is_of(type, value); }))
        fail();
    } else if (key == "const") {
      if (value != rule) fail();
    } else if (key == "enum") {
      if (std::find(rule.begin(), rule.end(), value) == rule.end()) fail();
    } else if (key == "pattern") {
      if (value.is_string() &&
          !std::regex_search(value.get<std::string>(), std::regex{rule.get<std::string>()}))
        fail();
    } else if (key == "minimum") {
      if (value.is_number() && value < rule) fail();
    } else if (key == "maximum") {
      if (value.is_number() && value > rule) fail();
    } else if (key == "minItems" || key == "maxItems") {
      if (value.is_array() && (key == "minItems" ? value.size() < rule.get<std::size_t>()
                                                 : value.size() > rule.get<std::size_t>()))
        fail();
    } else if (key == "minProperties") {
      if (value.is_object() && value.size() < rule.get<std::size_t>()) fail();
    } else if (key == "uniqueItems") {
      if (value.is_array() && std::set<Json>(value.begin(), value.end()).size() != value.size())
        fail();
    } else {
      return structure(key, rule, schema, value, at, out);
    }
    return true;
  }

  bool structure(const std::string& key, const Json& rule, const Json& schema, const Json& value,
                 const std::string& at, Errors& out) const {
    if (key == "items") {
      if (!value.is_array()) return true;
      for (std::size_t i = 0; i < value.size(); ++i)
        check(rule, value[i], at + '/' + std::to_string(i), out);
    } else if (key == "properties") {
      if (!value.is_object()) return true;
      for (const auto& [name, part] : rule.items())
        if (value.contains(name)) check(part, value[name], at + '/' + name, out);
    } else if (key == "required") {
      if (!value.is_object()) return true;
      for (const auto& name : rule)
        if (!value.contains(name.get<std::string>()))
          out.push_back(at + ": lacks " + name.get<std::string>());
    } else if (key == "additionalProperties") {
      if (!value.is_object()) return true;
      for (const auto& [name, part] : value.items()) {
        if (schema.contains("properties") && schema["properties"].contains(name)) continue;
        if (rule == false)
          out.push_back(at + ": has " + name);
        else
          check(rule, part, at + '/' + name, out);
      }
    } else {
      return false;
    }
    return true;
  }

  Json root_;
};

}  // namespace sekimori::test
