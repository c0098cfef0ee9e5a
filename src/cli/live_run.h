#pragma once

#include "sekimori/capture/live_capture.h"
#include "sekimori/infer/zone_plan.h"
#include "sekimori/model/facts.h"
#include "sekimori/model/live_observation.h"

#include "event_log.h"
#include "look.h"
#include "service_manager.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace sekimori::cli {

/// What a run is to do, beside capturing.
struct LivePlan {
  std::filesystem::path output;
  std::string vantage;
  std::size_t memory = ObserveOptions::kDefaultMemory;
  ZonePlan zones;
  std::optional<std::chrono::seconds> length;
  std::optional<std::chrono::system_clock::time_point> until;
  std::optional<std::chrono::seconds> snapshot;  ///< between two; none: at signals alone
  std::optional<std::chrono::seconds> look;      ///< between two; none: nobody asks for events
  std::optional<Facts> baseline;
  std::optional<Facts> before;  ///< of earlier runs, to be joined
};

/// One run of `sekimori live`, from open interfaces to the last model.
class LiveRun {
 public:
  /// Opens the interfaces, and the way to the service manager. Throws Error.
  LiveRun(const LivePlan& plan, const LiveOptions& capture, EventLog& events);

  /// Makes the raw files. Throws Error.
  void keep_raw() { capture_.keep_raw(); }
  /// A line of log on standard error.
  void log(const std::string& text);
  /// Runs to the end; the exit code.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  bool say(const std::string& text);
  void introduce();
  [[nodiscard]] bool is_over(Clock::time_point now) const;
  void tick(Clock::time_point now);
  void note_links();
  void show(Clock::time_point now);
  [[nodiscard]] std::string counts() const;
  void look(Clock::time_point now);
  void begin_look(Clock::time_point now, bool save);
  void hear(const std::vector<std::string>& lines);
  [[nodiscard]] Facts facts();
  void drain();
  int finish();

  const LivePlan& plan_;
  EventLog& events_;
  ServiceManager manager_;
  LiveCapture capture_;
  LiveObservation observation_;
  Look look_;
  std::vector<LiveStatus> status_;
  Clock::time_point began_, next_tick_, next_heartbeat_, next_log_, next_snapshot_, next_look_;
  std::uint64_t packets_before_ = 0;
  double rate_ = 0;  // packets a second
  std::uint64_t snapshots_ = 0;
  std::uint64_t log_lost_ = 0;  // lines since the last one
  bool on_terminal_ = false;
  bool line_shown_ = false;
  bool late_ = false;
};

}  // namespace sekimori::cli
