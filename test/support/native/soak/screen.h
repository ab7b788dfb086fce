#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pixels/rect_list.h"
#include "trackers/device_tracker.h"
#include "tracking.h"

namespace umfb::soak {

/// Device memory, its tracker and its shadow, and what a surface does with them at each frame. A row of
/// pixels is a page, so that what a page lost is not repaired by a row that it shares with another.
class Screen {
public:
  Screen(std::shared_ptr<Mapping> memory, const Tracking& tracking);

  Mapping& memory() { return *memory_; }
  DeviceTracker& tracker() { return tracker_; }
  std::uint32_t words() const { return static_cast<std::uint32_t>(shadow_.size() / sizeof(std::uint32_t)); }
  /// A word of the shadow.
  std::uint32_t shown(std::uint32_t word) const;

  /**
   * Harvests into a vector of `maxRuns` runs, and refines what is dirty.
   * @returns false where the vector was full: more may be dirty
   */
  bool frame(std::uint32_t maxRuns);
  bool frame() { return frame(sizePages()); }

  std::uint32_t sizePages() const { return tracker_.sizePages(); }
  /// The dirty pages of the last frame, [first, count] each.
  const std::vector<PageRange>& dirty() const { return dirty_; }
  std::uint64_t frames() const { return frames_; }

  /// What is not as it should be: a stamp that went back in a frame, or, once the writers are silent, a page
  /// whose shadow is not what the memory holds.
  std::optional<std::string> stampThatWentBack() const { return wentBack_; }
  std::optional<std::string> stalePage() const;

private:
  void refinePages(PageRange pages);

  std::shared_ptr<Mapping> memory_;
  std::vector<std::uint8_t> shadow_;
  /// The shadow's dirty pages before the frame.
  std::vector<std::uint32_t> before_;
  std::vector<std::uint32_t> runs_;
  std::vector<Rect> rects_;
  std::vector<PageRange> dirty_;
  DeviceTracker tracker_;
  std::uint64_t frames_ = 0;
  std::optional<std::string> wentBack_;
};

}  // namespace umfb::soak
