#pragma once

#include <boost/program_options.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekimori::cli {

namespace options = boost::program_options;

// Exit codes; README names them.
inline constexpr int kClean = 0;
inline constexpr int kViolated = 1;  ///< a check is violated at or above --fail-on
inline constexpr int kFailed = 2;    ///< could not do it

/// One word after `sekimori`.
struct Command {
  std::string_view name;
  std::string_view usage;    ///< what follows the name
  std::string_view summary;  ///< one line
  int (*run)(const Command& self, const std::vector<std::string>& arguments) = nullptr;
  bool listens = false;  ///< opens capture sockets, and then confines itself; others are confined
};

/// Adds a command to the program by existing, as a dissector does.
class CommandRegistration {
 public:
  explicit CommandRegistration(const Command& command) noexcept
      : command_(command), next_(std::exchange(first_, this)) {}
  CommandRegistration(const CommandRegistration&) = delete;
  CommandRegistration& operator=(const CommandRegistration&) = delete;

  /// By name.
  static std::vector<const Command*> all();

 private:
  const Command command_;
  const CommandRegistration* const next_;
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the list itself.
  inline static constinit const CommandRegistration* first_ = nullptr;
};

/// Parses a command's arguments; what stands alone is a value of `rest`. Prints help and returns
/// nothing where --help was asked. Throws Error for what it does not know.
std::optional<options::variables_map> parse(const Command& command,
                                            const options::options_description& described,
                                            const std::string& rest,
                                            const std::vector<std::string>& arguments);

/// Values of a repeated option; none where it was not given.
std::vector<std::string> many(const options::variables_map& given, const std::string& name);
/// The value of an option, or "".
std::string one(const options::variables_map& given, const std::string& name);

}  // namespace sekimori::cli
