#include "live_run.h"

#include "sekimori/bytes/error.h"
#include "sekimori/bytes/utc.h"
#include "sekimori/infer/change.h"
#include "sekimori/infer/inference.h"
#include "sekimori/model/store.h"

#include "command.h"

#include <csignal>
#include <iomanip>
#include <iostream>
#include <poll.h>
#include <sstream>
#include <unistd.h>

namespace sekimori::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kWait = 200ms;  // for frames; so soon a signal is heeded
constexpr auto kTick = 1s;
constexpr auto kDrain = 2s;  // at most, to work off the ring at the end
constexpr auto kLogEvery = 60s;
constexpr int kLookShare = 5;  // looks may take one part in so many of the time
constexpr std::string_view kSaved = "saved";

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): a signal handler has no other.
volatile std::sig_atomic_t stop_asked = 0;
volatile std::sig_atomic_t snapshot_asked = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void ask_to_stop(int /*signal*/) {
  stop_asked = 1;
}
extern "C" void ask_for_snapshot(int /*signal*/) {
  snapshot_asked = 1;
}

/// What the program was started to outlive (nohup, a script's background) stays ignored.
bool is_ignored(int signal) {
  struct sigaction before {};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): the system's own structure.
  return sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
}

void heed_signals() {
  struct sigaction action {};
  // NOLINTBEGIN(cppcoreguidelines-pro-type-union-access): the system's own structure.
  action.sa_handler = ask_to_stop;  // and no SA_RESTART: waiting ends at once
  for (const auto signal : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(signal)) sigaction(signal, &action, nullptr);
  action.sa_handler = ask_for_snapshot;
  sigaction(SIGUSR1, &action, nullptr);
  action.sa_handler = SIG_IGN;  // a reader of events that went away is counted, not fatal
  sigaction(SIGPIPE, &action, nullptr);
  // NOLINTEND(cppcoreguidelines-pro-type-union-access)
}

std::string_view to_text(LiveStatus::Link link) {
  switch (link) {
    case LiveStatus::Link::up:
      return "up";
    case LiveStatus::Link::down:
      return "down";
    case LiveStatus::Link::gone:
      return "gone";
  }
  return "";
}

std::int64_t now_nanoseconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::seconds>(now).count() * 1'000'000'000;
}

}  // namespace

LiveRun::LiveRun(const LivePlan& plan, const LiveOptions& capture, EventLog& events)
    : plan_(plan),
      events_(events),
      capture_(capture),
      observation_(plan.memory),
      on_terminal_(isatty(STDERR_FILENO) == 1) {}

/// On standard error, but where its reader stands still (a full pipe, a stopped terminal): frames
/// do not wait for it.
bool LiveRun::say(const std::string& text) {
  pollfd reader{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&reader, 1, 0) == 0) return false;
  std::cerr << text << std::flush;
  return true;
}

void LiveRun::log(const std::string& text) {
  std::ostringstream line;
  if (line_shown_) line << "\r\x1b[K";  // clear the status line
  line << utc(now_nanoseconds()).substr(0, 19) << "Z ";
  if (log_lost_ > 0) line << "(before this, " << log_lost_ << " lines of log were lost) ";
  line << text << '\n';
  if (!say(line.str())) {
    ++log_lost_;
    return;
  }
  line_shown_ = false;
  log_lost_ = 0;
}

int LiveRun::run() {
  heed_signals();
  began_ = Clock::now();
  next_tick_ = next_heartbeat_ = began_;
  next_log_ = began_ + kLogEvery;
  if (plan_.snapshot) next_snapshot_ = began_ + *plan_.snapshot;
  if (plan_.look) next_look_ = began_ + *plan_.look;
  introduce();
  manager_.tell("READY=1");
  FrameBatch batch;
  while (capture_.next(batch, kWait)) {
    observation_.take(batch);
    const auto now = Clock::now();
    if (is_over(now)) break;
    if (now >= next_tick_ || snapshot_asked != 0) tick(now);
  }
  drain();
  return finish();
}

/// What came before the end was asked for may still be in the ring, or in a block of it that the
/// kernel has not handed over.
void LiveRun::drain() {
  const auto asked = std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()};
  const auto latest = Clock::now() + kDrain;
  FrameBatch batch;
  while (Clock::now() < latest && capture_.next(batch, kWait)) {
    observation_.take(batch);
    if (batch.frames.empty() || batch.frames.back().time > asked.count()) return;
  }
}

void LiveRun::introduce() {
  status_ = capture_.status();
  for (const auto& each : status_)
    log(each.interface + ": listening, " + (each.promiscuous ? "promiscuous" : "not promiscuous") +
        ", times in " + (each.nanoseconds ? "nanoseconds" : "microseconds"));
}

bool LiveRun::is_over(Clock::time_point now) const {
  if (stop_asked != 0) return true;
  if (plan_.length && now - began_ >= *plan_.length) return true;
  return plan_.until && std::chrono::system_clock::now() >= *plan_.until;
}

void LiveRun::tick(Clock::time_point now) {
  if (now >= next_tick_) {
    next_tick_ = now + kTick;
    note_links();
    show(now);
  }
  if (const auto beat = manager_.heartbeat(); beat && now >= next_heartbeat_) {
    next_heartbeat_ = now + *beat;
    manager_.tell("WATCHDOG=1");
  }
  hear(look_.lines());
  look(now);
}

void LiveRun::note_links() {
  const auto before = std::move(status_);
  status_ = capture_.status();
  for (std::size_t i = 0; i < status_.size(); ++i) {
    const auto& is = status_[i];
    if (is.link != before[i].link) log(is.interface + ": " + std::string{to_text(is.link)});
    if (is.raw_trouble != before[i].raw_trouble)
      log(is.interface + ": " +
          (is.raw_trouble.empty() ? "frames are kept again" : is.raw_trouble));
  }
}

std::string LiveRun::counts() const {
  std::uint64_t packets = 0;
  std::uint64_t kernel = 0;
  std::uint64_t interface = 0;
  std::uint64_t own = 0;
  for (const auto& each : status_) {
    packets += each.packets;
    kernel += each.kernel_drops;
    interface += each.interface_drops;
    own += each.own_drops;
  }
  std::ostringstream text;
  text << packets << " packets, " << std::fixed << std::setprecision(0) << rate_
       << "/s; dropped: " << kernel << " by the kernel, " << interface << " by the interface";
  text << ", " << own << " not in the raw file; " << snapshots_ << " snapshots";
  if (events_.is_open()) text << ", " << events_.told() << " events";
  if (events_.lost() > 0) text << ", " << events_.lost() << " event lines lost";
  return text.str();
}

void LiveRun::show(Clock::time_point now) {
  std::uint64_t packets = 0;
  for (const auto& each : status_) packets += each.packets;
  const bool due = now >= next_log_;
  if (on_terminal_) {
    rate_ = static_cast<double>(packets - packets_before_);  // of one tick
    packets_before_ = packets;
    line_shown_ = say("\r\x1b[K" + counts()) || line_shown_;
  } else if (due) {
    rate_ = static_cast<double>(packets - packets_before_) /
            std::chrono::duration<double>(kLogEvery).count();
    packets_before_ = packets;
    log(counts());
  }
  if (!due) return;
  next_log_ = now + kLogEvery;
  manager_.tell("STATUS=" + counts());
}

void LiveRun::look(Clock::time_point now) {
  const bool save = snapshot_asked != 0 || (plan_.snapshot && now >= next_snapshot_);
  const bool search = plan_.look && now >= next_look_;
  if (!save && !search) return;
  if (look_.is_running()) {
    if (save && !std::exchange(late_, true)) log("the last snapshot is still being written");
    return;
  }
  late_ = false;
  begin_look(now, save);
}

void LiveRun::begin_look(Clock::time_point now, bool save) {
  if (save) {
    snapshot_asked = 0;
    if (plan_.snapshot) next_snapshot_ = now + *plan_.snapshot;
  }
  if (plan_.look)
    next_look_ = now + std::max<Clock::duration>(*plan_.look, look_.length() * kLookShare);
  try {
    look_.begin([&](const Look::Tell& tell) {
      const auto seen = facts();
      if (plan_.look) {
        const auto* const baseline = plan_.baseline ? &*plan_.baseline : nullptr;
        for (const auto& line : events_.untold(find_changes(baseline, seen, plan_.zones)))
          tell(line);
      }
      if (!save) return;
      auto whole = plan_.before.value_or(Facts{});
      whole.join(seen);
      whole.sort_captures();
      conclude_and_save(whole, plan_.zones, plan_.output);
      tell(kSaved);
    });
  } catch (const Error& error) {
    log(error.what());
  }
}

void LiveRun::hear(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    if (line == kSaved) {
      ++snapshots_;
    } else if (line.starts_with("failed: ")) {
      log("snapshot " + line);
    } else {
      events_.tell(line);
    }
  }
}

Facts LiveRun::facts() {
  return observation_.finish(capture_.captures(), plan_.vantage);
}

int LiveRun::finish() {
  manager_.tell("STOPPING=1");
  note_links();
  hear(look_.wait());
  // The last look is a copy too: should the model fail, the process still ends as it means to.
  begin_look(Clock::now(), true);
  const auto before = snapshots_;
  hear(look_.wait());
  log("ended: " + counts());
  if (snapshots_ == before) return kFailed;
  for (const auto& each : status_)
    if (each.link == LiveStatus::Link::gone) return kFailed;
  return kClean;
}

}  // namespace sekimori::cli
