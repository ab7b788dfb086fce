#include "trackers/wp_async.h"

#include <fcntl.h>

#include "linux/uffd.h"
#include "memory/mapping.h"
#include "sys/system_error.h"

namespace umfb::wp_async {
namespace {

Descriptor duplicate(int fd) {
  Descriptor copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.isOpen()) throw SystemError("fcntl(F_DUPFD_CLOEXEC)");
  return copy;
}

}  // namespace

WpAsync::WpAsync(Descriptor uffd, Descriptor pagemap, std::uint64_t address, PageRange pages,
                 std::shared_ptr<Mapping> keepAlive)
    : keepAlive_(std::move(keepAlive)),
      uffd_(std::move(uffd)),
      pagemap_(std::move(pagemap)),
      address_(address),
      pages_(pages) {
  argument_.flags = PM_SCAN_WP_MATCHING | PM_SCAN_CHECK_WPASYNC;
  // Exactly these masks: the kernel's fast path, and the only ones that were never buggy (07b4377bdbe7).
  argument_.category_mask = PAGE_IS_WRITTEN;
  argument_.return_mask = PAGE_IS_WRITTEN;
}

void WpAsync::arm() {
  uffd::registerRange(uffd_.get(), address_, pages_.count * pageBytes(), UFFDIO_REGISTER_MODE_WP);
  // A fresh registration counts as written throughout: taking all of it protects all of it.
  scan(pages_, [](PageRange) {});
}

void WpAsync::disarm() noexcept {
  // It fails where it was not armed, and where the process or its mapping is gone.
  try {
    uffd::unregisterRange(uffd_.get(), address_, pages_.count * pageBytes());
  } catch (const SystemError&) {
  }
}

void WpAsync::harvest(PageBitmap& dirty, const PageBitmap& open) {
  // What is not scanned stays written, and is told once it is scanned again.
  open.forEachGap(pages_, [&](PageRange closed) { scan(closed, [&](PageRange run) { dirty.mark(run); }); });
}

template <typename Visit>
void WpAsync::scan(PageRange pages, Visit&& visit) {
  argument_.start = address_ + std::uint64_t{pages.first - pages_.first} * pageBytes();
  argument_.end = argument_.start + std::uint64_t{pages.count} * pageBytes();
  while (argument_.start < argument_.end) {
    const std::size_t count = pagemap::scan(pagemap_.get(), argument_, regions_);
    for (std::size_t i = 0; i < count; ++i) visit(pagesOf(regions_[i]));
    // Only what was reported was re-protected: when the vector is full, the kernel stops, and the rest is
    // due now.
    if (argument_.walk_end <= argument_.start) throw SystemError("ioctl(PAGEMAP_SCAN) made no progress", EIO);
    argument_.start = argument_.walk_end;
  }
}

PageRange WpAsync::pagesOf(const page_region& region) const {
  const std::uint64_t first = (region.start - address_) / pageBytes();
  const std::uint64_t count = (region.end - region.start) / pageBytes();
  return {pages_.first + static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)};
}

std::unique_ptr<WpAsync> openLocal(std::shared_ptr<Mapping> memory) {
  // Faults from kernel mode are resolved by the kernel too, so the restricted, unprivileged descriptor is
  // enough.
  Descriptor uffd = uffd::open(O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
  uffd::enable(uffd.get(), uffd::kWpAsyncFeatures);
  const auto address = reinterpret_cast<std::uintptr_t>(memory->data());
  const PageRange pages{0, static_cast<std::uint32_t>(memory->sizePages())};
  return std::make_unique<WpAsync>(std::move(uffd), pagemap::openOwn(), address, pages, std::move(memory));
}

std::unique_ptr<WpAsync> openRemote(const RemoteMapping& remote) {
  if (remote.uffd < 0) throw SystemError("wp-async", ENODEV, "the process has no userfaultfd for it");
  return std::make_unique<WpAsync>(duplicate(remote.uffd), duplicate(remote.pagemap), remote.address,
                                   remote.pages, nullptr);
}

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell>) {
  return openLocal(std::move(memory));
}

std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell>) {
  return openRemote(remote);
}

}  // namespace umfb::wp_async
