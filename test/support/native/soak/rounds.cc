#include "rounds.h"

#include <sched.h>
#include <unistd.h>

#include <chrono>

namespace umfb::soak {
namespace {

using Clock = std::chrono::steady_clock;

/// A writer that comes to nothing for so long waits for ever.
constexpr auto kPatience = std::chrono::seconds(20);
/// Stores of each writer that are looked for after a harvest.
constexpr std::uint32_t kRecent = 64;
/// A vector too small, one frame in so many.
constexpr std::uint32_t kSmallVectorEvery = 8;
constexpr std::uint32_t kSmallVectorRuns = 3;
/// The tracker is asked to ring, one frame in so many.
constexpr std::uint32_t kRestEvery = 4;
/// Stores from one harvest to the next, at most.
constexpr std::uint32_t kStoresBetweenLog2 = 17;
/// In turns of relax(): as long as a fault takes.
constexpr std::uint32_t kShortWait = 200;
constexpr std::uint32_t kYieldEvery = 16;
/// Turns in which the harvester only lets others run, and then those in which it sleeps: it must not take a
/// core from a fault handler for long. In all, tens of milliseconds for writers that come to nothing.
constexpr std::uint32_t kYields = 100;
constexpr std::uint32_t kSleeps = 500;
constexpr useconds_t kSleepUs = 20;

std::array<std::uint32_t, kHands> doneBy(const Hands& hands) {
  std::array<std::uint32_t, kHands> done;
  for (std::uint32_t hand = 0; hand < kHands; hand++) {
    done[hand] = hands.hands[hand].done.load(std::memory_order_acquire);
  }
  return done;
}

}  // namespace

Rounds::Rounds(Screen& screen, Writers& writers, std::uint64_t seed)
    : screen_(screen), hands_(writers.hands()), random_(seed), due_(doneBy(hands_)) {}

Result Rounds::run(const Work& work, std::uint64_t rounds, std::uint64_t stores) {
  Result result;
  const std::uint64_t framesBefore = screen_.frames();
  hands_.unhurried = work.unhurried;
  while (!result.loss && (result.rounds < rounds || result.stores < stores)) {
    result.stores += demand(work);
    result.rounds++;
    const auto start = Clock::now();
    while (!result.loss && !silent()) {
      wait(work);
      result.loss = harvest();
      result.hangs = !result.loss && Clock::now() - start > kPatience;
      if (result.hangs) result.loss = "a writer waits for ever in its store";
    }
    if (!result.loss) result.loss = settle();
  }
  result.frames = screen_.frames() - framesBefore;
  result.rests = rests_;
  return result;
}

/// Tells writers to store. @returns how many stores that are
std::uint64_t Rounds::demand(const Work& work) {
  std::uint64_t stores = 0;
  const std::uint32_t chosen = random_.below(kHands);
  for (std::uint32_t hand = 0; hand < kHands; hand++) {
    if (!work.allHands && hand != chosen) continue;
    const std::uint32_t count = 1 + random_.below(1u << random_.below(work.storesLog2 + 1));
    due_[hand] += count;
    stores += count;
    hands_.hands[hand].due.set(due_[hand]);
  }
  return stores;
}

bool Rounds::silent() const { return doneBy(hands_) == due_; }

/// Until a random moment: after some stores, most often few, now and then so many that every page has some.
/// By stores and not by the clock: a tracker under which they are slow is not harvested more often for it.
void Rounds::wait(const Work& work) {
  if (work.unhurried) {
    for (std::uint32_t turns = random_.below(kShortWait); turns > 0; turns--) relax();
    if (random_.below(kYieldEvery) == 0) sched_yield();
    return;
  }
  const std::uint64_t enough = storesMade() + random_.below(1u << random_.below(kStoresBetweenLog2 + 1));
  for (std::uint32_t turn = 0; storesMade() < enough && !silent(); turn++) {
    if (turn < kYields) {
      sched_yield();
    } else if (turn < kYields + kSleeps) {
      usleep(kSleepUs);
    } else {
      return;
    }
  }
}

std::uint64_t Rounds::storesMade() const {
  std::uint64_t sum = 0;
  for (const std::uint32_t done : doneBy(hands_)) sum += done;
  return sum;
}

/// A frame, after which what was stored before it has to be there.
std::optional<std::string> Rounds::harvest() {
  const auto done = doneBy(hands_);
  const bool small = random_.below(kSmallVectorEvery) == 0;
  if (random_.below(kRestEvery) == 0) rest();
  const bool complete = small ? screen_.frame(kSmallVectorRuns) : screen_.frame();
  if (screen_.stampThatWentBack()) return screen_.stampThatWentBack();
  return complete ? missing(done) : std::nullopt;
}

/// All are silent: one more harvest, as many calls as its runs take, makes the shadow equal to the memory.
std::optional<std::string> Rounds::settle() {
  while (!screen_.frame()) {
  }
  const auto lost = missing(due_);
  if (lost || random_.below(kRestEvery) != 0) return lost ? lost : screen_.stalePage();
  // The mapping is handed over, and all of it is dirty for that; then it rests, until the next round.
  rest();
  while (!screen_.frame()) {
  }
  rest();
  return screen_.stalePage();
}

/// As if nothing had moved for long: what follows is a store under the tripwire, or while it is stretched.
void Rounds::rest() {
  if (screen_.tracker().watch()) rests_++;
}

std::optional<std::string> Rounds::missing(const std::array<std::uint32_t, kHands>& done) const {
  for (std::uint32_t hand = 0; hand < kHands; hand++) {
    for (std::uint32_t age = 0; age < kRecent && age < done[hand]; age++) {
      const std::uint32_t stamp = done[hand] - age;
      const std::uint32_t line = lineOf(hand, stamp, screen_.words());
      if (screen_.shown(line) >= stamp) continue;
      return "stamp " + std::to_string(stamp) + " of writer " + std::to_string(hand) + ", page " +
             std::to_string(line * sizeof line / pageBytes()) + ": the shadow has " +
             std::to_string(screen_.shown(line));
    }
  }
  return std::nullopt;
}

}  // namespace umfb::soak
