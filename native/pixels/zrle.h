/// The tiles of ZRLE (RFC 6143, 7.7.6), before they are deflated.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pixels/translation.h"

namespace umfb {

inline constexpr std::size_t kZrleTileSide = 64;

/// The most that encodeZrle writes for a rect: every tile raw, and its subencoding byte.
std::size_t zrleBoundBytes(std::size_t width, std::size_t height, const Translation& t);

/// Writes the rect's tiles to `out`, each in the smallest of its six forms. `t` leads to CPIXELs (RFC
/// 6143, 7.7.5), so the form of a CPIXEL is the translation's concern alone. Returns the bytes written, at
/// most zrleBoundBytes().
std::size_t encodeZrle(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                       std::size_t height, const Translation& t, std::uint8_t* out);

/// The same by the plain code: what tests compare encodeZrle with, byte for byte.
std::size_t encodeZrlePlain(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                            std::size_t height, const Translation& t, std::uint8_t* out);

}  // namespace umfb
