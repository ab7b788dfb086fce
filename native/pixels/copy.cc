#include "pixels/copy.h"

#include <cstring>
#include <functional>
#include <vector>

namespace umfb {

void copy(const std::uint8_t* from, std::size_t fromStrideBytes, std::uint8_t* to, std::size_t toStrideBytes,
          std::size_t rowBytes, std::size_t height) {
  if (rowBytes == fromStrideBytes && rowBytes == toStrideBytes) {
    std::memmove(to, from, rowBytes * height);
    return;
  }
  // The row that is written may be one that is still to be read only on the side that was read already.
  if (std::less<const std::uint8_t*>{}(to, from)) {
    for (std::size_t y = 0; y < height; y++)
      std::memmove(to + y * toStrideBytes, from + y * fromStrideBytes, rowBytes);
  } else {
    for (std::size_t y = height; y-- > 0;)
      std::memmove(to + y * toStrideBytes, from + y * fromStrideBytes, rowBytes);
  }
}

void copyPlain(const std::uint8_t* from, std::size_t fromStrideBytes, std::uint8_t* to,
               std::size_t toStrideBytes, std::size_t rowBytes, std::size_t height) {
  std::vector<std::uint8_t> all;
  for (std::size_t y = 0; y < height; y++) {
    for (std::size_t i = 0; i < rowBytes; i++) all.push_back(from[y * fromStrideBytes + i]);
  }
  for (std::size_t y = 0; y < height; y++) {
    for (std::size_t i = 0; i < rowBytes; i++) to[y * toStrideBytes + i] = all[y * rowBytes + i];
  }
}

}  // namespace umfb
