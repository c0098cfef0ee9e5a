// Answers from files: JSON here, tables in answer_table.cpp.

#include "sekimori/reconcile/answers.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/file.h"
#include "sekimori/bytes/json_node.h"
#include "sekimori/bytes/unicode.h"

#include "answer_table.h"

namespace sekimori {
namespace {

constexpr std::uintmax_t kLargestFile = 16U << 20U;  // bytes

/// A value of JSON as the text that stands for it in a table: 39.0, true, nothing.
std::string cell_text(const JsonNode& node) {
  if (node.is_null()) return "";
  if (node.is_text()) return node.any_text();
  if (node.is_object() || node.json().is_array()) node.fail("a text is expected");
  return node.json().dump();
}

Answers parse_json_answers(const std::string& text, std::string_view file, const QuestionSet& set) {
  const auto parsed = parse_json(text, file);
  const JsonNode root{parsed, file};
  std::vector<std::string> keys{"format", "version", "answers", "comment"};
  for (const auto& field : set.cover) keys.push_back(field.id);
  root.only(keys);
  root.at("format").expect(set.id + "-answers");
  root.at("version").expect(1);

  AnswerGatherer gatherer{set, file};
  for (const auto& field : set.cover) {
    const auto value = root.find(field.id);
    if (value) gatherer.add_cover(field.id, cell_text(*value), value->path());
  }
  root.at("answers").each([&](const JsonNode& item) {
    item.only({"id", "answer", "after", "answer_after", "fix", "difficulty", "obstacle", "note",
               "evidence_ref", "answered_by", "answered_on"});
    const auto cell = [&](const std::string& key) {
      const auto node = item.find(key);
      return node ? cell_text(*node) : std::string{};
    };
    if (item.has("after") && item.has("answer_after"))
      item.fail("\"after\" and \"answer_after\" are one thing");
    const std::string after = item.has("after") ? "after" : "answer_after";
    gatherer.add({.id = cell_text(item.at("id")),
                  .answer = cell("answer"),
                  .after = cell(after),
                  .note = cell("note"),
                  .evidence_ref = cell("evidence_ref"),
                  .answered_by = cell("answered_by"),
                  .answered_on = cell("answered_on"),
                  .fix = cell("fix"),
                  .difficulty = cell("difficulty"),
                  .obstacle = cell("obstacle"),
                  .where = item.path(),
                  .answer_place = item.path() + "/answer",
                  .after_place = item.path() + '/' + after});
  });
  return gatherer.take();
}

}  // namespace

Answers parse_answers(std::string_view bytes, std::string_view file, const QuestionSet& set,
                      const AnswerMap* map) {
  if (is_workbook(bytes)) return read_answer_tables(bytes, file, set, map);
  const auto text = to_utf8(bytes, file);
  if (stripped(text).starts_with('{')) return parse_json_answers(text, file, set);
  return read_answer_tables(text, file, set, map);
}

Answers load_answers(const std::filesystem::path& path, const QuestionSet& set,
                     const AnswerMap* map) {
  return parse_answers(read_file(path, kLargestFile), path.string(), set, map);
}

}  // namespace sekimori
