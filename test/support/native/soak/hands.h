#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "baton.h"

namespace umfb::soak {

/// Writers of one screen.
constexpr std::uint32_t kHands = 4;
/// Odd, so that a writer comes to every line in turn; bytes times 16 from one store to the next are about as
/// many pages.
constexpr std::uint32_t kStride = 4093;

/**
 * A writer's side of the screen: stamps, one after the other, each in the line that is due. A line is a word
 * of the memory and belongs to one writer; its stamp is the number of the store, and so only grows.
 *
 * Lies in memory that the writer shares with the harvester, for it may run in another process.
 */
struct alignas(64) Hand {
  /// How many stores are due in all; 2^32-1: the writer ends.
  Baton due;
  /// How many were made. Raised after each store, so that whoever reads it may expect the store.
  std::atomic<std::uint32_t> done;
};

struct Hands {
  static constexpr std::uint32_t kEnd = UINT32_MAX;

  std::array<Hand, kHands> hands;
  /// Whether the writers take a random while before each store.
  std::atomic<bool> unhurried;
};

/// The word of a writer's store, from 1 on. @param words of the screen, a power of two
inline std::uint32_t lineOf(std::uint32_t hand, std::uint32_t stamp, std::uint32_t words) {
  return (stamp * kStride & (words / kHands - 1)) * kHands + hand;
}

/// What a writer does until it is told to end.
void write(Hands& hands, std::uint32_t hand, std::uint32_t* words, std::uint32_t count);

}  // namespace umfb::soak
