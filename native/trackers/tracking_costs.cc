#include "trackers/tracking_costs.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "memory/mapping.h"
#include "trackers/compare.h"

namespace umfb {
namespace {

constexpr std::uint32_t kArmedPages = 64;
/// More than a processor's second-level cache holds: what is compared at a harvest was last read a frame ago.
constexpr std::uint32_t kComparedPages = 512;
constexpr std::size_t kRounds = 7;

template <typename Action>
double nanoseconds(Action&& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

double median(std::array<double, kRounds> values) {
  std::ranges::sort(values);
  return values[kRounds / 2];
}

void touch(const Mapping& memory) {
  for (std::size_t page = 0; page < memory.sizePages(); page++) memory.data()[page * pageBytes()] += 1;
}

/// Sets dirtyPage and run.
void measureArmed(const Mechanism& mechanism, TrackingCosts& costs) {
  const auto memory = std::make_shared<Mapping>(kArmedPages * pageBytes());
  const auto tracker = mechanism.trackLocal(memory, std::make_shared<Doorbell>());
  if (!tracker) return;
  touch(*memory);
  tracker->arm();
  PageBitmap dirty(kArmedPages);
  const PageBitmap none(kArmedPages);
  PageBitmap everySecond(kArmedPages);
  for (std::uint32_t page = 1; page < kArmedPages; page += 2) everySecond.mark({page, 1});
  std::array<double, kRounds> stores, harvests, runs;
  for (std::size_t round = 0; round < kRounds; round++) {
    stores[round] = nanoseconds([&] { touch(*memory); });
    harvests[round] = nanoseconds([&] { tracker->harvest(dirty, none); });
    runs[round] = nanoseconds([&] { tracker->harvest(dirty, everySecond); });
  }
  costs.dirtyPage = (median(stores) + median(harvests)) / kArmedPages;
  costs.run = median(runs) / (kArmedPages / 2);
}

double measureComparedPage() {
  const Mapping memory(kComparedPages * pageBytes());
  touch(memory);
  const std::vector<std::uint8_t> shadow(memory.view(), memory.view() + memory.sizeBytes());
  PageBitmap all(kComparedPages);
  all.mark({0, kComparedPages});
  PageBitmap changed(kComparedPages);
  std::array<double, kRounds> rounds;
  for (double& round : rounds) {
    round = nanoseconds([&] { compare::findChanged(all, memory, shadow, changed); }) / kComparedPages;
  }
  return median(rounds);
}

TrackingCosts measure(const Mechanism& mechanism) {
  TrackingCosts costs{.dirtyPage = 1000, .run = 0, .comparedPage = measureComparedPage()};
  measureArmed(mechanism, costs);
  costs.dirtyPage = std::clamp(costs.dirtyPage, 300.0, 100'000.0);
  costs.run = std::clamp(costs.run, 0.0, 5'000.0);
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
