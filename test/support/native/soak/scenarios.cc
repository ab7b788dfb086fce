#include "scenarios.h"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <cstdio>

#include "random.h"
#include "screen.h"
#include "thread_writers.h"
#include "trackers/wp_sync.h"
#include "writers.h"

namespace umfb::soak {
namespace {

using Failure = std::optional<std::string>;

/// A mechanism may ring late on a busy machine, but not never.
constexpr int kPatienceMs = 3000;

std::shared_ptr<Mapping> pages(std::uint32_t count) { return std::make_shared<Mapping>(count * pageBytes()); }

void store(Mapping& memory, std::uint32_t page, std::uint8_t value) {
  *static_cast<volatile std::uint8_t*>(memory.data() + page * pageBytes()) = value;
}

/// One store by another process, and nothing after it.
void storeRemotely(Writers& writers) {
  Hand& hand = writers.hands().hands[0];
  const std::uint32_t due = hand.done + 1;
  hand.due.set(due);
  while (hand.done != due) sched_yield();
}

/// More runs than one system call reports are all told, and all armed again.
Failure manyRuns(const Tracking& tracking) {
  constexpr std::uint32_t kPages = 2048;
  Screen screen(pages(kPages), tracking);
  screen.frame();
  for (std::uint8_t value = 1; value <= 3; value++) {
    for (std::uint32_t page = 0; page < kPages; page += 2) store(screen.memory(), page, value);
    screen.frame();
    if (screen.dirty().size() != kPages / 2) {
      return "every other page of " + std::to_string(kPages) + " stored to, " +
             std::to_string(screen.dirty().size()) + " runs reported";
    }
  }
  return screen.stalePage();
}

/// Runs that do not fit are the next harvest's.
Failure smallVector(const Tracking& tracking) {
  constexpr std::uint32_t kPages = 64;
  Screen screen(pages(kPages), tracking);
  screen.frame();
  for (std::uint32_t page = 0; page < kPages; page += 2) store(screen.memory(), page, 1);
  for (std::uint32_t runs = 1; !screen.frame(runs); runs++) {
  }
  return screen.stalePage();
}

/// Pages that are left open are told as soon as they are closed, and armed again.
Failure openPages(const Tracking& tracking) {
  constexpr std::uint32_t kPages = 8;
  const auto memory = pages(kPages);
  const std::unique_ptr<Tracker> tracker =
      tracking.mechanism->trackLocal(memory, std::make_shared<Doorbell>());
  if (!tracker) return std::nullopt;
  tracker->arm();
  PageBitmap open(kPages);
  const PageBitmap none(kPages);
  open.mark({2, 3});
  const auto harvested = [&](const PageBitmap& left) {
    PageBitmap dirty(kPages);
    tracker->harvest(dirty, left);
    return dirty;
  };
  const auto isExactly = [](PageBitmap dirty, std::vector<std::uint32_t> expected) {
    std::vector<std::uint32_t> runs(2 * kPages);
    runs.resize(2 * dirty.drain(runs));
    return runs == expected;
  };
  for (std::uint8_t value = 1; value <= 3; value++) {
    for (const std::uint32_t page : {0, 3, 7}) store(*memory, page, value);
    if (!isExactly(harvested(open), {0, 1, 7, 1})) return "an open page is reported, or a closed one is not";
    store(*memory, 3, value + 100);
    if (!isExactly(harvested(open), {})) return "an open page is reported";
    if (!isExactly(harvested(none), {3, 1})) return "a page that was stored to while open is not reported";
    if (!isExactly(harvested(none), {})) return "a page is reported twice";
  }
  return std::nullopt;
}

/// What a process stored last is shown, although its page tables are gone.
Failure exit(const Tracking& tracking) {
  const auto memory = pages(16);
  const auto writers = makeWriters(Place::kProcess, *memory);
  Screen screen(memory, tracking);
  writers->start(screen.tracker());
  screen.frame();
  storeRemotely(*writers);
  screen.frame();
  storeRemotely(*writers);
  writers->end();
  screen.frame();
  return screen.stalePage();
}

/// What was stored last to a mapping that is detached is shown.
Failure detach(const Tracking& tracking) {
  const auto memory = pages(16);
  const auto writers = makeWriters(Place::kProcess, *memory);
  Screen screen(memory, tracking);
  const std::uint64_t id = writers->start(screen.tracker());
  screen.frame();
  storeRemotely(*writers);
  screen.tracker().detach(id);
  screen.frame();
  return screen.stalePage();
}

/// Whoever sleeps until the bell rings misses no store, whenever it comes.
Failure doorbell(const Tracking& tracking) {
  constexpr std::uint32_t kRounds = 1000;
  Random random(1);
  const auto memory = pages(16);
  const auto writers = makeWriters(Place::kThreads, *memory);
  writers->hands().unhurried = true;
  Screen screen(memory, tracking);
  writers->start(screen.tracker());
  Doorbell& bell = screen.tracker().doorbell();
  for (std::uint32_t round = 1; round <= kRounds; round++) {
    writers->hands().hands[0].due.set(round);
    for (;;) {
      bell.silence();
      screen.frame();
      if (screen.shown(lineOf(0, round, screen.words())) == round) break;
      for (std::uint32_t turns = random.below(1000); turns > 0; turns--) relax();
      if (!screen.tracker().watch()) continue;
      pollfd rung{bell.fd(), POLLIN, 0};
      if (poll(&rung, 1, kPatienceMs) != 1) return "a store did not ring";
    }
  }
  return screen.stalePage();
}

constexpr std::uint32_t kManyStores = 20'000;

/// Sets all writers to work, and returns when they are in the middle of it.
template <typename Harvest>
void storeMuch(Writers& writers, Harvest&& harvest) {
  for (Hand& hand : writers.hands().hands) hand.due.set(kManyStores);
  while (writers.hands().hands[0].done < kManyStores / 10) harvest();
}

/// Nobody waits in a fault. A thread that does cannot be ended in order.
void requireDone(Writers& writers) {
  for (const Hand& hand : writers.hands().hands) {
    for (int waited = 0; hand.done != kManyStores; waited++) {
      if (waited == kPatienceMs) {
        std::fprintf(stderr, "a writer waits in its store for ever\n");
        _exit(1);
      }
      usleep(1000);
    }
  }
}

/// A tracker that ends lets everybody go on who is in a fault, and holds nobody up after it.
Failure closing(const Tracking& tracking) {
  for (const Place place : {Place::kThreads, Place::kProcess}) {
    const auto memory = pages(16);
    const auto writers = makeWriters(place, *memory);
    {
      Screen screen(memory, tracking);
      writers->start(screen.tracker());
      storeMuch(*writers, [&] { screen.frame(); });
    }
    requireDone(*writers);
  }
  return std::nullopt;
}

/// So does one whose faults are events and that is disarmed, while its userfaultfd stays open.
Failure disarming(const Tracking& tracking) {
  constexpr int kTimes = 20;
  if (tracking.name != "wp-sync") return std::nullopt;
  for (int time = 0; time < kTimes; time++) {
    const auto memory = pages(16);
    ThreadWriters writers(*memory);
    const PageBitmap none(16);
    wp_sync::WpSync tracker(wp_sync::openLocal(wp_sync::kFeatures),
                            reinterpret_cast<std::uintptr_t>(memory->data()), {0, 16},
                            std::make_shared<Doorbell>(), memory);
    tracker.arm();
    writers.startThreads();
    storeMuch(writers, [&] {
      PageBitmap dirty(16);
      tracker.harvest(dirty, none);
    });
    tracker.disarm();
    requireDone(writers);
  }
  return std::nullopt;
}

constexpr Scenario kScenarios[] = {
    {"many runs", manyRuns},   {"a small vector", smallVector},
    {"open pages", openPages}, {"exit of a process", exit},
    {"detach", detach},        {"the doorbell", doorbell},
    {"closing", closing},      {"disarming", disarming},
};

}  // namespace

std::span<const Scenario> scenarios() { return kScenarios; }

}  // namespace umfb::soak
