/// Invariant: no lost update, over every tracker, as hard as this machine can try. See options.cc for what it
/// does, rounds.h for how.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <vector>

#include "options.h"
#include "report.h"
#include "rounds.h"
#include "scenarios.h"
#include "tracking.h"

namespace umfb::soak {
namespace {

using Clock = std::chrono::steady_clock;

/// For stamps: more than the caches of page tables hold. For one-shots: few, so that the whole can be looked
/// at after every store. Powers of two, see lineOf().
constexpr std::size_t kStampPages = 256;
constexpr std::size_t kOneShotPages = 16;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Suite {
  const char* name;
  Work work;
  std::size_t pages;
  std::uint64_t rounds;
  std::uint64_t stores;
};

void runCase(const Tracking& tracking, Place place, const Suite& suite, std::uint64_t seed, Report& report) {
  const auto start = Clock::now();
  const auto memory = std::make_shared<Mapping>(suite.pages * pageBytes());
  // Before the tracker: a process that has threads is not to be forked.
  const auto writers = makeWriters(place, *memory);
  Screen screen(memory, tracking);
  writers->start(screen.tracker());
  const Result result = Rounds(screen, *writers, seed).run(suite.work, suite.rounds, suite.stores);
  report.add(tracking.name, place, suite.name, result, secondsSince(start));
  // Threads that hang cannot be joined; a process of ours ends with us.
  if (result.hangs) _exit(1);
}

std::vector<Tracking> choose(const Options& options, Report& report) {
  std::vector<Tracking> chosen;
  for (const Tracking& tracking : trackings()) {
    const auto& wanted = options.trackers;
    if (!wanted.empty() && std::ranges::find(wanted, tracking.name) == wanted.end()) continue;
    const Probe result = probe(*tracking.mechanism);
    if (result.reason.empty()) {
      chosen.push_back(tracking);
    } else {
      report.skip(tracking.name, result.reason);
    }
  }
  return chosen;
}

int run(const Options& options) {
  const auto start = Clock::now();
  Report report(options.json);
  const auto chosen = choose(options, report);
  for (const Tracking& tracking : chosen) {
    for (const Scenario& scenario : scenarios()) {
      report.addScenario(tracking.name, scenario.name, scenario.run(tracking));
    }
  }
  const std::uint64_t cases = std::max<std::uint64_t>(2 * chosen.size(), 1);
  const std::uint64_t stores = (options.stores + cases - 1) / cases;
  const std::uint64_t rounds = (options.rounds + cases - 1) / cases;
  const Suite suites[] = {{"one-shot", kOneShots, kOneShotPages, rounds, 0},
                          {"stamps", kStamps, kStampPages, 0, stores}};
  for (const Suite& suite : suites) {
    if (suite.rounds == 0 && suite.stores == 0) continue;
    for (const Tracking& tracking : chosen) {
      for (const Place place : {Place::kThreads, Place::kProcess}) {
        runCase(tracking, place, suite, options.seed, report);
      }
    }
  }
  report.total(secondsSince(start));
  return report.losses() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace umfb::soak

int main(int argc, char** argv) {
  using namespace umfb::soak;
  try {
    const Options options = parseOptions({argv, static_cast<std::size_t>(argc)});
    if (options.help) {
      std::fputs(kUsage, stdout);
      return 0;
    }
    return run(options);
  } catch (const std::invalid_argument& wrong) {
    std::fprintf(stderr, "umfb-soak: %s\n%s", wrong.what(), kUsage);
    return 2;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "umfb-soak: %s\n", failure.what());
    return 1;
  }
}
