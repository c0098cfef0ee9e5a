#include "command.h"

#include "sekimori/bytes/error.h"

#include <algorithm>
#include <iostream>

namespace sekimori::cli {

std::vector<const Command*> CommandRegistration::all() {
  std::vector<const Command*> found;
  for (const auto* at = first_; at != nullptr; at = at->next_) found.push_back(&at->command_);
  std::ranges::sort(found, {}, &Command::name);
  return found;
}

std::optional<options::variables_map> parse(const Command& command,
                                            const options::options_description& described,
                                            const std::string& rest,
                                            const std::vector<std::string>& arguments) {
  options::options_description all;
  all.add(described);
  options::options_description common{"Always"};
  common.add_options()("help,h", "say this");
  all.add(common);
  // Boost shows positional names among the options; they are told in the usage line instead.
  options::options_description hidden;
  options::positional_options_description positional;
  if (!rest.empty()) {
    hidden.add_options()(rest.c_str(), options::value<std::vector<std::string>>());
    positional.add(rest.c_str(), -1);
  }
  options::options_description accepted;
  accepted.add(all).add(hidden);
  options::variables_map given;
  try {
    // `-` alone is standard input, and no long option may be guessed from its first letters.
    const auto style =
        options::command_line_style::unix_style & ~options::command_line_style::allow_guessing;
    options::store(options::command_line_parser(arguments)
                       .options(accepted)
                       .positional(positional)
                       .style(style)
                       .run(),
                   given);
    if (given.count("help") == 0) options::notify(given);  // which asks for what is required
  } catch (const options::error& error) {
    throw Error(std::string{"sekimori "} + std::string{command.name}, error.what());
  }
  if (given.count("help") == 0) return given;
  std::cout << "usage: sekimori " << command.name << ' ' << command.usage << "\n\n"
            << command.summary << ".\n"
            << all;
  return std::nullopt;
}

std::vector<std::string> many(const options::variables_map& given, const std::string& name) {
  return given.count(name) == 0 ? std::vector<std::string>{}
                                : given[name].as<std::vector<std::string>>();
}

std::string one(const options::variables_map& given, const std::string& name) {
  return given.count(name) == 0 ? std::string{} : given[name].as<std::string>();
}

}  // namespace sekimori::cli
