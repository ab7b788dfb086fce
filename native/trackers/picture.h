#pragma once

#include <cstddef>
#include <cstdint>

#include "memory/page_bitmap.h"

namespace umfb {

/// Which bytes of the device's memory are shown: rows that lie a stride apart.
struct Picture {
  std::size_t offsetBytes;
  std::size_t strideBytes;
  /// At most strideBytes, which are more where rows are padded.
  std::size_t rowBytes;
  std::size_t rows;

  /// Memory as one row.
  static Picture ofAll(std::size_t sizeBytes) { return {0, sizeBytes, sizeBytes, 1}; }

  std::size_t endBytes() const { return offsetBytes + (rows - 1) * strideBytes + rowBytes; }
  /// The pages from that of the first shown byte to that of the last one.
  PageRange pages() const;

  /// Whether shown bytes of that page differ.
  /// @param live the whole memory
  /// @param shadow from the picture's first byte on: it stays where it is when the picture moves
  bool differs(std::uint32_t page, const std::uint8_t* live, const std::uint8_t* shadow) const;
};

}  // namespace umfb
