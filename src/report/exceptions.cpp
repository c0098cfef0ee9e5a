// The plant's list of flows that are meant to be.

#include "sekimori/report/exceptions.h"

#include "sekimori/bytes/address.h"
#include "sekimori/bytes/error.h"
#include "sekimori/bytes/json_node.h"

#include "json.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

namespace sekimori {
namespace {

constexpr std::size_t kLargest = 16U << 20U;  // bytes of a list
constexpr std::string_view kMark = "\xef\xbb\xbf";
constexpr int kHighestPort = 65535;
constexpr std::size_t kPortDigits = 5;
constexpr auto kColumns =
    std::to_array<std::string_view>({"client", "server", "transport", "port", "note"});
constexpr auto kTransports =
    std::to_array<std::string_view>({"tcp", "udp", "ip", "ethernet", "llc", "snap", "wlan"});

using Row = std::map<std::string, std::string, std::less<>>;

/// Where a row stands, for errors.
class Place {
 public:
  Place(std::string_view file, std::size_t row) : file_(file), row_(row) {}
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(file_, "row " + std::to_string(row_), what);
  }

 private:
  std::string_view file_;
  std::size_t row_;
};

std::string trimmed_of(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \t") - begin + 1)};
}

/// An address as the model writes it; a name stays as it is.
std::string end_of(const std::string& text) {
  if (const auto ip = parse_ip(text)) return to_text(*ip);
  return text;
}

void check_column(const std::string& name, const Place& place) {
  if (std::ranges::find(kColumns, name) != kColumns.end()) return;
  place.fail("no such column: " + in_quotes(name) +
             did_you_mean(name, {kColumns.begin(), kColumns.end()}));
}

FlowException exception_of(const Row& row, const Place& place) {
  const auto get = [&](std::string_view key) {
    const auto found = row.find(key);
    return found == row.end() ? std::string{} : trimmed_of(found->second);
  };
  FlowException exception{end_of(get("client")), end_of(get("server")), get("transport"),
                          get("port"), get("note")};
  auto& transport = exception.transport;
  std::ranges::transform(transport, transport.begin(), [](char letter) {
    return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
  });
  if (!transport.empty() && std::ranges::find(kTransports, transport) == kTransports.end())
    place.fail("no such transport: " + in_quotes(transport) +
               "; tcp, udp, ip, ethernet, llc, snap or wlan, or empty for any");
  if (!exception.port.empty()) {
    const bool digits = exception.port.find_first_not_of("0123456789") == std::string::npos &&
                        exception.port.size() <= kPortDigits;
    const int port = digits ? std::stoi(exception.port) : kHighestPort + 1;
    if (port > kHighestPort)
      place.fail("not a port: " + in_quotes(exception.port) + "; 0 to 65535, or empty for any");
    exception.port = std::to_string(port);
  }
  if (exception.client.empty() && exception.server.empty())
    place.fail("names neither client nor server: it would except everything");
  return exception;
}

/// RFC 4180; a line may end in LF alone.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view file) : rest_(text), file_(file) {}

  [[nodiscard]] std::size_t row() const { return row_; }

  std::optional<std::vector<std::string>> next() {
    if (rest_.empty()) return std::nullopt;
    ++row_;
    std::vector<std::string> cells;
    for (;;) {
      cells.push_back(cell());
      if (rest_.empty()) return cells;
      const char end = rest_.front();
      rest_.remove_prefix(1);
      if (end == ',') continue;
      if (end == '\r' && rest_.starts_with('\n')) rest_.remove_prefix(1);
      return cells;
    }
  }

 private:
  std::string cell() {
    if (!rest_.starts_with('"')) {
      const auto end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
      std::string text{rest_.substr(0, end)};
      rest_.remove_prefix(end);
      return text;
    }
    std::string text;
    for (;;) {
      rest_.remove_prefix(1);
      const auto end = rest_.find('"');
      if (end == std::string_view::npos) Place{file_, row_}.fail("a quote is not closed");
      text += rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) break;
      text += '"';
    }
    if (!rest_.empty() && std::string_view{",\r\n"}.find(rest_.front()) == std::string_view::npos)
      Place{file_, row_}.fail("something follows a closing quote");
    return text;
  }

  std::string_view rest_, file_;
  std::size_t row_ = 0;
};

std::vector<FlowException> parse_csv(std::string_view text, std::string_view file) {
  CsvReader reader{text, file};
  std::vector<std::string> header;
  std::vector<FlowException> exceptions;
  while (const auto cells = reader.next()) {
    const Place place{file, reader.row()};
    if (cells->size() == 1 && trimmed_of(cells->front()).empty()) continue;
    if (header.empty()) {
      for (const auto& cell : *cells) {
        header.push_back(trimmed_of(cell));
        check_column(header.back(), place);
        if (std::ranges::count(header, header.back()) > 1)
          place.fail("the column " + in_quotes(header.back()) + " stands twice");
      }
      continue;
    }
    if (cells->size() > header.size())
      place.fail(std::to_string(cells->size()) + " cells, but the header has " +
                 std::to_string(header.size()));
    Row row;
    for (std::size_t i = 0; i < cells->size(); ++i) row[header[i]] = (*cells)[i];
    exceptions.push_back(exception_of(row, place));
  }
  if (header.empty()) throw Error(file, "empty: the first row names the columns");
  return exceptions;
}

std::vector<FlowException> parse_json_list(std::string_view text, std::string_view file) {
  const auto json = parse_json(text, file);
  if (!json.is_array()) throw Error(file, "not a JSON array of objects");
  std::vector<FlowException> exceptions;
  for (const auto& object : json) {
    const Place place{file, exceptions.size() + 1};
    if (!object.is_object()) place.fail("not an object");
    Row row;
    for (const auto& [key, value] : object.items()) {
      check_column(key, place);
      if (value.is_string())
        row[key] = value.get<std::string>();
      else if (value.is_number_integer())
        row[key] = value.dump();
      else
        place.fail("neither text nor a whole number: " + in_quotes(key));
    }
    exceptions.push_back(exception_of(row, place));
  }
  return exceptions;
}

}  // namespace

std::vector<FlowException> parse_exceptions(std::string_view bytes, std::string_view file) {
  if (bytes.size() > kLargest) throw Error(file, "larger than a list of exceptions can be");
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  const auto first = bytes.find_first_not_of(" \t\r\n");
  const bool is_json =
      first != std::string_view::npos && (bytes[first] == '[' || bytes[first] == '{');
  return is_json ? parse_json_list(bytes, file) : parse_csv(bytes, file);
}

std::vector<FlowException> load_exceptions(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw Error(path.string(), "cannot be read");
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  return parse_exceptions(bytes, path.string());
}

void write_exceptions(const std::vector<FlowException>& exceptions, Database& model) {
  model.execute("DELETE FROM exception");
  auto insert = model.prepare(
      "INSERT INTO exception (client, server, transport, port, note) VALUES (?, ?, ?, ?, ?)");
  for (const auto& each : exceptions) {
    insert.bind(1, std::string_view{each.client})
        .bind(2, std::string_view{each.server})
        .bind(3, std::string_view{each.transport});
    // A conversation's port is a number, and a number never equals a text.
    if (each.port.empty())
      insert.bind(4, std::string_view{});
    else
      insert.bind(4, std::int64_t{std::stoi(each.port)});
    insert.bind(5, std::string_view{each.note}).run();
  }
}

}  // namespace sekimori
