#include "pixels/blit.h"

#include <algorithm>
#include <cstring>

#include "pixels/pixel_value.h"

namespace umfb {
namespace {

/// Pixels that a byte of a glyph becomes at once.
constexpr std::size_t step = 8;

void blitPixels(std::uint8_t* row, unsigned bytesPerPixel, std::size_t from, std::size_t to,
                const std::uint8_t* bits, std::size_t firstBit, const GlyphColours& colours) {
  for (std::size_t x = from; x < to; x++) {
    const std::size_t bit = firstBit + x;
    const bool set = (bits[bit / 8] >> (7 - bit % 8) & 1) != 0;
    if (set || !colours.transparent) {
      storePixel(row + x * bytesPerPixel, set ? colours.foreground : colours.background, bytesPerPixel);
    }
  }
}

/**
 * Eight pixels as one or more vectors of bytes: each byte of the target is chosen by the bit of its pixel, so
 * that one code serves every size of pixel, 3 too.
 */
template <unsigned bytesPerPixel>
class ByteExpander {
  static constexpr std::size_t vectorBytes = bytesPerPixel % 2 == 0 ? 16 : 8;
  static constexpr std::size_t vectors = step * bytesPerPixel / vectorBytes;
  using Vector [[gnu::vector_size(vectorBytes)]] = std::uint8_t;

public:
  explicit ByteExpander(const GlyphColours& colours) {
    std::uint8_t bytes[3][step * bytesPerPixel];
    for (std::size_t i = 0; i < step; i++) {
      storePixel(&bytes[0][i * bytesPerPixel], colours.foreground, bytesPerPixel);
      storePixel(&bytes[1][i * bytesPerPixel], colours.background, bytesPerPixel);
      std::memset(&bytes[2][i * bytesPerPixel], 0x80 >> i, bytesPerPixel);
    }
    std::memcpy(foreground_, bytes[0], sizeof foreground_);
    std::memcpy(background_, bytes[1], sizeof background_);
    std::memcpy(bit_, bytes[2], sizeof bit_);
  }

  void expand(std::uint8_t bits, std::uint8_t* out) const {
    for (std::size_t i = 0; i < vectors; i++, out += vectorBytes) {
      const Vector set = static_cast<Vector>((bit_[i] & bits) == bit_[i]);
      const Vector shown = (foreground_[i] & set) | (background_[i] & ~set);
      std::memcpy(out, &shown, vectorBytes);
    }
  }

private:
  Vector foreground_[vectors];
  Vector background_[vectors];
  Vector bit_[vectors];
};

/// What every byte of a glyph becomes: for images so large that this is soon made up for.
template <unsigned bytesPerPixel>
class ByteTable {
public:
  explicit ByteTable(const GlyphColours& colours) {
    const ByteExpander<bytesPerPixel> expander(colours);
    for (unsigned bits = 0; bits < 256; bits++)
      expander.expand(static_cast<std::uint8_t>(bits), pixels_[bits]);
  }

  void expand(std::uint8_t bits, std::uint8_t* out) const {
    std::memcpy(out, pixels_[bits], step * bytesPerPixel);
  }

private:
  std::uint8_t pixels_[256][step * bytesPerPixel];
};

/// Pixels from which on a table costs less than it saves.
constexpr std::size_t leastForTable = 8192;
/// Bytes of a glyph that are expanded at once, in the first cache: memcpy stores what is that large in a way
/// that reads nothing before.
constexpr std::size_t blockSteps = 384;

template <unsigned bytesPerPixel, typename Expander>
void blitRows(std::uint8_t* row, std::size_t strideBytes, std::size_t width, std::size_t height,
              const Glyph& glyph, const GlyphColours& colours, const Expander& expander) {
  const std::size_t lead = std::min(width, (step - glyph.firstBit % step) % step);
  const std::size_t steps = (width - lead) / step;
  const std::size_t end = lead + steps * step;
  std::uint8_t block[blockSteps * step * bytesPerPixel];
  for (std::size_t y = 0; y < height; y++, row += strideBytes) {
    const std::uint8_t* bits = glyph.bits + y * glyph.strideBytes;
    blitPixels(row, bytesPerPixel, 0, lead, bits, glyph.firstBit, colours);
    const std::uint8_t* from = bits + (glyph.firstBit + lead) / step;
    std::uint8_t* out = row + lead * bytesPerPixel;
    for (std::size_t done = 0; done < steps;) {
      const std::size_t count = std::min(blockSteps, steps - done);
      for (std::size_t i = 0; i < count; i++)
        expander.expand(from[done + i], block + i * step * bytesPerPixel);
      std::memcpy(out + done * step * bytesPerPixel, block, count * step * bytesPerPixel);
      done += count;
    }
    blitPixels(row, bytesPerPixel, end, width, bits, glyph.firstBit, colours);
  }
}

template <unsigned bytesPerPixel>
void blitOpaque(std::uint8_t* row, std::size_t strideBytes, std::size_t width, std::size_t height,
                const Glyph& glyph, const GlyphColours& colours) {
  if (width * height >= leastForTable) {
    blitRows<bytesPerPixel>(row, strideBytes, width, height, glyph, colours,
                            ByteTable<bytesPerPixel>(colours));
  } else {
    blitRows<bytesPerPixel>(row, strideBytes, width, height, glyph, colours,
                            ByteExpander<bytesPerPixel>(colours));
  }
}

}  // namespace

void blitGlyph(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
               std::size_t height, const Glyph& glyph, const GlyphColours& colours) {
  // Pixels that a transparent glyph leaves alone are not even written again: somebody else may draw there.
  if (colours.transparent)
    return blitGlyphPlain(corner, strideBytes, bytesPerPixel, width, height, glyph, colours);
  switch (bytesPerPixel) {
    case 1:
      return blitOpaque<1>(corner, strideBytes, width, height, glyph, colours);
    case 2:
      return blitOpaque<2>(corner, strideBytes, width, height, glyph, colours);
    case 3:
      return blitOpaque<3>(corner, strideBytes, width, height, glyph, colours);
    default:
      return blitOpaque<4>(corner, strideBytes, width, height, glyph, colours);
  }
}

void blitGlyphPlain(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
                    std::size_t height, const Glyph& glyph, const GlyphColours& colours) {
  for (std::size_t y = 0; y < height; y++) {
    const std::uint8_t* bits = glyph.bits + y * glyph.strideBytes;
    blitPixels(corner + y * strideBytes, bytesPerPixel, 0, width, bits, glyph.firstBit, colours);
  }
}

}  // namespace umfb
