#include "pixels/rect_list.h"

#include <algorithm>
#include <utility>

namespace umfb {
namespace {

constexpr int smallestCellShift = 4;
constexpr int largestCellShift = 31;

std::pair<std::int32_t, std::int32_t> cellOf(const Rect& rect, int cellShift) {
  return {rect.y1 >> cellShift, rect.x1 >> cellShift};
}

void growToHold(Rect& box, const Rect& rect) {
  box.x1 = std::min(box.x1, rect.x1);
  box.y1 = std::min(box.y1, rect.y1);
  box.x2 = std::max(box.x2, rect.x2);
  box.y2 = std::max(box.y2, rect.y2);
}

}  // namespace

void RectList::mergeNeighbours() {
  mergings_++;
  // The largest cell holds every coordinate that is not negative: one rect is left.
  for (int shift = smallestCellShift; shift <= largestCellShift; shift++) {
    count_ = mergeWithinCells(shift);
    if (count_ <= room_.size() / 2) return;
  }
}

/// Merges the rects whose first corners lie in the same cell of a grid. @returns the number of rects left
std::size_t RectList::mergeWithinCells(int cellShift) {
  const auto rects = room_.first(count_);
  std::sort(rects.begin(), rects.end(),
            [=](const Rect& a, const Rect& b) { return cellOf(a, cellShift) < cellOf(b, cellShift); });
  std::size_t kept = 0;
  for (const Rect& rect : rects) {
    if (kept > 0 && cellOf(rects[kept - 1], cellShift) == cellOf(rect, cellShift)) {
      growToHold(rects[kept - 1], rect);
    } else {
      rects[kept++] = rect;
    }
  }
  return kept;
}

}  // namespace umfb
