// The report as Markdown, which pandoc turns into an editable document. What came from the wire
// is escaped, so that it is read and never obeyed.

#include "markdown.h"

#include "sekimori/report/report.h"

#include "json.h"
#include "words.h"

#include <algorithm>
#include <cmath>

namespace sekimori::report {

std::string escaped(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_[]<>|&~#$^";
  std::string safe;
  for (const char letter : text) {
    if (letter == '\n' || letter == '\r' || letter == '\t') {
      safe += ' ';
      continue;
    }
    if (kMarks.find(letter) != std::string_view::npos) safe += '\\';
    safe += letter;
  }
  return safe;
}

std::string MarkdownWriter::text(const Json& value) const {
  if (value.is_null()) return {};
  if (value.is_object()) return escaped(value.at(language_).get<std::string>());
  if (value.is_string()) return escaped(value.get_ref<const std::string&>());
  if (value.is_boolean()) return word(value.get<bool>() ? "yes" : "no");
  if (value.is_number_float()) return short_decimal(value.get<double>(), 6);
  return value.dump();
}

std::string MarkdownWriter::word(std::string_view key) const {
  const auto label = words_.label(key);
  return escaped(language_ == "en" ? label.en : label.ja);
}

std::string MarkdownWriter::term(const char* group, const Json& value) const {
  if (value.is_null()) return {};
  // Systems may be judged by different sets, each with words of its own.
  const bool own = system_ != nullptr && system_->at("legend").contains(group);
  const auto& terms = (own ? *system_ : report_).at("legend").at(group);
  const auto found = terms.find(value.get_ref<const std::string&>());
  return found == terms.end() ? text(value) : text(*found);
}

std::string MarkdownWriter::list(const Json& values) const {
  std::string joined;
  for (const auto& value : values) joined += (joined.empty() ? "" : ", ") + text(value);
  return joined;
}

std::string MarkdownWriter::frame(const Json& frame) {
  if (frame.is_null()) return {};
  return "C" + frame.at("capture").dump() + " \\#" + frame.at("frame").dump();
}

/// What follows is a block of its own.
void MarkdownWriter::gap() {
  if (!out_.ends_with("\n\n")) out_ += '\n';
}

void MarkdownWriter::heading(int depth, const std::string& title) {
  gap();
  out_ += std::string(static_cast<std::size_t>(depth), '#') + ' ' + title + "\n\n";
}

void MarkdownWriter::paragraph(const std::string& text) {
  if (!text.empty()) out_ += text + "\n\n";
}

void MarkdownWriter::bullet(const std::string& text) {
  out_ += "- " + text + '\n';
}

void MarkdownWriter::field(std::string_view key, const std::string& value) {
  if (!value.empty()) bullet("**" + word(key) + "**" + word("colon") + value);
}

void MarkdownWriter::table(const std::vector<Column>& columns, const Json& rows) {
  if (rows.empty()) {
    paragraph(word("none"));
    return;
  }
  std::string line;
  for (const auto& column : columns) {
    out_ += "| " + column.title + ' ';
    line += "| --- ";
  }
  out_ += "|\n" + line + "|\n";
  for (const auto& row : rows) {
    for (const auto& column : columns) out_ += "| " + column.cell(row) + ' ';
    out_ += "|\n";
  }
  out_ += '\n';
}

void MarkdownWriter::shown(const Json& section) {
  shown(section.at("rows").size(), section.at("total").get<std::size_t>());
}

void MarkdownWriter::shown(std::size_t listed, std::size_t total) {
  if (listed >= total) return;
  const auto label = words_.label("shown");
  auto said = language_ == "en" ? label.en : label.ja;
  for (const auto& [name, value] : {std::pair{std::string{"{shown}"}, std::to_string(listed)},
                                    std::pair{std::string{"{total}"}, std::to_string(total)}})
    said.replace(said.find(name), name.size(), value);
  paragraph(said);
}

}  // namespace sekimori::report

namespace sekimori {

std::string to_markdown(const nlohmann::ordered_json& report) {
  const report::Words words;
  std::string text;
  for (const auto& language : report.at("languages")) {
    if (!text.empty()) text += "\n---\n\n";
    text += report::MarkdownWriter{report, words, language.get<std::string>()}.write();
  }
  return text;
}

}  // namespace sekimori
