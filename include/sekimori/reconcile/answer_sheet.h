#pragma once

#include "sekimori/bytes/bilingual.h"
#include "sekimori/reconcile/question_set.h"

#include <filesystem>
#include <string>

namespace sekimori {

// Blank answer sheets. parse_answers reads each of them back, once it is filled in.

/// UTF-8 with a mark, the cover's fields above the table.
[[nodiscard]] std::string answer_csv(const QuestionSet& set, Language language);
/// Every question and every field of the cover, with nothing said.
[[nodiscard]] std::string answer_json(const QuestionSet& set);
/// A page that needs neither network nor server, in both languages: it saves and loads the JSON.
[[nodiscard]] std::string answer_form(const QuestionSet& set);
/// A workbook: the cover, then a sheet an area, whose answers drop down and whose questions are
/// protected. Of both languages, the Japanese words drop down. Throws Error where the disk refuses,
/// which names `called` where that is not `path`.
void write_answer_workbook(const QuestionSet& set, Language language,
                           const std::filesystem::path& path,
                           const std::filesystem::path& called = {});

/// What a person writes for a choice: in Japanese the first of its words, in English its title.
[[nodiscard]] std::string word_of(const Choice& choice, Language language);

}  // namespace sekimori
