/// How a surface's pixel becomes a viewer's. Made by src/pixels/translation.ts, whose layout this struct
/// repeats.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace umfb {

static_assert(std::endian::native == std::endian::little,
              "pixels are loaded and stored as little-endian words");

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

/// Three bytes are put together in registers: through memory, each pixel would wait for the one before.
inline std::uint32_t loadPixel(const std::uint8_t* at, std::uint32_t bytes) {
  if (bytes == 3) return at[0] | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16;
  std::uint32_t value = 0;
  std::memcpy(&value, at, bytes);
  return value;
}

inline void storePixel(std::uint8_t* at, std::uint32_t value, std::uint32_t bytes) {
  if (bytes == 3) {
    at[0] = static_cast<std::uint8_t>(value);
    at[1] = static_cast<std::uint8_t>(value >> 8);
    at[2] = static_cast<std::uint8_t>(value >> 16);
    return;
  }
  std::memcpy(at, &value, bytes);
}

inline std::uint32_t translatePixel(const Translation& t, std::uint32_t pixel) {
  if (t.sameLayoutMask != 0) return pixel & t.sameLayoutMask;
  std::uint32_t value = 0;
  for (int c = 0; c < 3; c++) value += t.table[c][(pixel >> t.shift[c]) & t.mask[c]];
  return value;
}

}  // namespace umfb
