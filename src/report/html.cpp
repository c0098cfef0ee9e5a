// The page: a template with three places, which an npm build may fill as well as these files.

#include "sekimori/report/report.h"

#include "json.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace sekimori {
namespace embedded {
extern const std::string_view page_template, page_style, page_script, words_json;
}  // namespace embedded

namespace {

constexpr std::size_t kRoomBehind = 1 << 20;  // for words and script

/// JSON that cannot end the element it stands in.
void add_for_script(std::string_view json, std::string& page) {
  constexpr std::string_view kInstead = "\\u003c";
  const auto ends = static_cast<std::size_t>(std::ranges::count(json, '<'));
  page.reserve(page.size() + json.size() + ends * (kInstead.size() - 1) + kRoomBehind);
  for (;;) {
    const auto end = json.find('<');
    page += json.substr(0, end);
    if (end == std::string_view::npos) return;
    page += kInstead;
    json.remove_prefix(end + 1);
  }
}

/// The template up to `place`, which is taken off its front.
std::string_view before(std::string_view& rest, std::string_view place) {
  const auto at = rest.find(place);
  if (at == std::string_view::npos)
    throw std::logic_error("the template lacks " + std::string{place});
  const auto text = rest.substr(0, at);
  rest.remove_prefix(at + place.size());
  return text;
}

}  // namespace

std::string to_html(const nlohmann::ordered_json& report) {
  const auto labels = report::Json::parse(embedded::words_json).at("labels").dump();
  std::string_view rest = embedded::page_template;
  std::string page{before(rest, "{{style}}")};
  page += embedded::page_style;
  page += before(rest, "{{report}}");
  add_for_script(report.dump(-1, ' ', false, report::Json::error_handler_t::replace), page);
  page += before(rest, "{{script}}");
  page += "const WORDS = ";
  add_for_script(labels, page);
  page += ";\n";
  page += embedded::page_script;
  page += rest;
  return page;
}

}  // namespace sekimori
