/// One colour over a rect, as fbdev's fillrect does it. What is filled begins at `corner`, its first pixel.
#pragma once

#include <cstddef>
#include <cstdint>

namespace umfb {

/// @param colour a pixel's value; bits that a pixel has no room for are left out
void fill(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
          std::size_t height, std::uint32_t colour);

/// The same, exclusive-or: a second call takes the first one back.
void fillXor(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
             std::size_t height, std::uint32_t colour);

/// The same, pixel by pixel: what tests compare them with.
void fillPlain(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
               std::size_t height, std::uint32_t colour);
void fillXorPlain(std::uint8_t* corner, std::size_t strideBytes, unsigned bytesPerPixel, std::size_t width,
                  std::size_t height, std::uint32_t colour);

}  // namespace umfb
