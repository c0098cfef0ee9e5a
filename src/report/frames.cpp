// What is known of the frames that prove something.

#include "frames.h"

#include "context.h"

namespace sekimori::report {
namespace {

constexpr std::size_t kMostDecoded = 6;  // things told of one frame
constexpr int kFirstField = 7;           // after where, when and which conversation

std::optional<std::int64_t> number(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

std::map<std::int64_t, std::string> names(Database& model, std::string_view query) {
  std::map<std::int64_t, std::string> found;
  auto rows = model.prepare(query);
  while (rows.step()) found.emplace(rows.integer(0), rows.text(1));
  return found;
}

std::string look_up(const std::map<std::int64_t, std::string>& names,
                    std::optional<std::int64_t> key) {
  if (!key) return {};
  const auto found = names.find(*key);
  return found == names.end() ? std::string{} : found->second;
}

}  // namespace

Endpoints::Endpoints(Database& model)
    : model_(model),
      zones_(names(model, "SELECT zone, name FROM zone")),
      captures_(names(model, "SELECT capture, sha256 FROM capture")) {}

std::string Endpoints::name(std::optional<std::int64_t> asset) const {
  if (!asset) return {};
  // Asked for one after the other: a plant may have a hundred times as many.
  auto row = model_.prepare("SELECT name FROM asset WHERE asset = ?");
  row.bind(1, *asset);
  return row.step() ? row.text(0) : std::string{};
}

std::string Endpoints::zone(std::optional<std::int64_t> zone) const {
  return look_up(zones_, zone);
}

const std::string& Endpoints::sha256(std::int64_t capture) const {
  static const std::string none;
  const auto found = captures_.find(capture);
  return found == captures_.end() ? none : found->second;
}

Json Endpoints::end(std::optional<std::int64_t> asset, const std::string& address,
                    std::optional<std::int64_t> zone) const {
  auto name = this->name(asset);
  Json end;
  end["asset"] = asset ? Json(*asset) : Json(nullptr);
  end["name"] = name.empty() ? address : name;
  end["address"] = address;
  end["zone"] = look_up(zones_, zone);
  return end;
}

Json Endpoints::conversation(std::int64_t conversation) const {
  auto row = model_.prepare(
      "SELECT client, COALESCE(client_ip, client_mac, ''), client_zone, server, "
      "COALESCE(server_ip, server_mac, ''), server_zone, transport, number, protocol, segment "
      "FROM conversation WHERE conversation = ?");
  row.bind(1, conversation);
  if (!row.step()) return nullptr;
  Json found;
  found["client"] = end(number(row, 0), row.text(1), number(row, 2));
  found["server"] = end(number(row, 3), row.text(4), number(row, 5));
  found["transport"] = row.text(6);
  found["port"] = row.integer(7);
  found["protocol"] = row.text(8);
  found["segment"] = row.text(9);
  return found;
}

FrameIndex::FrameIndex(Database& model, const std::vector<FrameId>& more) {
  const auto look_at = [this](FrameId frame) {
    frames_[frame];
    marks_.set(mark_of(frame));
  };
  for (const auto& frame : more) look_at(frame);
  auto proof = model.prepare("SELECT capture, frame FROM proof");
  while (proof.step()) look_at({proof.integer(0), proof.integer(1)});
  // The most telling first: a frame is told of in kMostDecoded ways at most.
  read(model, "event", "v.conversation, v.kind AS event, v.detail", "event v");
  read(model, "operation",
       "v.conversation, v.protocol, v.code, v.name, v.access, v.target, v.sender", "operation v");
  auto rejections = model.prepare(
      "SELECT v.capture, v.frame, v.first_ns, NULL, NULL, NULL, o.conversation, o.protocol, "
      "o.name, v.reason FROM rejection v JOIN operation o USING (operation) "
      "ORDER BY v.operation, v.reason");
  while (rejections.step())
    note(rejections, "rejection", {rejections.integer(0), rejections.integer(1)},
         number(rejections, 2));
  read(model, "property", "NULL, v.name, v.value, v.source", "property v");
  read(model, "blocked",
       "NULL, v.by_ip AS \"by\", v.source_ip AS source, v.destination_ip AS destination, "
       "v.transport, v.port, v.type, v.code",
       "blocked v");
  read(model, "binding", "NULL, v.mac, v.ip, v.segment", "binding v");
  read(model, "conversation",
       "v.conversation, v.transport, v.number AS port, v.protocol, v.strength", "conversation v");
}

/// A fact has a frame where it was first seen and one where it was last.
void FrameIndex::read(Database& model, std::string_view kind, std::string_view columns,
                      std::string_view tables) {
  auto rows = model.prepare(
      "SELECT v.capture, v.frame, v.first_ns, v.last_capture, v.last_frame, v.last_ns, " +
      std::string{columns} + " FROM " + std::string{tables});
  while (rows.step()) {
    const FrameId first{rows.integer(0), rows.integer(1)};
    const FrameId last{rows.integer(3), rows.integer(4)};
    note(rows, kind, first, number(rows, 2));
    if (last != first) note(rows, kind, last, number(rows, 5));
  }
}

void FrameIndex::note(Statement& row, std::string_view kind, FrameId frame,
                      std::optional<std::int64_t> time) {
  if (!marks_.test(mark_of(frame))) return;
  const auto found = frames_.find(frame);
  if (found == frames_.end()) return;
  auto& known = found->second;
  if (time) known.time = time;
  if (!known.conversation) known.conversation = number(row, kFirstField - 1);
  if (known.decoded.size() >= kMostDecoded) return;
  Json fields = Json::object();
  for (int column = kFirstField; column < row.columns(); ++column) {
    auto text = row.value(column).as_text();
    if (!text.empty()) fields[row.column_name(column)] = std::move(text);
  }
  known.decoded.push_back({{"kind", kind}, {"fields", std::move(fields)}});
}

Json FrameIndex::evidence(FrameId frame, std::optional<std::int64_t> conversation,
                          const Endpoints& ends) const {
  const auto found = frames_.find(frame);
  Json evidence;
  evidence["capture"] = frame.capture;
  evidence["sha256"] = ends.sha256(frame.capture);
  evidence["frame"] = frame.frame;
  evidence["time"] = nullptr;
  evidence["conversation"] = nullptr;
  evidence["decoded"] = Json::array();
  if (found != frames_.end()) {
    if (found->second.time) evidence["time"] = utc(*found->second.time);
    if (found->second.conversation) conversation = found->second.conversation;
    evidence["decoded"] = found->second.decoded;
  }
  if (conversation) evidence["conversation"] = ends.conversation(*conversation);
  return evidence;
}

}  // namespace sekimori::report
