// sekimori live: network interfaces to a model file, for as long as it takes.

#include "sekimori/assess/time_cell.h"
#include "sekimori/bytes/draft.h"
#include "sekimori/bytes/error.h"
#include "sekimori/capture/confine.h"
#include "sekimori/capture/live_capture.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/store.h"

#include "command.h"
#include "event_log.h"
#include "inputs.h"
#include "live_run.h"
#include "output.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <unistd.h>

namespace sekimori::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds kLongest = std::chrono::days{36'500};  // nanoseconds hold 292 years from 1970

/// `90`, `90s`, `30m`, `12h`, `7d`.
seconds duration(const std::string& option, const std::string& text) {
  std::int64_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  const std::string unit{read.ptr, end};
  std::int64_t length = 0;
  if (unit.empty() || unit == "s") length = 1;
  if (unit == "m") length = 60;
  if (unit == "h") length = 3600;
  if (unit == "d") length = 86400;
  if (read.ec != std::errc{} || length == 0 || count < 1)
    throw Error(option, "\"" + text + "\" is no time, such as 90s, 30m, 12h or 7d");
  if (count > kLongest.count() / length)
    throw Error(option, "\"" + text + "\" is longer than 100 years");
  return seconds{count * length};
}

std::optional<std::chrono::system_clock::time_point> until(const options::variables_map& given) {
  const auto text = one(given, "until");
  if (text.empty()) return std::nullopt;
  const auto time = read_time(text, 0);
  if (!time)
    throw Error("--until", "\"" + text +
                               "\" is no time with its offset from UTC, such as "
                               "2026-04-06T09:00+09:00");
  const auto now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
  const std::chrono::sys_seconds end{seconds{*time}};
  if (end <= now) throw Error("--until", "\"" + text + "\" is past");
  if (end > now + kLongest) throw Error("--until", "\"" + text + "\" is in more than 100 years");
  return end;
}

std::uint64_t megabytes(const options::variables_map& given, const std::string& name) {
  const auto count = given[name].as<std::uint64_t>();
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;
  if (count > kMost) throw Error("--" + name, "is too large");
  return count << 20U;
}

void describe(options::options_description& described) {
  described.add_options()("output,o", options::value<std::string>()->required()->value_name("FILE"),
                          "the model file to write (.sekimori)")(
      "interface,i", options::value<std::vector<std::string>>()->value_name("IFACE"),
      "where to listen; may be given several times")(
      "filter", options::value<std::string>()->value_name("BPF"),
      "take only these frames (pcap-filter)")("no-promiscuous",
                                              "do not ask the interface for frames to others")(
      "buffer", options::value<std::uint64_t>()->default_value(64)->value_name("MB"),
      "the kernel's ring, of each interface")("duration",
                                              options::value<std::string>()->value_name("TIME"),
                                              "end after this: 90s, 30m, 12h, 7d")(
      "until", options::value<std::string>()->value_name("TIME"),
      "end then: 2026-04-06T09:00+09:00")(
      "snapshot", options::value<std::string>()->default_value("10m")->value_name("TIME"),
      "write the model this often, as at SIGUSR1; never: at the end only")(
      "append", "take up the model that is in FILE already, from an earlier run")(
      "raw", options::value<std::string>()->value_name("FILE"), "keep the frames too, as pcap")(
      "raw-cap", options::value<std::uint64_t>()->default_value(0)->value_name("MB"),
      "most of --raw in all; then in numbered files, of which the oldest goes")(
      "events", options::value<std::string>()->value_name("FILE"),
      "add a line of JSON for each change; - for standard output")(
      "cef", options::value<std::string>()->value_name("FILE"),
      "the same in Common Event Format, which collectors of syslog read")(
      "baseline", options::value<std::string>()->value_name("FILE"),
      "the model that changes are told against")(
      "look", options::value<std::string>()->default_value("10s")->value_name("TIME"),
      "look for changes this often")("user", options::value<std::string>()->value_name("NAME"),
                                     "become this user once the interfaces are open")(
      "vantage", options::value<std::string>()->value_name("LETTERS"),
      "where the interfaces are: as for observe");
  add_memory_option(described);
  add_zone_option(described);
}

LiveOptions capture_options(const options::variables_map& given) {
  LiveOptions capture;
  capture.interfaces = many(given, "interface");
  if (capture.interfaces.empty()) throw Error("sekimori live", "no interface given: -i IFACE");
  capture.filter = one(given, "filter");
  capture.promiscuous = given.count("no-promiscuous") == 0;
  capture.ring_bytes = megabytes(given, "buffer");
  capture.raw = one(given, "raw");
  capture.raw_cap = megabytes(given, "raw-cap");
  if (capture.raw_cap > 0 && capture.raw.empty())
    throw Error("--raw-cap", "caps the file of --raw, which is not given");
  return capture;
}

/// Nothing that is written takes away what is read, or another that is written.
void spare_files(const options::variables_map& given) {
  std::vector<std::string> files{one(given, "zones"), one(given, "baseline")};
  spare_for_model(one(given, "output"), files);
  files.push_back(one(given, "output"));
  for (const auto* name : {"events", "cef"}) spare_inputs(one(given, name), files);
}

LivePlan read_plan(const options::variables_map& given) {
  spare_files(given);
  LivePlan plan;
  plan.output = one(given, "output");
  plan.vantage = vantage(given);
  plan.memory = memory(given);
  plan.zones = zone_plan(given);
  if (const auto text = one(given, "duration"); !text.empty())
    plan.length = duration("--duration", text);
  plan.until = until(given);
  if (const auto text = one(given, "snapshot"); text != "never")
    plan.snapshot = duration("--snapshot", text);
  if (const auto file = one(given, "baseline"); !file.empty()) plan.baseline = load(file);
  std::error_code ignored;
  if (given.count("append") > 0 && fs::exists(plan.output, ignored))
    plan.before = load(plan.output);
  return plan;
}

fs::path folder_of(const fs::path& file) {
  return fs::absolute(followed(file)).parent_path();
}

/// Whether files can be made there in the time to come, with the rights that are left.
void check_folder(const fs::path& file) {
  if (::access(folder_of(file).c_str(), W_OK | X_OK) == 0) return;
  auto why = "its folder cannot be written to: " + std::generic_category().message(errno);
  if (errno == EACCES && ::geteuid() == 0)
    why += "; root's rights over others' files are given up: --user NAME becomes who has them";
  throw Error(file.string(), why);
}

/// All that is opened by name after confine(): the model, what SQLite sorts beside it, raw files,
/// and the kernel's count of what an interface dropped.
Confinement confinement(const LivePlan& plan, const LiveOptions& capture) {
  Confinement wanted;
  wanted.capturing = true;
  wanted.readable = {"/sys/class/net", "/sys/devices"};
  wanted.writable = {folder_of(plan.output)};
  if (!capture.raw.empty()) wanted.writable.push_back(folder_of(capture.raw));
  return wanted;
}

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description described{"Options"};
  describe(described);
  const auto given = parse(self, described, "", arguments);
  if (!given) return kClean;
  auto plan = read_plan(*given);
  auto capture = capture_options(*given);
  capture.raw_goes_on = given->count("append") > 0;
  EventLog events{one(*given, "events"), one(*given, "cef")};
  if (!events.is_open() && plan.baseline)
    throw Error("--baseline", "tells changes, which go to --events or --cef");
  if (events.is_open()) plan.look = duration("--look", one(*given, "look"));

  LiveRun live{plan, capture, events};
  drop_privileges(one(*given, "user"));
  check_folder(plan.output);
  try_output(plan.output);
  if (!capture.raw.empty()) check_folder(capture.raw);
  live.keep_raw();
  const auto folder = folder_of(plan.output);
  // SQLite sorts large results in files, for which it looks in folders that are now out of reach.
  ::setenv("SQLITE_TMPDIR", folder.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  live.log(confine(confinement(plan, capture)));
  return live.run();
}

const CommandRegistration registration{
    {.name = "live",
     .usage = "-i IFACE [-i IFACE...] -o FILE",
     .summary = "listens at network interfaces and keeps a model file of what it hears",
     .run = run,
     .listens = true}};

}  // namespace
}  // namespace sekimori::cli
