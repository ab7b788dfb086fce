#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "memory/page_bitmap.h"

namespace umfb {

/**
 * The dirty bitmap of device memory: bit n % 32 of word n / 32 stands for page n. Whoever stores to pages and
 * tracks itself sets bits, the backend takes them, at the same time.
 */
class DirtyBitmap {
public:
  /// @param words a multiple of 4, with room for a bit a page
  DirtyBitmap(std::uint8_t* words, std::uint32_t sizePages) : words_(words), sizePages_(sizePages) {}

  /// @param pages inside of the bitmap
  void mark(PageRange pages) const;

  /**
   * Takes bits, a word at a time by exchange with 0.
   * @param runs filled with pairs (first, count), ascending, disjoint and not adjacent. What does not fit is
   * set again
   * @returns runs written
   */
  std::size_t take(std::span<std::uint32_t> runs) const;

private:
  std::uint8_t* words_;
  std::uint32_t sizePages_;
};

}  // namespace umfb
