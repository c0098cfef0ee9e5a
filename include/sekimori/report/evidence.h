#pragma once

#include "sekimori/model/database.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekimori {

/// Frames that prove a statement, by the model's number of their capture.
struct Proof {
  std::set<std::pair<std::int64_t, std::int64_t>> frames;  ///< capture, frame
};

/// The proof of a finding (`SEG-01.1`) or of a question's verdict (`18`; of
/// the second system `2/18`); or the frames themselves,
/// as `capture:frame` with commas (`1:383,1:390`). Throws Error that names near ones where there is
/// none of these.
[[nodiscard]] Proof proof_of(Database& model, std::string_view id);

/// Where the captures of a proof may be.
struct CapturePlaces {
  std::vector<std::filesystem::path> given;  ///< files and folders that the user named
  std::filesystem::path model;               ///< the model file: captures may lie beside it
};

/// Copies exactly the frames of a proof into a new capture file, after the capture's SHA-256 was
/// found to be the one of the model. Returns their number. Throws Error.
std::size_t cut_evidence(Database& model, const Proof& proof, const CapturePlaces& places,
                         const std::filesystem::path& output);

}  // namespace sekimori
