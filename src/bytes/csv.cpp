// Comma-separated values, RFC 4180, with the separators and line ends that spreadsheets write.

#include "sekimori/bytes/csv.h"

#include <algorithm>
#include <utility>

namespace sekimori {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}

  CsvText read() {
    while (at_ < text_.size()) {
      row_.push_back(text_[at_] == '"' ? quoted_cell() : plain_cell());
      if (!read_.problem.empty()) break;
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        if (at_ < text_.size()) continue;
        row_.emplace_back();  // the text ends behind a separator: one cell more
      }
      end_row();
    }
    return std::move(read_);
  }

 private:
  [[nodiscard]] bool ends_cell() const {
    return at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' ||
           text_[at_] == '\r';
  }

  std::string plain_cell() {
    const auto from = at_;
    while (!ends_cell()) ++at_;
    return std::string{text_.substr(from, at_ - from)};
  }

  std::string quoted_cell() {
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') {
          if (!ends_cell()) read_.problem = "something follows a closing quote";
          return cell;
        }
      }
      cell += text_[at_];
    }
    read_.problem = "a quote is never closed";
    return cell;
  }

  void end_row() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    read_.rows.push_back(std::exchange(row_, {}));
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  CsvRow row_;
  CsvText read_;
};

}  // namespace

CsvText parse_csv(std::string_view text, char separator) {
  return CsvReader{text, separator}.read();
}

namespace {

/// What makes a cell a formula.
bool begins_formula(std::string_view text) noexcept {
  return !text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos;
}

bool needs_quotes(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char letter) {
    return letter == '"' || letter == ',' || letter == '\r' || letter == '\n';
  });
}

}  // namespace

bool is_plain_csv(std::string_view text) noexcept {
  return !begins_formula(text) && !needs_quotes(text);
}

std::string csv_cell(std::string text) {
  if (begins_formula(text)) text.insert(text.begin(), '\'');
  if (!needs_quotes(text)) return text;
  std::string quoted{'"'};
  for (const char letter : text) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

}  // namespace sekimori
