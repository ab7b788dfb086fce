#include "trackers/wp_sync.h"

#include <fcntl.h>

#include "linux/uffd.h"
#include "sys/system_error.h"

namespace umfb::wp_sync {

WpSync::WpSync(Descriptor uffd, std::uint64_t address, PageRange pages, std::shared_ptr<Doorbell> doorbell,
               std::shared_ptr<Mapping> keepAlive)
    : FaultTracker(std::move(uffd), address, pages, std::move(doorbell), std::move(keepAlive)) {}

bool WpSync::resolve(PageRange page, std::uint64_t flags) {
  // Anything else was registered by who shares the userfaultfd, who waits for itself.
  if ((flags & UFFD_PAGEFAULT_FLAG_WP) == 0) return false;
  uffd::writeProtect(uffd(), addressOf(page), lengthOf(page), false);
  return true;
}

void WpSync::take(PageBitmap& dirty, const PageBitmap& open) {
  takeRecord(dirty, open, [this](PageRange run) { protect(run); });
}

void WpSync::protect(PageRange pages) { uffd::writeProtect(uffd(), addressOf(pages), lengthOf(pages), true); }

Descriptor openLocal(std::uint64_t features) {
  constexpr int flags = O_CLOEXEC | O_NONBLOCK;
  Descriptor uffd;
  try {
    uffd = uffd::open(flags);
  } catch (const SystemError&) {
    uffd = uffd::open(flags | UFFD_USER_MODE_ONLY);
  }
  uffd::enable(uffd.get(), features);
  return uffd;
}

Descriptor openRemote(const RemoteMapping& remote, const char* mechanism) {
  if (remote.syncUffd < 0) throw SystemError(mechanism, ENODEV, "the process has no userfaultfd for it");
  if (!uffd::isReadableWithoutWaiting(remote.syncUffd)) {
    throw SystemError(mechanism, EOPNOTSUPP, "of other processes needs Linux 6.10");
  }
  Descriptor copy(fcntl(remote.syncUffd, F_DUPFD_CLOEXEC, 0));
  if (!copy.isOpen()) throw SystemError("fcntl(F_DUPFD_CLOEXEC)");
  return copy;
}

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell) {
  Descriptor uffd = openLocal(kFeatures);
  const auto address = reinterpret_cast<std::uintptr_t>(memory->data());
  const PageRange pages{0, static_cast<std::uint32_t>(memory->sizePages())};
  return std::make_unique<WpSync>(std::move(uffd), address, pages, std::move(doorbell), std::move(memory));
}

std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell) {
  return std::make_unique<WpSync>(openRemote(remote, "wp-sync"), remote.address, remote.pages,
                                  std::move(doorbell), nullptr);
}

}  // namespace umfb::wp_sync
