// Each tile in every form that it can take; the shortest wins. Slow, and easy to hold against RFC
// 6143, 7.7.6.
#include <algorithm>
#include <vector>

#include "pixels/zrle.h"

namespace umfb {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Pixels = std::vector<std::uint32_t>;

void putPixel(Bytes& out, std::uint32_t pixel, std::uint32_t bytes) {
  std::uint8_t memory[4];
  storePixel(memory, pixel, bytes);
  out.insert(out.end(), memory, memory + bytes);
}

void putRunLength(Bytes& out, std::size_t length) {
  out.insert(out.end(), (length - 1) / 255, 255);
  out.push_back(static_cast<std::uint8_t>((length - 1) % 255));
}

std::size_t runLength(const Pixels& tile, std::size_t from) {
  std::size_t end = from;
  while (end < tile.size() && tile[end] == tile[from]) end++;
  return end - from;
}

Pixels coloursOf(const Pixels& tile) {
  Pixels colours;
  for (std::uint32_t pixel : tile) {
    if (std::find(colours.begin(), colours.end(), pixel) == colours.end()) colours.push_back(pixel);
  }
  return colours;
}

std::size_t indexOf(const Pixels& colours, std::uint32_t pixel) {
  return static_cast<std::size_t>(std::find(colours.begin(), colours.end(), pixel) - colours.begin());
}

Bytes formOf(std::size_t subencoding, const Pixels& colours, std::uint32_t bytes) {
  Bytes out = {static_cast<std::uint8_t>(subencoding)};
  for (std::uint32_t colour : colours) putPixel(out, colour, bytes);
  return out;
}

Bytes packed(const Pixels& tile, const Pixels& colours, std::size_t width, std::uint32_t bytes) {
  Bytes out = formOf(colours.size(), colours, bytes);
  const std::size_t bits = colours.size() == 2 ? 1 : colours.size() <= 4 ? 2 : 4;
  for (std::size_t row = 0; row < tile.size(); row += width) {
    for (std::size_t x = 0; x < width; x++) {
      const std::size_t bit = x * bits % 8;
      if (bit == 0) out.push_back(0);
      out.back() |= static_cast<std::uint8_t>(indexOf(colours, tile[row + x]) << (8 - bits - bit));
    }
  }
  return out;
}

Bytes indexedRuns(const Pixels& tile, const Pixels& colours, std::uint32_t bytes) {
  Bytes out = formOf(128 + colours.size(), colours, bytes);
  for (std::size_t i = 0, length; i < tile.size(); i += length) {
    length = runLength(tile, i);
    const std::size_t index = indexOf(colours, tile[i]);
    out.push_back(static_cast<std::uint8_t>(length == 1 ? index : index + 128));
    if (length > 1) putRunLength(out, length);
  }
  return out;
}

Bytes runs(const Pixels& tile, std::uint32_t bytes) {
  Bytes out = {128};
  for (std::size_t i = 0, length; i < tile.size(); i += length) {
    length = runLength(tile, i);
    putPixel(out, tile[i], bytes);
    putRunLength(out, length);
  }
  return out;
}

// On a tie the earlier form is taken.
Bytes encodeTile(const Pixels& tile, std::size_t width, std::uint32_t bytes) {
  const Pixels colours = coloursOf(tile);
  if (colours.size() == 1) return formOf(1, colours, bytes);
  std::vector<Bytes> forms;
  if (colours.size() <= 16) forms.push_back(packed(tile, colours, width, bytes));
  if (colours.size() <= 127) forms.push_back(indexedRuns(tile, colours, bytes));
  forms.push_back(runs(tile, bytes));
  forms.push_back(formOf(0, tile, bytes));
  return *std::min_element(forms.begin(), forms.end(),
                           [](const Bytes& a, const Bytes& b) { return a.size() < b.size(); });
}

}  // namespace

std::size_t encodeZrlePlain(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                            std::size_t height, const Translation& t, std::uint8_t* out) {
  std::uint8_t* const start = out;
  for (std::size_t top = 0; top < height; top += kZrleTileSide) {
    for (std::size_t left = 0; left < width; left += kZrleTileSide) {
      const std::size_t right = std::min(left + kZrleTileSide, width);
      Pixels tile;
      for (std::size_t y = top; y < std::min(top + kZrleTileSide, height); y++) {
        for (std::size_t x = left; x < right; x++) {
          const std::uint8_t* at = source + y * strideBytes + x * t.sourceBytes;
          tile.push_back(translatePixel(t, loadPixel(at, t.sourceBytes)));
        }
      }
      const Bytes encoded = encodeTile(tile, right - left, t.targetBytes);
      out = std::copy(encoded.begin(), encoded.end(), out);
    }
  }
  return static_cast<std::size_t>(out - start);
}

}  // namespace umfb
