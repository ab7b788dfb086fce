#include "pixels/fill.h"

#include <algorithm>
#include <cstring>

#include "pixels/pixel_value.h"

namespace umfb {
namespace {

/// Whole pixels of every size; small enough to stay in the first cache, large enough for memcpy to take its
/// way of storing that reads nothing before (a smaller one takes half as long again).
constexpr std::size_t blockBytes = 12288;
/// Whole pixels of every size, and whole words.
constexpr std::size_t patternBytes = 24;

/// Writes pixels of one colour to the first `bytes` of `block`, each half from the half before it.
void repeat(std::uint8_t* block, std::size_t bytes, unsigned bytesPerPixel, std::uint32_t colour) {
  storePixel(block, colour, bytesPerPixel);
  for (std::size_t done = bytesPerPixel; done < bytes; done *= 2) {
    std::memcpy(block + done, block, std::min(done, bytes - done));
  }
}

bool isOneByteRepeated(unsigned bytesPerPixel, std::uint32_t colour) {
  std::uint8_t pixel[4] = {};
  storePixel(pixel, colour, bytesPerPixel);
  return std::all_of(pixel, pixel + bytesPerPixel, [&](std::uint8_t byte) { return byte == pixel[0]; });
}

}  // namespace

void fill(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
          std::size_t height, std::uint32_t colour) {
  std::size_t rowBytes = width * bytesPerPixel;
  if (rowBytes == strideBytes) {
    rowBytes *= height;
    height = 1;
  }
  if (isOneByteRepeated(bytesPerPixel, colour)) {
    for (; height > 0; height--, corner += strideBytes)
      std::memset(corner, static_cast<int>(colour & 255), rowBytes);
    return;
  }
  std::uint8_t block[blockBytes];
  repeat(block, std::min(rowBytes, blockBytes), bytesPerPixel, colour);
  for (; height > 0; height--, corner += strideBytes) {
    for (std::size_t at = 0; at < rowBytes; at += blockBytes) {
      std::memcpy(corner + at, block, std::min(blockBytes, rowBytes - at));
    }
  }
}

void fillXor(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
             std::size_t height, std::uint32_t colour) {
  std::uint8_t pattern[patternBytes];
  repeat(pattern, patternBytes, bytesPerPixel, colour);
  const std::size_t rowBytes = width * bytesPerPixel;
  for (; height > 0; height--, corner += strideBytes) {
    std::size_t at = 0;
    for (; at + patternBytes <= rowBytes; at += patternBytes) {
      for (std::size_t i = 0; i < patternBytes; i++) corner[at + i] ^= pattern[i];
    }
    for (std::size_t i = 0; at + i < rowBytes; i++) corner[at + i] ^= pattern[i];
  }
}

void fillPlain(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
               std::size_t height, std::uint32_t colour) {
  for (std::size_t y = 0; y < height; y++) {
    for (std::size_t x = 0; x < width; x++)
      storePixel(corner + y * strideBytes + x * bytesPerPixel, colour, bytesPerPixel);
  }
}

void fillXorPlain(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
                  std::size_t height, std::uint32_t colour) {
  for (std::size_t y = 0; y < height; y++) {
    for (std::size_t x = 0; x < width; x++) {
      std::uint8_t* at = corner + y * strideBytes + x * bytesPerPixel;
      storePixel(at, loadPixel(at, bytesPerPixel) ^ colour, bytesPerPixel);
    }
  }
}

}  // namespace umfb
