#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "pixels/rect_list.h"

namespace umfb {

/**
 * Compares live pixels with their shadow inside candidate rects and copies what differs, in one pass (see
 * compareCopyLanes), and says which pixels differed.
 *
 * Changed pixels of one row fewer than `joinGap` pixels apart become one run, touching ones always. Equal
 * runs of adjacent rows become one rect. Rects are ordered by y1, then x1, and disjoint, unless `out` was too
 * small (see RectList; the gap that is joined doubles each time).
 *
 * @param strideBytes of both `live` and `shadow`, from one row to the next
 * @param bytesPerPixel 1 to 4
 * @param joinGap 0 to largestJoinGap
 * @param candidates not empty, inside both pictures, their y1 never decreasing
 * @param out room for at least two rects
 * @returns rects written
 */
std::size_t refine(const std::uint8_t* live, std::uint8_t* shadow, std::size_t strideBytes,
                   unsigned bytesPerPixel, std::int32_t joinGap, std::span<const Rect> candidates,
                   std::span<Rect> out);

/// The same, pixel by pixel in the plainest way: what tests compare `refine` with.
std::size_t refinePlain(const std::uint8_t* live, std::uint8_t* shadow, std::size_t strideBytes,
                        unsigned bytesPerPixel, std::int32_t joinGap, std::span<const Rect> candidates,
                        std::span<Rect> out);

}  // namespace umfb
