#include "scenarios.h"

#include <poll.h>
#include <sched.h>

#include "screen.h"
#include "writers.h"

namespace umfb::soak {
namespace {

using Failure = std::optional<std::string>;

/// A mechanism may ring late on a busy machine, but not never.
constexpr int kPatienceMs = 20'000;

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

/// Whoever is told that the next store rings hears it.
Failure doorbell(const Tracking& tracking) {
  const auto memory = pages(16);
  Screen screen(memory, tracking);
  screen.frame();
  screen.frame();
  for (std::uint8_t value = 1; value <= 3 && screen.tracker().watch(); value++) {
    store(*memory, 5, value);
    pollfd bell{screen.tracker().doorbell().fd(), POLLIN, 0};
    if (poll(&bell, 1, kPatienceMs) != 1) return "the bell does not ring";
    screen.tracker().doorbell().silence();
    screen.frame();
  }
  return screen.stalePage();
}

constexpr Scenario kScenarios[] = {
    {"many runs", manyRuns},   {"a small vector", smallVector},
    {"open pages", openPages}, {"exit of a process", exit},
    {"detach", detach},        {"the doorbell", doorbell},
};

}  // namespace

std::span<const Scenario> scenarios() { return kScenarios; }

}  // namespace umfb::soak
