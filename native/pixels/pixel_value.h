/// A pixel's bytes in memory as a little-endian number.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace umfb {

static_assert(std::endian::native == std::endian::little,
              "pixels are loaded and stored as little-endian words");

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

}  // namespace umfb
