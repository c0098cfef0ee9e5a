#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace sekimori {

/// The report.json that a path names: itself, or the one in the folder.
[[nodiscard]] std::filesystem::path report_file(const std::filesystem::path& path);
/// Reads a report.json, or the one in a folder that `assess` wrote. Throws Error.
[[nodiscard]] nlohmann::ordered_json load_report(const std::filesystem::path& path);

/// What became of the older report's answers, scores, findings, assets, conduits and operations:
/// `new`, `gone`, and how many are `still` there. Things are told by what they are and never by
/// their running numbers: a finding by its check and subject, an asset by its hardware addresses,
/// or else by its addresses; a conduit by its zones; an operation by who asks what of whom. Answers
/// are compared system by system where several are assessed apart, by their names. Where a report
/// holds only the first rows of a list, `cut` says so.
[[nodiscard]] nlohmann::ordered_json diff_reports(const nlohmann::ordered_json& older,
                                                  const nlohmann::ordered_json& newer);
[[nodiscard]] std::string diff_text(const nlohmann::ordered_json& diff);

}  // namespace sekimori
