#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "random.h"
#include "screen.h"
#include "writers.h"

namespace umfb::soak {

/// What a case does. Each round: stores that are harvested meanwhile, then silence, then one more harvest.
struct Work {
  /// Stores a writer and round: up to two to the power of it, each magnitude as often as any other.
  std::uint32_t storesLog2;
  /// All of them together, or one at a time.
  bool allHands;
  /// Whether a writer takes a random while before each store, and the harvester but a short one.
  bool unhurried;
};

/// Continuous stores by all writers.
inline constexpr Work kStamps{17, true, false};
/// One store, perhaps two, then silence: what stores that follow would repair stays lost.
inline constexpr Work kOneShots{1, false, true};

struct Result {
  std::uint64_t stores = 0;
  std::uint64_t rounds = 0;
  std::uint64_t frames = 0;
  /// How often the next store was to ring: a mapping with a tripwire was then handed over to it.
  std::uint64_t rests = 0;
  /// The first loss: the screen is not worth looking at after it.
  std::optional<std::string> loss;
  /// A writer waits in its store for ever; nothing can be ended in order after that.
  bool hangs = false;
};

class Rounds {
public:
  Rounds(Screen& screen, Writers& writers, std::uint64_t seed);

  /// Until there were that many rounds and stores, or a loss.
  Result run(const Work& work, std::uint64_t rounds, std::uint64_t stores);

private:
  std::uint64_t demand(const Work& work);
  bool silent() const;
  std::uint64_t storesMade() const;
  void wait(const Work& work);
  std::optional<std::string> harvest();
  std::optional<std::string> settle();
  void rest();
  std::optional<std::string> missing(const std::array<std::uint32_t, kHands>& done) const;

  Screen& screen_;
  Hands& hands_;
  Random random_;
  std::uint64_t rests_ = 0;
  std::array<std::uint32_t, kHands> due_{};
};

}  // namespace umfb::soak
