#include <algorithm>
#include <vector>

#include "pixels/refine.h"

namespace umfb {
namespace {

struct Run {
  std::int32_t x1, x2;
  RectList::Slot slot;
};

bool compareCopyPixel(const std::uint8_t* live, std::uint8_t* shadow, unsigned bytesPerPixel) {
  bool changed = false;
  for (unsigned byte = 0; byte < bytesPerPixel; byte++) {
    const std::uint8_t value = static_cast<const volatile std::uint8_t*>(live)[byte];
    if (value != shadow[byte]) changed = true;
    shadow[byte] = value;
  }
  return changed;
}

std::vector<Run> runsOf(const std::vector<bool>& changed, std::int32_t joinGap) {
  std::vector<Run> runs;
  for (std::int32_t x = 0; x < static_cast<std::int32_t>(changed.size()); x++) {
    if (!changed[x]) continue;
    if (!runs.empty() && x - runs.back().x2 < joinGap) {
      runs.back().x2 = x + 1;
    } else {
      runs.push_back({x, x + 1, {}});
    }
  }
  return runs;
}

}  // namespace

std::size_t refinePlain(const std::uint8_t* live, std::uint8_t* shadow, std::size_t strideBytes,
                        unsigned bytesPerPixel, std::int32_t joinGap, std::span<const Rect> candidates,
                        std::span<Rect> out) {
  std::int32_t height = 0;
  for (const Rect& rect : candidates) height = std::max(height, rect.y2);

  RectList list(out);
  std::vector<Run> above;
  for (std::int32_t y = 0; y < height; y++) {
    std::vector<bool> changed(strideBytes / bytesPerPixel);
    for (const Rect& rect : candidates) {
      if (y < rect.y1 || y >= rect.y2) continue;
      for (std::int32_t x = rect.x1; x < rect.x2; x++) {
        const std::size_t at = y * strideBytes + x * std::size_t{bytesPerPixel};
        if (compareCopyPixel(live + at, shadow + at, bytesPerPixel)) changed[x] = true;
      }
    }
    std::vector<Run> runs = runsOf(changed, list.widened(joinGap));
    for (Run& run : runs) {
      const auto same = std::find_if(above.begin(), above.end(), [&](const Run& other) {
        return other.x1 == run.x1 && other.x2 == run.x2;
      });
      if (same != above.end() && list.extendDown(same->slot, y + 1)) {
        run.slot = same->slot;
      } else {
        run.slot = list.add({run.x1, y, run.x2, y + 1});
      }
    }
    above = std::move(runs);
  }
  return list.count();
}

}  // namespace umfb
