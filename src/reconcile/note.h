#pragma once

#include "sekimori/reconcile/question_set.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sekimori {

using NoteValues = std::map<std::string, Bilingual, std::less<>>;

/// A value that reads the same in both languages.
[[nodiscard]] Bilingual same(std::string text);

/// A number with at most `digits` places, trailing zeros left out.
[[nodiscard]] std::string short_number(double value, int digits);

/// The text with each {name} replaced; a name without a value stays as it is.
[[nodiscard]] Bilingual fill(const Bilingual& text, const NoteValues& values);

/// One more sentence.
void append(Bilingual& note, const Bilingual& sentence);

}  // namespace sekimori
