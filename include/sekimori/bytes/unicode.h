#pragma once

#include <string>
#include <string_view>

namespace sekimori {

/// Any bytes of a text file as UTF-8: UTF-8 with or without its mark, UTF-16 with one, else CP932.
/// Throws Error that names the file and the first byte that is none of them.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string_view file);

[[nodiscard]] bool is_utf8(std::string_view bytes);

/// The form in which ids and answers are compared: NFKC, lower case, blanks at the ends gone.
[[nodiscard]] std::string normal_word(std::string_view utf8);

/// Blanks at the ends gone, the ideographic one too.
[[nodiscard]] std::string_view stripped(std::string_view utf8);

}  // namespace sekimori
