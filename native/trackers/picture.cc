#include "trackers/picture.h"

#include <algorithm>
#include <cstring>

#include "memory/mapping.h"

namespace umfb {

PageRange Picture::pages() const {
  const std::size_t first = offsetBytes / pageBytes();
  const std::size_t end = (endBytes() + pageBytes() - 1) / pageBytes();
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first)};
}

bool Picture::differs(std::uint32_t page, const std::uint8_t* live, const std::uint8_t* shadow) const {
  const std::size_t pageStart = page * pageBytes();
  std::size_t at = std::max(pageStart, offsetBytes);
  const std::size_t end = std::min(pageStart + pageBytes(), endBytes());
  while (at < end) {
    const std::size_t inRow = (at - offsetBytes) % strideBytes;
    const std::size_t rowEnd = strideBytes == rowBytes ? end : std::min(end, at - inRow + rowBytes);
    if (at < rowEnd && std::memcmp(live + at, shadow + (at - offsetBytes), rowEnd - at) != 0) return true;
    if (rowEnd == end) return false;
    at += strideBytes - inRow;
  }
  return false;
}

}  // namespace umfb
