#pragma once

#include "json.h"
#include "words.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori::report {

/// Text that Markdown and HTML take for nothing but text.
[[nodiscard]] std::string escaped(std::string_view text);

[[nodiscard]] inline bool is_blank(const Json& text) {
  return text.get_ref<const std::string&>().empty();
}

/// Writes a report in one language.
class MarkdownWriter {
 public:
  MarkdownWriter(const Json& report, const Words& words, std::string language)
      : report_(report), words_(words), language_(std::move(language)) {}

  [[nodiscard]] std::string write();

 private:
  struct Column {
    std::string title;
    std::function<std::string(const Json& row)> cell;
  };

  /// A value of the report: a text in both languages, a string, a number; "" for null.
  [[nodiscard]] std::string text(const Json& value) const;
  [[nodiscard]] std::string word(std::string_view key) const;
  [[nodiscard]] std::string term(const char* group, const Json& value) const;
  [[nodiscard]] std::string list(const Json& values) const;
  [[nodiscard]] static std::string frame(const Json& frame);
  [[nodiscard]] std::string end(const Json& party) const;
  [[nodiscard]] std::string conversation(const Json& talk) const;
  [[nodiscard]] std::string decoded(const Json& facts) const;
  /// A column that shows the value of a key as it is.
  [[nodiscard]] Column column(std::string_view title, const char* key) const;
  [[nodiscard]] Column column(std::string_view title, const char* key, const char* group) const;

  void gap();
  void heading(int depth, const std::string& title);
  void paragraph(const std::string& text);
  void bullet(const std::string& text);
  void field(std::string_view key, const std::string& value);
  void table(const std::vector<Column>& columns, const Json& rows);
  void shown(const Json& section);
  void shown(std::size_t listed, std::size_t total);
  void evidence(const Json& frames);
  void command(const Json& line);

  /// A section of the system that is being written, or of the whole report.
  [[nodiscard]] const Json& of(const char* key) const;
  /// The figures of last time, or null.
  [[nodiscard]] const Json* previous() const;
  /// A heading, with the system's name where there are several.
  [[nodiscard]] std::string titled(std::string_view key) const;
  void in_system(std::size_t index, const std::function<void()>& write);
  /// Once where there are no systems.
  void for_each_system(const std::function<void()>& write);

  void summary();
  void score();
  void worst();
  void areas();
  void systems();
  void scope();
  void contradictions();
  void verdicts(const Json& list);
  void gaps();
  void plan();
  void committee();
  void findings();
  void checks();
  void network();
  void assets();
  void operations();
  void questions();
  void coverage();
  void references();
  void annex();

  const Json& report_;
  const Words& words_;
  const std::string language_;
  const Json* system_ = nullptr;  // the one that is being written
  std::string out_;
};

}  // namespace sekimori::report
