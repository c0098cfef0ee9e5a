#pragma once

#include "sekimori/model/database.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// A flow that the plant declares as an exception; "" stands for any.
struct FlowException {
  std::string client, server;  ///< an address, or the name of an asset or zone
  std::string transport;       ///< tcp, udp, ip, ethernet, llc, snap, wlan
  std::string port;            ///< a number
  std::string note;
  friend bool operator==(const FlowException&, const FlowException&) = default;
};

/// Reads CSV (header: client,server,transport,port,note in any order) or a JSON array of objects,
/// told apart by content. Throws Error: `file: row 3: what`.
[[nodiscard]] std::vector<FlowException> parse_exceptions(std::string_view bytes,
                                                          std::string_view file);
[[nodiscard]] std::vector<FlowException> load_exceptions(const std::filesystem::path& path);

/// Puts them into the model, for the checks to look at.
void write_exceptions(const std::vector<FlowException>& exceptions, Database& model);

}  // namespace sekimori
