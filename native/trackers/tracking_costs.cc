#include "trackers/tracking_costs.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "memory/mapping.h"
#include "sys/processor_time.h"
#include "trackers/compare.h"

namespace umfb {
namespace {

/// More than a processor's first caches hold: what is looked at in a harvest was last looked at a frame ago.
constexpr std::uint32_t kPages = 512;
/// Pages that lie apart, in an order that no prefetcher knows: costs decide where some pages are dirty now
/// and then. Where all are, comparing is far ahead.
constexpr std::uint32_t kDirtyPages = kPages / 16;
constexpr std::uint32_t kStep = 197;
constexpr std::uint32_t kRuns = kPages / 16;
static_assert(kPages % 2 == 0 && kStep % 2 == 1, "kStep meets every page");
constexpr std::size_t kRounds = 7;

constexpr double kLeastDirtyPage = 300;
constexpr double kMostDirtyPage = 100'000;
constexpr double kMostRun = 5'000;

/// Of the whole process: where faults come as events, another thread handles them.
template <typename Action>
double nanoseconds(Action&& action) {
  const double start = processorNanoseconds(CLOCK_PROCESS_CPUTIME_ID);
  action();
  return processorNanoseconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

double median(std::array<double, kRounds> values) {
  std::ranges::sort(values);
  return values[kRounds / 2];
}

/// Stores what is there: a fault all the same, and the shadow stays equal.
void touch(const Mapping& memory, std::uint32_t pages) {
  for (std::uint32_t i = 0; i < pages; i++) {
    volatile std::uint8_t& byte = memory.data()[i * kStep % kPages * pageBytes()];
    byte = byte;
  }
}

TrackingCosts measure(const Mechanism& mechanism) {
  const auto memory = std::make_shared<Mapping>(kPages * pageBytes());
  touch(*memory, kPages);
  const std::vector<std::uint8_t> shadow(memory->sizeBytes());
  const auto tracker = mechanism.trackLocal(memory, std::make_shared<Doorbell>());
  if (tracker) tracker->arm();

  const PageBitmap none(kPages);
  PageBitmap all(kPages);
  all.mark({0, kPages});
  PageBitmap apart(kPages);
  for (std::uint32_t run = 0; run < kRuns; run++) apart.mark({run * kPages / kRuns, 1});
  PageBitmap dirty(kPages);

  std::array<double, kRounds> compared, stores, harvests, idle, runs;
  for (std::size_t round = 0; round < kRounds; round++) {
    dirty.clear();
    compared[round] = nanoseconds(
        [&] { compare::findChanged(all, Picture::ofAll(memory->sizeBytes()), *memory, shadow, dirty); });
    stores[round] = nanoseconds([&] { touch(*memory, kDirtyPages); });
    if (!tracker) continue;
    harvests[round] = nanoseconds([&] { tracker->harvest(dirty, none); });
    idle[round] = nanoseconds([&] { tracker->harvest(dirty, none); });
    runs[round] = nanoseconds([&] { tracker->harvest(dirty, apart); });
  }
  TrackingCosts costs{.dirtyPage = kMostDirtyPage, .run = 0, .comparedPage = median(compared) / kPages};
  if (tracker) {
    costs.dirtyPage = (median(stores) + median(harvests) - median(idle)) / kDirtyPages;
    costs.run = (median(runs) - median(idle)) / kRuns;
  }
  costs.dirtyPage = std::clamp(costs.dirtyPage, kLeastDirtyPage, kMostDirtyPage);
  costs.run = std::clamp(costs.run, 0.0, kMostRun);
  costs.comparedPage = clampComparedPage(costs.comparedPage);
  return costs;
}

}  // namespace

double clampComparedPage(double nanoseconds) { return std::clamp(nanoseconds, 40.0, 1'000.0); }

const TrackingCosts& trackingCosts(const Mechanism& mechanism) {
  static std::mutex mutex;
  static std::map<const Mechanism*, TrackingCosts> measured;
  const std::lock_guard lock(mutex);
  const auto found = measured.find(&mechanism);
  return found != measured.end() ? found->second
                                 : measured.emplace(&mechanism, measure(mechanism)).first->second;
}

}  // namespace umfb
