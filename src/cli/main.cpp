// sekimori: the command line. The only place that prints, and that knows exit codes.

#include "sekimori/bytes/error.h"
#include "sekimori/capture/confine.h"

#include "command.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <new>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using sekimori::cli::Command;
using sekimori::cli::CommandRegistration;

void print_usage(std::ostream& out) {
  out << "sekimori " SEKIMORI_VERSION
         ": assesses a control network from its traffic, without sending a packet.\n\n";
  std::size_t width = 0;
  for (const auto* command : CommandRegistration::all())
    width = std::max(width, command->name.size());
  for (const auto* command : CommandRegistration::all()) {
    out << "  sekimori " << command->name << std::string(width - command->name.size() + 2, ' ')
        << command->summary << '\n';
  }
  out << "\n`sekimori COMMAND --help` tells its options. Exit code: 0 nothing violated, 1 "
         "something "
         "violated, 2 could not do it.\n`sekimori --verbose COMMAND` says what the program may not "
         "do.\n";
}

/// Where the program was started without standard input, output or error, the next file it opens
/// would be that, and its messages would go into it. What takes the place can be neither read nor
/// written as the stream is, so it fails as the missing one does.
void keep_standard_descriptors() {
  // NOLINTBEGIN(cppcoreguidelines-pro-type-vararg): the system's own signatures.
  for (const auto number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one.
    if (::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) != number)
      throw sekimori::Error("/dev/null", "cannot be opened");
  }
  // NOLINTEND(cppcoreguidelines-pro-type-vararg)
}

int run(std::vector<std::string> arguments) {
  const bool verbose = !arguments.empty() && arguments.front() == "--verbose";
  if (verbose) arguments.erase(arguments.begin());
  if (arguments.empty()) {
    print_usage(std::cerr);
    return sekimori::cli::kFailed;
  }
  const auto& word = arguments.front();
  if (word == "--help" || word == "-h" || word == "help") {
    print_usage(std::cout);
    return sekimori::cli::kClean;
  }
  if (word == "--version") {
    std::cout << "sekimori " SEKIMORI_VERSION "\n";
    return sekimori::cli::kClean;
  }
  for (const auto* command : CommandRegistration::all()) {
    if (command->name != word) continue;
    if (!command->listens) {
      const auto done = sekimori::confine({});
      if (verbose) std::cerr << done << '\n';
    }
    return command->run(*command, {arguments.begin() + 1, arguments.end()});
  }
  throw sekimori::Error("sekimori", "no such command: \"" + word + "\"; see sekimori --help");
}

}  // namespace

int main(int count, char** values) {
  // A file as long as it may become (ulimit -f) is then an error that names it.
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  try {
    keep_standard_descriptors();
    const int code = run({values + 1, values + std::max(count, 1)});
    if (std::cout.flush()) return code;
    throw sekimori::Error("standard output", "cannot be written");
  } catch (const sekimori::Error& error) {
    std::cerr << error.what() << '\n';
  } catch (const std::bad_alloc&) {
    std::cerr << "sekimori: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "sekimori: internal error: " << error.what() << '\n';
  }
  return sekimori::cli::kFailed;
}
