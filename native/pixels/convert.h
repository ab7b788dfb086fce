/// Pixels of a surface as a viewer's.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pixels/translation.h"

namespace umfb {

/// Writes width x height pixels, rows without padding, to `out`: width * height * targetBytes bytes.
void convert(const std::uint8_t* source, std::size_t strideBytes, std::size_t width, std::size_t height,
             const Translation& t, std::uint8_t* out);

/// The same, a pixel at a time: what tests compare convert with.
void convertPlain(const std::uint8_t* source, std::size_t strideBytes, std::size_t width, std::size_t height,
                  const Translation& t, std::uint8_t* out);

/// One row as words, whatever the target's size is: for encoders that look at pixels before they write them.
void translateRow(const std::uint8_t* source, std::size_t width, const Translation& t, std::uint32_t* out);

}  // namespace umfb
