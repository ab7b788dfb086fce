#include "trackers/compare.h"

#include <cstring>

namespace umfb::compare {

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping>, std::shared_ptr<Doorbell>) { return nullptr; }

std::unique_ptr<Tracker> trackRemote(const RemoteMapping&, std::shared_ptr<Doorbell>) { return nullptr; }

void findChanged(const PageBitmap& candidates, const Mapping& memory, std::span<const std::uint8_t> shadow,
                 PageBitmap& dirty) {
  const std::size_t length = pageBytes();
  candidates.forEachMissingFrom(dirty, [&](std::uint32_t page) {
    const std::size_t offset = page * length;
    if (std::memcmp(memory.view() + offset, shadow.data() + offset, length) != 0) dirty.mark({page, 1});
  });
}

}  // namespace umfb::compare
