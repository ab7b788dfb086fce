#include "pixels/refine.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "pixels/compare_copy.h"

namespace umfb {
namespace {

struct Run {
  std::int32_t x1, x2;
  RectList::Slot slot;
};

/// Memory that one call leaves to the next, so that a frame allocates nothing.
struct Scratch {
  std::vector<Rect> active;
  std::vector<std::uint64_t> changed;
  std::vector<Run> runs, above;
};

/// Bits of bytes → bits of pixels: where one byte of a pixel differs, all its bits are set.
template <unsigned bytesPerPixel>
std::uint64_t wholePixels(std::uint64_t bits) {
  if constexpr (bytesPerPixel == 2) {
    return ((bits | bits >> 1) & 0x5555555555555555) * 0b11;
  } else if constexpr (bytesPerPixel == 3) {
    return ((bits | bits >> 1 | bits >> 2) & 0x9249249249249249) * 0b111;
  } else if constexpr (bytesPerPixel == 4) {
    return ((bits | bits >> 1 | bits >> 2 | bits >> 3) & 0x1111111111111111) * 0b1111;
  } else {
    return bits;
  }
}

/// Runs come from left to right, unless candidates overlap: then nothing is lost, though more is joined.
void addRun(std::vector<Run>& runs, std::int32_t x1, std::int32_t x2, std::int32_t joinGap) {
  if (!runs.empty() && x1 - runs.back().x2 < joinGap) {
    runs.back().x1 = std::min(runs.back().x1, x1);
    runs.back().x2 = std::max(runs.back().x2, x2);
  } else {
    runs.push_back({x1, x2, {}});
  }
}

/// @param x of the lane's first pixel
template <unsigned bytesPerPixel>
void addRunsOfLane(std::uint64_t bits, std::int32_t x, std::vector<Run>& runs, std::int32_t joinGap) {
  for (bits = wholePixels<bytesPerPixel>(bits); bits != 0;) {
    const unsigned first = std::countr_zero(bits);
    const unsigned end = first + std::countr_one(bits >> first);
    addRun(runs, x + first / bytesPerPixel, x + end / bytesPerPixel, joinGap);
    if (end == 64) return;
    bits &= ~std::uint64_t{0} << end;
  }
}

/// Compares and copies the pixels x1 to x2 of a row and appends the runs of those that changed.
template <unsigned bytesPerPixel>
void refineRow(const std::uint8_t* live, std::uint8_t* shadow, std::int32_t x1, std::int32_t x2,
               std::int32_t joinGap, Scratch& scratch) {
  constexpr std::size_t laneBytes = bytesPerPixel == 3 ? 48 : 64;
  constexpr std::int32_t lanePixels = laneBytes / bytesPerPixel;
  static const CompareCopyLanes compareCopy =
      bytesPerPixel == 3 ? fastestKernel().lanes48 : fastestKernel().lanes64;

  const std::size_t from = std::size_t{bytesPerPixel} * x1;
  const std::size_t bytes = std::size_t{bytesPerPixel} * (x2 - x1);
  const std::size_t lanes = bytes / laneBytes;
  if (scratch.changed.size() < lanes) scratch.changed.resize(lanes);
  std::int32_t x = x1;
  if (compareCopy(live + from, shadow + from, lanes, scratch.changed.data()) != 0) {
    for (std::size_t lane = 0; lane < lanes; lane++, x += lanePixels) {
      addRunsOfLane<bytesPerPixel>(scratch.changed[lane], x, scratch.runs, joinGap);
    }
  }
  const std::size_t done = from + lanes * laneBytes;
  const std::uint64_t rest = compareCopyRest(live + done, shadow + done, bytes % laneBytes);
  addRunsOfLane<bytesPerPixel>(rest, x1 + static_cast<std::int32_t>(lanes) * lanePixels, scratch.runs,
                               joinGap);
}

/// Makes rects of the runs of row `y`, of those in the row above where they are equal.
void stackRuns(std::vector<Run>& runs, const std::vector<Run>& above, std::int32_t y, RectList& list) {
  auto other = above.begin();
  for (Run& run : runs) {
    while (other != above.end() && other->x1 < run.x1) ++other;
    const bool same = other != above.end() && other->x1 == run.x1 && other->x2 == run.x2;
    const bool extended = same && list.extendDown(other->slot, y + 1);
    run.slot = extended ? other->slot : list.add({run.x1, y, run.x2, y + 1});
  }
}

void insertByLeft(std::vector<Rect>& rects, const Rect& rect) {
  const auto isLeft = [](const Rect& a, const Rect& b) { return a.x1 < b.x1; };
  rects.insert(std::upper_bound(rects.begin(), rects.end(), rect, isLeft), rect);
}

/// Row by row through all candidates at once, so that runs join and stack across the borders of candidates.
template <unsigned bytesPerPixel>
std::size_t refinePixels(const std::uint8_t* live, std::uint8_t* shadow, std::size_t strideBytes,
                         std::int32_t joinGap, std::span<const Rect> candidates, std::span<Rect> out) {
  thread_local Scratch scratch;
  auto& active = scratch.active;
  auto& runs = scratch.runs;
  auto& above = scratch.above;
  active.clear();
  above.clear();

  RectList list(out);
  auto next = candidates.begin();
  std::int32_t y = 0;
  while (next != candidates.end() || !active.empty()) {
    if (active.empty() && next->y1 > y) {
      y = next->y1;
      above.clear();
    }
    for (; next != candidates.end() && next->y1 == y; ++next) insertByLeft(active, *next);
    runs.clear();
    for (const Rect& rect : active) {
      refineRow<bytesPerPixel>(live + y * strideBytes, shadow + y * strideBytes, rect.x1, rect.x2,
                               list.widened(joinGap), scratch);
    }
    stackRuns(runs, above, y, list);
    runs.swap(above);
    y++;
    std::erase_if(active, [=](const Rect& rect) { return rect.y2 == y; });
  }
  return list.count();
}

}  // namespace

std::size_t refine(const std::uint8_t* live, std::uint8_t* shadow, std::size_t strideBytes,
                   unsigned bytesPerPixel, std::int32_t joinGap, std::span<const Rect> candidates,
                   std::span<Rect> out) {
  switch (bytesPerPixel) {
    case 1:
      return refinePixels<1>(live, shadow, strideBytes, joinGap, candidates, out);
    case 2:
      return refinePixels<2>(live, shadow, strideBytes, joinGap, candidates, out);
    case 3:
      return refinePixels<3>(live, shadow, strideBytes, joinGap, candidates, out);
    default:
      return refinePixels<4>(live, shadow, strideBytes, joinGap, candidates, out);
  }
}

}  // namespace umfb
