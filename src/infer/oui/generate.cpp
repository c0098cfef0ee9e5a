// Build tool: turns the register of the ieee-data package into the table that the program carries.
//   generate FOLDER OUT
// The files are CSV as IEEE publishes them: Registry, Assignment, Organization Name, Address.

#include "layout.h"
#include "vendor_name.h"

#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace oui = sekimori::oui;

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error(path.string() + ": cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The records of a CSV text (RFC 4180).
std::vector<std::vector<std::string>> records(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (quoted) {
      if (letter != '"') {
        field += letter;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (letter == '"') {
      quoted = true;
    } else if (letter == ',' || letter == '\n') {
      rows.back().push_back(field);
      field.clear();
      if (letter == '\n') rows.emplace_back();
    } else if (letter != '\r') {
      field += letter;
    }
  }
  if (!field.empty()) rows.back().push_back(field);
  return rows;
}

using Blocks = std::map<std::uint64_t, std::string>;  // prefix, left-aligned in 40 bits

Blocks blocks(const fs::path& path, unsigned length) {
  Blocks found;
  for (const auto& row : records(read(path))) {
    if (row.size() < 3 || row[1].size() * 4 != length) continue;
    std::size_t used = 0;
    const auto value = std::stoull(row[1], &used, 16);
    if (used != row[1].size()) continue;
    const auto name = oui::vendor_name(row[2]);
    // A block given out twice is kept as its first line has it.
    if (!name.empty()) found.emplace(value << (40U - length), name);
  }
  if (found.empty()) throw std::runtime_error(path.string() + ": no blocks found");
  return found;
}

void put(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xffU);
}

std::string table(const fs::path& folder) {
  const auto seconds = std::stoll(read(folder / ".lastupdate"));
  const std::vector<Blocks> all{blocks(folder / "oui.csv", 24), blocks(folder / "mam.csv", 28),
                                blocks(folder / "oui36.csv", 36)};
  std::map<std::string, std::size_t> offsets;
  for (const auto& some : all)
    for (const auto& [prefix, name] : some) offsets.emplace(name, 0);
  std::string names;
  for (auto& [name, offset] : offsets) {
    offset = names.size();
    names += name;
    names += '\0';
  }
  if (names.size() >= (1U << 24U)) throw std::runtime_error("the names need longer offsets");

  std::string out{oui::kMagic.begin(), oui::kMagic.end()};
  put(out, static_cast<std::uint64_t>(seconds / oui::kSecondsPerDay), 4);
  for (const auto& some : all) put(out, some.size(), 4);
  for (const auto& some : all) {
    for (const auto& [prefix, name] : some) {
      put(out, prefix, 5);
      put(out, offsets.at(name), 3);
    }
  }
  return out + names;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::span arguments{argv, static_cast<std::size_t>(argc)};
    if (arguments.size() != 3) throw std::runtime_error("usage: generate FOLDER OUT");
    const auto bytes = table(arguments[1]);
    std::ofstream out{arguments[2], std::ios::binary};
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw std::runtime_error(std::string{arguments[2]} + ": cannot be written");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
