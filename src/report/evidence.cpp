// Cuts the frames that prove a statement out of the captures they came from.

#include "sekimori/report/evidence.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/nearest.h"
#include "sekimori/capture/capture_set.h"
#include "sekimori/model/store.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <system_error>

namespace sekimori {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 4096;       // frames read at once
constexpr std::size_t kMostFiles = 10000;  // of a folder that are looked into

std::vector<std::string> texts(Database& model, std::string_view query) {
  std::vector<std::string> found;
  auto rows = model.prepare(query);
  while (rows.step()) found.push_back(rows.text(0));
  return found;
}

void add_frames(Database& model, std::string_view query, std::string_view id, Proof& proof) {
  auto rows = model.prepare(query);
  rows.bind(1, id);
  while (rows.step())
    if (!rows.is_null(0) && !rows.is_null(1))
      proof.frames.emplace(rows.integer(0), rows.integer(1));
}

bool exists(Database& model, std::string_view query, std::string_view id) {
  auto row = model.prepare(query);
  row.bind(1, id);
  return row.step();
}

using FrameNumbers = std::set<std::pair<std::int64_t, std::int64_t>>;

/// A file of the model's captures, and what it may be found by.
struct Wanted {
  std::int64_t capture = 0;
  std::string name, sha256, hint;
  std::uint64_t size = 0;   ///< of a pcap file with these frames, none of which was cut
  std::int64_t before = 0;  ///< frames of the capture in front of this file
  std::int64_t frames = 0;
};

/// The captures that a proof has frames of.
std::vector<Wanted> wanted(Database& model, const Proof& proof) {
  constexpr std::uint64_t kHeader = 24;
  constexpr std::uint64_t kRecordHeader = 16;
  std::vector<Wanted> captures;
  auto rows = model.prepare(
      "SELECT capture, name, sha256, path_hint, packets, bytes FROM capture ORDER BY capture");
  while (rows.step()) {
    const auto capture = rows.integer(0);
    const auto first = proof.frames.lower_bound({capture, 0});
    if (first != proof.frames.end() && first->first == capture)
      captures.push_back({capture, rows.text(1), rows.text(2), rows.text(3),
                          kHeader + static_cast<std::uint64_t>(rows.integer(4)) * kRecordHeader +
                              static_cast<std::uint64_t>(rows.integer(5)),
                          0, rows.integer(4)});
  }
  return captures;
}

/// The pieces of a capture that no one file has whole.
std::vector<Wanted> pieces_of(Database& model, std::int64_t capture) {
  std::vector<Wanted> pieces;
  if (!has_table(model, "piece")) return pieces;  // a model of before pieces were told
  auto rows = model.prepare(
      "SELECT name, sha256, path_hint, bytes, first_frame, frames FROM piece WHERE capture = ? "
      "AND first_frame BETWEEN 1 AND ? AND frames > 0 ORDER BY first_frame");
  rows.bind(1, capture).bind(2, static_cast<std::int64_t>(Sighting::kMostFrame));
  while (rows.step())
    pieces.push_back({capture, rows.text(0), rows.text(1), rows.text(2),
                      static_cast<std::uint64_t>(rows.integer(3)), rows.integer(4) - 1,
                      rows.integer(5)});
  return pieces;
}

std::string to_text(const FrameNumbers& frames) {
  constexpr std::size_t kMost = 10;
  std::string text;
  std::size_t told = 0;
  for (const auto& [capture, frame] : frames) {
    if (told == kMost) return text + ",...";
    if (told++ > 0) text += ',';
    text += std::to_string(capture) + ':' + std::to_string(frame);
  }
  return text;
}

/// Looks for captures by their name, and tells them by their SHA-256.
class Finder {
 public:
  explicit Finder(const CapturePlaces& places) : places_(places) {
    for (const auto& path : places.given) {
      std::error_code code;
      const auto there = fs::status(path, code);
      if (there.type() == fs::file_type::not_found)
        throw Error(path.string(), "no such file or folder");
      if (there.type() == fs::file_type::none) throw Error(path.string(), code.message());
      if (fs::is_directory(there))
        search(path);
      else
        files_.push_back(path);
    }
    std::ranges::sort(files_);
  }

  [[nodiscard]] std::optional<fs::path> look_for(const Wanted& wanted) {
    for (const auto& path : likely(wanted))
      if (is(path, wanted)) return path;
    // It may have been given under another name.
    for (const auto& file : files_)
      if (is(file, wanted)) return file;
    return std::nullopt;
  }

  /// Of what look_for() did not find: says why.
  [[noreturn]] void lacks(const Wanted& wanted) {
    if (const auto others = likely(wanted); !others.empty())  // or why it cannot be read
      throw Error(others.front().string(),
                  "is not the capture that the model was made from: SHA-256 " +
                      sha256(others.front()) + ", not " + wanted.sha256);
    throw Error("capture " + std::to_string(wanted.capture),
                "cannot be found: \"" + wanted.name + "\", SHA-256 " + wanted.sha256 +
                    "; say where it is with --captures");
  }

 private:
  /// Files of its name, and that which was read.
  [[nodiscard]] std::vector<fs::path> likely(const Wanted& wanted) const {
    std::vector<fs::path> paths;
    for (const auto& file : files_)
      if (file.filename() == wanted.name) paths.push_back(file);
    if (!wanted.hint.empty()) paths.emplace_back(wanted.hint);
    paths.push_back(places_.model.parent_path() / wanted.name);
    std::erase_if(paths, [](const fs::path& path) {
      std::error_code code;
      return !fs::is_regular_file(path, code);
    });
    return paths;
  }

  void search(const fs::path& folder) {
    std::error_code code;
    const auto passing = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at{folder, passing, code}, end; !code && at != end;
         at.increment(code)) {
      std::error_code ignored;
      if (files_.size() < kMostFiles && at->is_regular_file(ignored)) files_.push_back(at->path());
    }
  }

  /// Also a file that grew since: a sensor that was killed kept frames after its last snapshot.
  /// What cannot be read is not it: it may lie elsewhere too.
  bool is(const fs::path& path, const Wanted& wanted) {
    try {
      if (sha256(path) == wanted.sha256) return true;
      std::error_code ignored;
      return fs::file_size(path, ignored) > wanted.size &&
             sha256_of(path, wanted.size) == wanted.sha256;
    } catch (const Error&) {
      return false;
    }
  }

  const std::string& sha256(const fs::path& path) {
    const auto known = known_.find(path);
    return known != known_.end() ? known->second
                                 : known_.emplace(path, sha256_of(path)).first->second;
  }

  const CapturePlaces& places_;
  std::vector<fs::path> files_;
  std::map<fs::path, std::string> known_;
};

/// A file with frames of a proof.
struct Source {
  fs::path path;
  Wanted what;
};

/// Of a capture that is kept in pieces: those that are left. Throws Error where frames went with
/// the others, and names what can be cut still.
void find_pieces(Finder& finder, const std::vector<Wanted>& pieces, const FrameNumbers& frames,
                 std::vector<Source>& sources) {
  FrameNumbers lost;
  FrameNumbers left;
  std::set<std::string> lacking;
  std::optional<Source> last;
  for (const auto& frame : frames) {
    const auto piece = std::ranges::find_if(pieces, [&](const Wanted& each) {
      return frame.second > each.before && frame.second - each.before <= each.frames;
    });
    if (piece != pieces.end() && (!last || last->what.sha256 != piece->sha256)) {
      last.reset();
      if (auto path = finder.look_for(*piece)) {
        last = Source{*std::move(path), *piece};
        sources.push_back(*last);
      } else {
        lacking.insert(piece->name);
      }
    }
    const bool found = piece != pieces.end() && last && last->what.sha256 == piece->sha256;
    (found ? left : lost).insert(frame);
  }
  if (lost.empty()) return;
  auto text = std::to_string(lost.size()) + " of " + std::to_string(frames.size()) +
              " frames are in no raw file that is left (" + to_text(lost) + ")";
  if (!lacking.empty()) text += ": \"" + *lacking.begin() + "\" cannot be found";
  if (!left.empty()) text += "; the others can be cut by their numbers: " + to_text(left);
  throw Error("capture " + std::to_string(pieces.front().capture), text);
}

/// The files that have the frames of a proof.
std::vector<Source> sources_of(Database& model, const Proof& proof, const CapturePlaces& places) {
  Finder finder{places};
  std::vector<Source> sources;
  for (const auto& capture : wanted(model, proof)) {
    if (auto path = finder.look_for(capture)) {
      sources.push_back({*std::move(path), capture});
      continue;
    }
    const auto pieces = pieces_of(model, capture.capture);
    if (pieces.empty()) finder.lacks(capture);
    const FrameNumbers frames{proof.frames.lower_bound({capture.capture, 0}),
                              proof.frames.lower_bound({capture.capture + 1, 0})};
    find_pieces(finder, pieces, frames, sources);
  }
  return sources;
}

/// `1:383` or `1:383,2:7`: frames by their numbers, as a query's `frames` tells them. Nothing where
/// it is none of these.
std::optional<Proof> named_frames(std::string_view id) {
  Proof proof;
  while (true) {
    std::int64_t capture = 0;
    std::int64_t frame = 0;
    const auto* const end = id.data() + id.size();
    const auto [colon, bad_capture] = std::from_chars(id.data(), end, capture);
    if (bad_capture != std::errc{} || colon == end || *colon != ':') return std::nullopt;
    const auto [rest, bad_frame] = std::from_chars(colon + 1, end, frame);
    if (bad_frame != std::errc{} || capture < 1 || frame < 1) return std::nullopt;
    proof.frames.emplace(capture, frame);
    if (rest == end) return proof;
    if (*rest != ',') return std::nullopt;
    id.remove_prefix(static_cast<std::size_t>(rest - id.data()) + 1);
  }
}

/// What a question is asked for by: `18`, or `2/18` of the second system. Models of before systems
/// were told apart have one.
std::string question_key(Database& model) {
  if (!exists(model, "SELECT 1 FROM pragma_table_info('verdict') WHERE name = ?", "system"))
    return "question";
  return "IIF(system = 1, question, system || '/' || question)";
}

}  // namespace

Proof proof_of(Database& model, std::string_view id) {
  if (auto named = named_frames(id)) {
    for (const auto& [capture, frame] : named->frames)
      if (!exists(model, "SELECT 1 FROM capture WHERE capture = ?", std::to_string(capture)))
        throw Error("no such capture in the model: " + std::to_string(capture));
    return *std::move(named);
  }
  if (id.starts_with("1/")) id.remove_prefix(2);  // as a question without a number is
  const auto question_id = question_key(model);
  Proof proof;
  const bool finding = exists(model, "SELECT 1 FROM finding WHERE finding = ?", id);
  const bool question = exists(model, "SELECT 1 FROM verdict WHERE " + question_id + " = ?", id);
  if (finding) {
    add_frames(model, "SELECT capture, frame FROM proof WHERE finding = ?", id, proof);
  } else if (question) {
    const auto where = " FROM verdict_fact WHERE " + question_id + " = ?";
    add_frames(model, "SELECT capture, frame" + where, id, proof);
    add_frames(model, "SELECT last_capture, last_frame" + where, id, proof);
  } else {
    auto known = texts(model, "SELECT finding FROM finding ORDER BY finding");
    const auto questions = texts(model, "SELECT " + question_id + " FROM verdict ORDER BY 1");
    known.insert(known.end(), questions.begin(), questions.end());
    const auto meant = nearest(id, known);
    throw Error("no such finding or question: \"" + std::string{id} + '"' +
                (meant.empty() ? known.empty()
                                     ? "; the model has none: make it with sekimori assess"
                                     : "; the report names them"
                               : "; did you mean \"" + meant + "\"?"));
  }
  if (proof.frames.empty())
    throw Error(std::string{finding ? "finding " : "question "} + std::string{id} +
                " rests on no frame");
  return proof;
}

std::size_t cut_evidence(Database& model, const Proof& proof, const CapturePlaces& places,
                         const fs::path& output) {
  const auto sources = sources_of(model, proof, places);
  std::vector<fs::path> paths;
  for (const auto& source : sources) {
    paths.push_back(source.path);
    std::error_code ignored;
    if (fs::equivalent(source.path, output, ignored))
      throw Error(output.string(), "is the capture itself; choose another name");
  }
  CaptureSet captures{paths};  // numbered in the order of `paths`
  CaptureWriter writer{output};
  std::size_t written = 0;
  FrameBatch batch;
  while (written < proof.frames.size() && captures.next(batch, kBatch)) {
    for (const auto& frame : batch.frames) {
      const auto& what = sources.at(frame.capture).what;
      if (!proof.frames.contains(
              {what.capture, what.before + static_cast<std::int64_t>(frame.number)}))
        continue;
      writer.write(frame);
      ++written;
    }
  }
  if (written != proof.frames.size())
    throw Error(output.string(), "of " + std::to_string(proof.frames.size()) + " frames only " +
                                     std::to_string(written) + " are in the captures");
  writer.finish();
  return written;
}

}  // namespace sekimori
