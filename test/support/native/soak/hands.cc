#include "hands.h"

#include "random.h"

namespace umfb::soak {
namespace {

constexpr std::uint32_t kMostTurns = 300;

void hesitate(Random& random) {
  for (std::uint32_t turns = random.below(kMostTurns); turns > 0; turns--) relax();
}

}  // namespace

void write(Hands& hands, std::uint32_t hand, std::uint32_t* words, std::uint32_t count) {
  Hand& own = hands.hands[hand];
  Random random(hand + 1);
  for (std::uint32_t done = 0;;) {
    const std::uint32_t due = own.due.waitWhile(done);
    if (due == Hands::kEnd) return;
    const bool unhurried = hands.unhurried;
    while (done < due) {
      if (unhurried) hesitate(random);
      std::atomic_ref<std::uint32_t> line(words[lineOf(hand, done + 1, count)]);
      // A load maps the page where reads are noticed too. The store after it has to be noticed all the same.
      if (unhurried && random.below(2) == 0) line.load(std::memory_order_relaxed);
      line.store(++done, std::memory_order_relaxed);
      own.done.store(done, std::memory_order_release);
    }
  }
}

}  // namespace umfb::soak
