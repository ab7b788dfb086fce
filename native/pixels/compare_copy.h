#pragma once

#include <cstddef>
#include <cstdint>

namespace umfb {

/**
 * Compares `lanes` lanes of `live` with `shadow` and copies those that differ, in one pass. Another process
 * may write to `live` meanwhile: each byte is loaded once, and the value that was compared is the value that
 * is stored.
 *
 * @param changed receives a word a lane: bit n is set when byte n of the lane differed
 * @returns all words of `changed` together
 */
using CompareCopyLanes = std::uint64_t (*)(const std::uint8_t* live, std::uint8_t* shadow, std::size_t lanes,
                                           std::uint64_t* changed);

struct CompareCopyKernel {
  const char* name;
  /// For pixels of 1, 2 and 4 bytes: a cache line.
  CompareCopyLanes lanes64;
  /// For pixels of 3 bytes: whole pixels too.
  CompareCopyLanes lanes48;
};

/// For any processor.
extern const CompareCopyKernel portableKernel;

/// The fastest one for this processor.
const CompareCopyKernel& fastestKernel();

/// The same for fewer than 64 bytes: what a row has after its last full lane.
std::uint64_t compareCopyRest(const std::uint8_t* live, std::uint8_t* shadow, std::size_t bytes);

}  // namespace umfb
