/// A glyph in two colours, as fbdev's imageblit draws it where the image's depth is 1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace umfb {

/// One bit a pixel, the leftmost in a byte's highest bit; rows begin at whole bytes.
struct Glyph {
  const std::uint8_t* bits;
  std::size_t strideBytes;
  /// Bits to be left out at the beginning of each row: what clipping cut off, which need not be whole bytes.
  std::size_t firstBit;
};

/// The values of the pixels of bits that are set, and of those that are not.
struct GlyphColours {
  std::uint32_t foreground;
  std::uint32_t background;
  /// What is not set stays as it is, and `background` says nothing.
  bool transparent;
};

void blitGlyph(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
               std::size_t height, const Glyph& glyph, const GlyphColours& colours);

/// The same, pixel by pixel: what tests compare it with.
void blitGlyphPlain(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
                    std::size_t height, const Glyph& glyph, const GlyphColours& colours);

}  // namespace umfb
