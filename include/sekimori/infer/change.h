#pragma once

#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/facts.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekimori {

/// What is other than it was, or ought to be told when it happens.
enum class ChangeKind : std::uint8_t {
  new_asset,         ///< a station that the baseline does not know sent something
  new_conduit,       ///< two zones talk, in a direction in which none did
  new_operation,     ///< a client asks a server for what it never asked
  program_download,  ///< a program or firmware was loaded into or deleted from a device
  mode_change,       ///< a device was started, stopped, restarted or switched
  wall_broken,       ///< stations of two zones reach each other with no filter between
};
inline constexpr std::size_t kChangeKindCount = 6;

/// `new-asset`, `new-conduit` ...
[[nodiscard]] std::string_view to_text(ChangeKind kind) noexcept;

struct Change {
  ChangeKind kind = ChangeKind::new_asset;
  std::string client, server;  ///< addresses, or "": of an asset, the client's alone
  std::string client_zone, server_zone;
  std::string transport;  ///< `tcp`, with `port`; "" where there is none
  std::uint64_t port = 0;
  std::string protocol;
  std::string detail;  ///< operation's or asset's name; the wall's sign
  Sighting seen;       ///< the first; of a frame of `capture`
  std::string capture;

  /// Equal for what is the same thing, whenever it is found.
  [[nodiscard]] std::string key() const;
};

/// What `now` has and `baseline` lacks, in the order of its first sighting. Downloads and changes
/// of mode are told whether or not the baseline has them. Without a baseline they alone are.
/// Zones are those of both together under `plan`. n log n in the number of facts.
[[nodiscard]] std::vector<Change> find_changes(const Facts* baseline, const Facts& now,
                                               const ZonePlan& plan);

}  // namespace sekimori
