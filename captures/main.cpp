// make_captures FOLDER: writes every capture of the project, the same bytes at every run.

#include "captures.h"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_captures FOLDER\n";
    return 2;
  }
  try {
    const std::vector<std::string> given(arguments,
                                         arguments + count);  // NOLINT(*-pointer-arithmetic)
    sekimori::captures::write_captures(given[1]);
  } catch (const std::exception& error) {
    std::cerr << "make_captures: " << error.what() << '\n';
    return 2;
  }
  return 0;
}
