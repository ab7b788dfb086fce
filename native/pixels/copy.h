/// A rect to another place, of the same picture or of another one: fbdev's copyarea, and imageblit in colour.
#pragma once

#include <cstddef>
#include <cstdint>

namespace umfb {

/**
 * What is at `to` becomes what was at `from`, as memmove does it: the two may overlap in any direction, if
 * they lie in one picture. Two pictures must not overlap unless it does not matter what is shown.
 *
 * @param rowBytes at most either stride, unless there is but one row
 */
void copy(const std::uint8_t* from, std::size_t fromStrideBytes, std::uint8_t* to, std::size_t toStrideBytes,
          std::size_t rowBytes, std::size_t height);

/// The same, byte by byte by way of memory of its own: what tests compare it with.
void copyPlain(const std::uint8_t* from, std::size_t fromStrideBytes, std::uint8_t* to,
               std::size_t toStrideBytes, std::size_t rowBytes, std::size_t height);

}  // namespace umfb
