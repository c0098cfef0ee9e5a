#include "event_lines.h"

#include "sekimori/bytes/utc.h"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace sekimori::cli {
namespace {

struct Row {
  std::string_view title;
  int severity;  // CEF: 0 to 10, 9 and above very high
};

constexpr std::array<Row, kChangeKindCount> kRows{{{"New asset", 4},
                                                   {"New conduit", 6},
                                                   {"New kind of operation", 5},
                                                   {"Program download", 9},
                                                   {"Mode change", 8},
                                                   {"Wall broken", 9}}};

constexpr std::int64_t kMillisecond = 1'000'000;  // ns

/// CEF: in the header `|` and `\` are escaped; in a value `=`, `\` and line ends.
std::string escaped(std::string_view text, std::string_view marks) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\n' || letter == '\r') {
      out += letter == '\n' ? "\\n" : "\\r";
      continue;
    }
    if (letter == '\\' || marks.find(letter) != std::string_view::npos) out += '\\';
    out += letter;
  }
  return out;
}

bool is_mac(std::string_view address) {
  constexpr std::size_t kMacText = 17;
  return address.size() == kMacText && address[2] == ':';
}

class Extension {
 public:
  Extension& put(std::string_view key, std::string_view value) {
    if (value.empty()) return *this;
    if (!text_.empty()) text_ += ' ';
    text_.append(key).append("=").append(escaped(value, "="));
    return *this;
  }
  Extension& address(std::string_view side, std::string_view value) {
    if (is_mac(value)) return put(std::string{side} + "mac", value);
    const bool version6 = value.find(':') != std::string_view::npos;
    if (!version6) return put(side, value);
    // CEF's own keys hold IPv4; IPv6 has custom ones, of which 2 is the source, 3 the destination.
    const std::string key{side == "src" ? "c6a2" : "c6a3"};
    put(key, value);
    return put(key + "Label", side == "src" ? "Source IPv6 Address" : "Destination IPv6 Address");
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

std::string json_line(const Change& change) {
  nlohmann::ordered_json json;
  json["time"] = utc(change.seen.time);
  json["event"] = to_text(change.kind);
  const auto put = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  put(change.kind == ChangeKind::new_asset ? "asset" : "client", change.client);
  put("server", change.server);
  put(change.kind == ChangeKind::new_asset ? "zone" : "client_zone", change.client_zone);
  put("server_zone", change.server_zone);
  put("transport", change.transport);
  if (change.transport == "tcp" || change.transport == "udp") json["port"] = change.port;
  put("protocol", change.protocol);
  put("detail", change.detail);
  put("capture", change.capture);
  json["frame"] = change.seen.frame;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string cef_line(const Change& change) {
  const auto& row = kRows[static_cast<std::size_t>(change.kind)];
  Extension extension;
  extension.put("rt", std::to_string(change.seen.time / kMillisecond))
      .address("src", change.client)
      .address("dst", change.server)
      .put("proto", change.transport)
      .put("dpt", change.port == 0 ? "" : std::to_string(change.port))
      .put("app", change.protocol)
      .put("msg", change.detail);
  if (!change.client_zone.empty())
    extension.put("cs1Label", "clientZone").put("cs1", change.client_zone);
  if (!change.server_zone.empty())
    extension.put("cs2Label", "serverZone").put("cs2", change.server_zone);
  extension.put("cs3Label", "capture").put("cs3", change.capture);
  extension.put("cn1Label", "frame").put("cn1", std::to_string(change.seen.frame));
  return "CEF:0|sekimori|sekimori|" SEKIMORI_VERSION "|" + std::string{to_text(change.kind)} + '|' +
         escaped(row.title, "|") + '|' + std::to_string(row.severity) + '|' + extension.text();
}

}  // namespace sekimori::cli
