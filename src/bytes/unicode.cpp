#include "sekimori/bytes/unicode.h"

#include "sekimori/bytes/error.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace sekimori {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};

/// Nothing where a byte sequence is not of the encoding: `bad` is then where it begins.
std::optional<std::string> decode(std::string_view bytes, const char* encoding, std::size_t& bad) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter{ucnv_open(encoding, &status)};
  if (U_FAILURE(status) != 0) throw Error(std::string{"the encoding is not known: "} + encoding);
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);

  icu::UnicodeString text;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  std::array<UChar, 1024> piece{};
  for (;;) {
    UChar* out = piece.data();
    status = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &out, piece.data() + piece.size(), &at, end, nullptr, 1,
                   &status);
    text.append(piece.data(), static_cast<std::int32_t>(out - piece.data()));
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_FAILURE(status) != 0) {
      std::array<char, 8> invalid{};
      auto size = static_cast<std::int8_t>(invalid.size());
      UErrorCode ignored = U_ZERO_ERROR;
      ucnv_getInvalidChars(converter.get(), invalid.data(), &size, &ignored);
      bad = static_cast<std::size_t>(at - bytes.data()) - static_cast<std::size_t>(size);
      return std::nullopt;
    }
    break;
  }
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view file) {
  std::size_t bad = 0;
  const auto marked = [&](std::size_t mark, const char* encoding) {
    auto text = decode(bytes.substr(mark), encoding, bad);
    if (!text)
      throw Error(file, "byte " + std::to_string(bad + mark), "not " + std::string{encoding});
    return *text;
  };
  if (bytes.starts_with("\xef\xbb\xbf")) return marked(3, "UTF-8");
  if (bytes.starts_with("\xff\xfe")) return marked(2, "UTF-16LE");
  if (bytes.starts_with("\xfe\xff")) return marked(2, "UTF-16BE");
  if (auto text = decode(bytes, "UTF-8", bad)) return *text;
  // Windows code page 932, what Excel writes in Japan: Shift_JIS with NEC's and IBM's signs.
  if (auto text = decode(bytes, "windows-31j", bad)) return *text;
  throw Error(file, "byte " + std::to_string(bad), "the text is neither UTF-8 nor CP932");
}

bool is_utf8(std::string_view bytes) {
  std::size_t bad = 0;
  return decode(bytes, "UTF-8", bad).has_value();
}

std::string_view stripped(std::string_view utf8) {
  constexpr std::string_view kBlanks = " \t\r\n";
  constexpr std::string_view kIdeographic = "\xe3\x80\x80";  // U+3000
  constexpr std::string_view kUnbroken = "\xc2\xa0";         // U+00A0
  for (;;) {
    const auto before = utf8.size();
    while (!utf8.empty() && kBlanks.find(utf8.front()) != kBlanks.npos) utf8.remove_prefix(1);
    while (!utf8.empty() && kBlanks.find(utf8.back()) != kBlanks.npos) utf8.remove_suffix(1);
    for (const auto blank : {kIdeographic, kUnbroken}) {
      if (utf8.starts_with(blank)) utf8.remove_prefix(blank.size());
      if (utf8.ends_with(blank)) utf8.remove_suffix(blank.size());
    }
    if (utf8.size() == before) return utf8;
  }
}

std::string normal_word(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* const nfkc = icu::Normalizer2::getNFKCInstance(status);
  if (U_FAILURE(status) != 0) throw Error("the Unicode tables are missing");
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece{utf8.data(), static_cast<std::int32_t>(utf8.size())});
  auto normal = nfkc->normalize(text, status);
  normal.toLower(icu::Locale::getRoot());
  std::string word;
  normal.toUTF8String(word);
  return std::string{stripped(word)};
}

}  // namespace sekimori
