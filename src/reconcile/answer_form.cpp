// The answer sheet as a page: a template with three places.

#include "sekimori/reconcile/answer_sheet.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace sekimori {
namespace embedded {
extern const std::string_view form_page, form_style, form_script;
}  // namespace embedded

namespace {

using Json = nlohmann::ordered_json;

Json both(const Bilingual& text) {
  return {{"en", text.en}, {"ja", text.ja}};
}

Json titles(const std::map<std::string, Bilingual>& from) {
  Json json = Json::object();
  for (const auto& [id, title] : from) json[id] = both(title);
  return json;
}

Json question_json(const QuestionSet& set, const Question& question) {
  Json json;
  json["id"] = question.id;
  json["text"] = both(question.text);
  json["yes_when"] = both(question.yes_when);
  json["weight"] = question.weight;
  json["choices"] = Json::array();
  for (const auto index : question.choices) json["choices"].push_back(set.scale.choices[index].id);
  if (!question.follow_up) return json;
  auto when = Json::array();
  for (const auto answer : question.follow_up->asked_when) when.push_back(to_text(answer));
  json["follow_up"] = {{"of", question.follow_up->of}, {"asked_when", std::move(when)}};
  return json;
}

/// What the page needs of a set.
Json set_json(const QuestionSet& set) {
  Json json;
  json["id"] = set.id;
  json["title"] = both(set.title);
  json["cover"] = Json::array();
  for (const auto& field : set.cover)
    json["cover"].push_back(
        {{"id", field.id}, {"title", both(field.title)}, {"values", field.values}});
  json["choices"] = Json::array();
  for (const auto& choice : set.scale.choices)
    json["choices"].push_back({{"id", choice.id},
                               {"means", to_text(choice.means)},
                               {"value", choice.value},
                               {"title", both(choice.title)}});
  json["not_applicable"] = both(set.scale.not_applicable);
  json["fix_types"] = titles(set.fix_types);
  json["difficulties"] = titles(set.difficulties);
  json["obstacles"] = titles(set.obstacles);
  json["areas"] = Json::array();
  for (const auto& area : set.areas) {
    auto questions = Json::array();
    for (const auto index : area.questions)
      questions.push_back(question_json(set, set.questions[index]));
    json["areas"].push_back(
        {{"id", area.id}, {"title", both(area.title)}, {"questions", std::move(questions)}});
  }
  return json;
}

/// The template up to `place`, which is taken off its front.
std::string_view before(std::string_view& rest, std::string_view place) {
  const auto at = rest.find(place);
  if (at == std::string_view::npos) throw std::logic_error("the form lacks " + std::string{place});
  const auto text = rest.substr(0, at);
  rest.remove_prefix(at + place.size());
  return text;
}

}  // namespace

std::string answer_form(const QuestionSet& set) {
  std::string_view rest = embedded::form_page;
  std::string page{before(rest, "{{style}}")};
  page += embedded::form_style;
  page += before(rest, "{{set}}");
  // A text of a set cannot end the element that it stands in.
  for (const char letter : set_json(set).dump()) {
    if (letter == '<')
      page += "\\u003c";
    else
      page += letter;
  }
  page += before(rest, "{{script}}");
  page += embedded::form_script;
  return page.append(rest);
}

}  // namespace sekimori
