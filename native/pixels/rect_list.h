#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace umfb {

/// Half-open, in pixels; as an int32 quadruple it crosses to JavaScript.
struct Rect {
  std::int32_t x1, y1, x2, y2;
};
static_assert(sizeof(Rect) == 16);

/// Wider than any row of pixels; a gap of it can be doubled 15 times.
inline constexpr std::int32_t largestJoinGap = 1 << 15;

/**
 * Rects in memory of the caller's, with room for a fixed number. When one more does not fit, rects close to
 * each other are merged into their boxes until half of the room is free: too many pixels, never too few.
 * Boxes may overlap.
 */
class RectList {
public:
  /// A rect that may still become taller. Merging ends that.
  struct Slot {
    std::size_t index;
    unsigned mergings;
  };

  /// @param room for at least two rects
  explicit RectList(std::span<Rect> room) : room_(room) {}

  Slot add(const Rect& rect) {
    if (count_ == room_.size()) mergeNeighbours();
    room_[count_] = rect;
    return {count_++, mergings_};
  }

  /// @returns false when the rect was merged with others meanwhile
  bool extendDown(Slot slot, std::int32_t y2) {
    if (slot.mergings != mergings_) return false;
    room_[slot.index].y2 = y2;
    return true;
  }

  std::size_t count() const { return count_; }
  /// The gap between two runs of a row that is to be joined: twice as wide each time the room was not enough.
  std::int32_t widened(std::int32_t joinGap) const {
    return std::max(joinGap, std::int32_t{1}) << std::min(mergings_, 15u);
  }

private:
  void mergeNeighbours();
  std::size_t mergeWithinCells(int cellShift);

  std::span<Rect> room_;
  std::size_t count_ = 0;
  unsigned mergings_ = 0;
};

}  // namespace umfb
