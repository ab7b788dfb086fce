/// How a surface's pixel becomes a viewer's. Made by src/pixels/translation.ts, whose layout this struct
/// repeats.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pixels/pixel_value.h"

namespace umfb {

struct Translation {
  /// Memory a pixel takes on each side: 1 to 4.
  std::uint32_t sourceBytes;
  std::uint32_t targetBytes;
  /// Not 0: both sides have the same layout, and a pixel is copied with only these bits. 0: the tables are
  /// used.
  std::uint32_t sameLayoutMask;
  /// Where red, green and blue lie in the source, and their largest value.
  std::uint32_t shift[3];
  std::uint32_t mask[3];
  std::uint32_t reserved[7];
  /// What each component's value adds to the target, in the target's byte order.
  std::uint32_t table[3][256];
};

inline constexpr std::size_t kTranslationWords = 784;
static_assert(sizeof(Translation) == kTranslationWords * 4, "src/pixels/translation.ts: translationWords");

/// False for a translation that would read outside of its tables or of a pixel.
inline bool isValid(const Translation& t) {
  if (t.sourceBytes < 1 || t.sourceBytes > 4 || t.targetBytes < 1 || t.targetBytes > 4) return false;
  for (int c = 0; c < 3; c++) {
    if (t.shift[c] > 31 || t.mask[c] > 255) return false;
  }
  return true;
}

inline std::uint32_t translatePixel(const Translation& t, std::uint32_t pixel) {
  if (t.sameLayoutMask != 0) return pixel & t.sameLayoutMask;
  std::uint32_t value = 0;
  for (int c = 0; c < 3; c++) value += t.table[c][(pixel >> t.shift[c]) & t.mask[c]];
  return value;
}

}  // namespace umfb
