#include "trackers/compare.h"

namespace umfb::compare {

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping>, std::shared_ptr<Doorbell>) { return nullptr; }

std::unique_ptr<Tracker> trackRemote(const RemoteMapping&, std::shared_ptr<Doorbell>) { return nullptr; }

void findChanged(const PageBitmap& candidates, const Picture& picture, const Mapping& memory,
                 std::span<const std::uint8_t> shadow, PageBitmap& dirty) {
  candidates.forEachMissingFrom(dirty, [&](std::uint32_t page) {
    if (picture.differs(page, memory.view(), shadow.data())) dirty.mark({page, 1});
  });
}

}  // namespace umfb::compare
