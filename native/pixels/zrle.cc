#include "pixels/zrle.h"

#include <algorithm>

#include "pixels/convert.h"

namespace umfb {
namespace {

constexpr std::size_t kTilePixels = kZrleTileSide * kZrleTileSide;
// Palette sizes that the subencodings can say: 2 to 16 packed, 2 to 127 with runs.
constexpr std::size_t kMaxPacked = 16;
constexpr std::size_t kMaxPalette = 127;
constexpr std::uint8_t kRaw = 0, kSolid = 1, kPlainRle = 128;

// Colours in order of appearance, found by hashing: a tile has up to 4,096 look-ups.
class Palette {
public:
  // The colour's index, or -1 when there are more than the subencodings can say.
  int indexOf(std::uint32_t colour) {
    std::size_t slot = (colour * 0x9e3779b1u) >> 24;
    while (slots_[slot] != 0) {
      const int index = slots_[slot] - 1;
      if (colours_[index] == colour) return index;
      slot = (slot + 1) & 0xff;
    }
    if (size_ == kMaxPalette) return -1;
    colours_[size_] = colour;
    slots_[slot] = static_cast<std::uint8_t>(++size_);
    return static_cast<int>(size_) - 1;
  }

  std::size_t size() const { return size_; }
  const std::uint32_t* colours() const { return colours_; }

private:
  std::size_t size_ = 0;
  std::uint32_t colours_[kMaxPalette];
  // Index + 1, 0 where empty. At most half full, so that a search always ends.
  std::uint8_t slots_[256] = {};
};

struct Run {
  std::uint32_t colour;
  std::uint16_t length;
  std::uint8_t index;
};

std::size_t lengthBytes(std::size_t run) { return (run - 1) / 255 + 1; }

std::uint8_t* putLength(std::uint8_t* out, std::size_t run) {
  std::size_t rest = run - 1;
  for (; rest >= 255; rest -= 255) *out++ = 255;
  *out++ = static_cast<std::uint8_t>(rest);
  return out;
}

std::size_t packedBits(std::size_t colours) { return colours == 2 ? 1 : colours <= 4 ? 2 : 4; }

std::size_t packedRowsBytes(std::size_t width, std::size_t height, std::size_t colours) {
  return height * ((width * packedBits(colours) + 7) / 8);
}

std::uint8_t* putPixels(std::uint8_t* out, const std::uint32_t* pixels, std::size_t count,
                        std::size_t bytes) {
  for (std::size_t i = 0; i < count; i++, out += bytes)
    storePixel(out, pixels[i], static_cast<std::uint32_t>(bytes));
  return out;
}

// Rows start at a byte, the leftmost pixel in its highest bits.
template <typename NextIndex>
std::uint8_t* putPacked(std::uint8_t* out, std::size_t width, std::size_t height, std::size_t colours,
                        NextIndex nextIndex) {
  const std::size_t bits = packedBits(colours);
  for (std::size_t y = 0; y < height; y++) {
    std::size_t shift = 8;
    std::uint8_t byte = 0;
    for (std::size_t x = 0; x < width; x++) {
      shift -= bits;
      byte |= static_cast<std::uint8_t>(nextIndex() << shift);
      if (shift == 0) {
        *out++ = byte;
        byte = 0;
        shift = 8;
      }
    }
    if (shift != 8) *out++ = byte;
  }
  return out;
}

std::uint8_t* encodeTile(const std::uint32_t* tile, std::size_t width, std::size_t height, std::size_t bytes,
                         std::uint8_t* out) {
  const std::size_t count = width * height;
  const std::size_t rawBytes = count * bytes;
  Palette palette;
  Run runs[kTilePixels];
  std::size_t runCount = 0, plainBytes = 0, indexedBytes = 0;
  bool fewColours = true;

  for (std::size_t i = 0; i < count;) {
    const std::uint32_t colour = tile[i];
    std::size_t end = i + 1;
    while (end < count && tile[end] == colour) end++;
    const std::size_t length = end - i;
    const int index = fewColours ? palette.indexOf(colour) : -1;
    fewColours = index >= 0;
    plainBytes += bytes + lengthBytes(length);
    indexedBytes += length == 1 ? 1 : 1 + lengthBytes(length);
    // Neither a palette nor runs can win any more: a photo is left here after a part of its tile.
    if (!fewColours && plainBytes >= rawBytes) {
      *out++ = kRaw;
      return putPixels(out, tile, count, bytes);
    }
    runs[runCount++] = {colour, static_cast<std::uint16_t>(length), static_cast<std::uint8_t>(index)};
    i = end;
  }

  const std::size_t colours = palette.size();
  const Run* const runsEnd = runs + runCount;
  if (runCount == 1) {
    *out++ = kSolid;
    return putPixels(out, tile, 1, bytes);
  }
  std::size_t best = std::min(rawBytes, plainBytes);
  const std::size_t rleBytes = colours * bytes + indexedBytes;
  const std::size_t packedBytes = colours * bytes + packedRowsBytes(width, height, colours);
  // On a tie the form that is quicker to decode is taken: packed, then indexed runs, runs, raw.
  if (fewColours && colours <= kMaxPacked && packedBytes <= std::min(best, rleBytes)) {
    *out++ = static_cast<std::uint8_t>(colours);
    out = putPixels(out, palette.colours(), colours, bytes);
    const Run* run = runs;
    std::size_t left = run->length;
    return putPacked(out, width, height, colours, [&run, &left] {
      if (left == 0) left = (++run)->length;
      left--;
      return run->index;
    });
  }
  if (fewColours && rleBytes <= best) {
    *out++ = static_cast<std::uint8_t>(kPlainRle + colours);
    out = putPixels(out, palette.colours(), colours, bytes);
    for (const Run* run = runs; run < runsEnd; run++) {
      if (run->length == 1) {
        *out++ = run->index;
      } else {
        *out++ = static_cast<std::uint8_t>(run->index | 128);
        out = putLength(out, run->length);
      }
    }
    return out;
  }
  if (plainBytes <= rawBytes) {
    *out++ = kPlainRle;
    for (const Run* run = runs; run < runsEnd; run++) {
      out = putPixels(out, &run->colour, 1, bytes);
      out = putLength(out, run->length);
    }
    return out;
  }
  *out++ = kRaw;
  return putPixels(out, tile, count, bytes);
}

template <typename Encode>
std::size_t eachTile(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                     std::size_t height, const Translation& t, std::uint8_t* out, Encode encode) {
  const std::uint8_t* const start = out;
  std::uint32_t tile[kTilePixels];
  for (std::size_t top = 0; top < height; top += kZrleTileSide) {
    const std::size_t tileHeight = std::min(kZrleTileSide, height - top);
    for (std::size_t left = 0; left < width; left += kZrleTileSide) {
      const std::size_t tileWidth = std::min(kZrleTileSide, width - left);
      const std::uint8_t* corner = source + top * strideBytes + left * t.sourceBytes;
      for (std::size_t y = 0; y < tileHeight; y++) {
        translateRow(corner + y * strideBytes, tileWidth, t, tile + y * tileWidth);
      }
      out = encode(tile, tileWidth, tileHeight, t.targetBytes, out);
    }
  }
  return static_cast<std::size_t>(out - start);
}

}  // namespace

std::size_t zrleBoundBytes(std::size_t width, std::size_t height, const Translation& t) {
  const std::size_t across = (width + kZrleTileSide - 1) / kZrleTileSide;
  const std::size_t down = (height + kZrleTileSide - 1) / kZrleTileSide;
  return across * down + width * height * t.targetBytes;
}

std::size_t encodeZrle(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                       std::size_t height, const Translation& t, std::uint8_t* out) {
  return eachTile(source, strideBytes, width, height, t, out, encodeTile);
}

}  // namespace umfb
