#include "trackers/zap.h"

#include <sys/mman.h>

#include <vector>

#include "linux/uffd.h"
#include "sys/system_error.h"
#include "trackers/zap_remote.h"

namespace umfb::zap {
namespace {

/// Of this process's own mapping: it unmaps the pages itself.
class ZapLocal final : public ZapTracker {
public:
  ZapLocal(Descriptor uffd, std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell, Loads loads)
      : ZapTracker(std::move(uffd), reinterpret_cast<std::uintptr_t>(memory->data()),
                   {0, static_cast<std::uint32_t>(memory->sizePages())}, std::move(doorbell), memory, loads) {
  }
  ~ZapLocal() override { disarm(); }

private:
  void begin() override { unmap(pages()); }
  void take(PageBitmap& dirty, const PageBitmap& open) override {
    takeRecord(dirty, open, [this](PageRange run) { unmap(run); });
  }

  void unmap(PageRange pages) {
    // When it returns, no processor has the pages mapped any more (mm/memory.c, zap_page_range_single).
    if (madvise(reinterpret_cast<void*>(addressOf(pages)), lengthOf(pages), MADV_DONTNEED) != 0) {
      throw SystemError("madvise(MADV_DONTNEED)");
    }
  }
};

std::unique_ptr<Tracker> local(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell,
                               Loads loads) {
  return std::make_unique<ZapLocal>(wp_sync::openLocal(features(loads)), std::move(memory),
                                    std::move(doorbell), loads);
}

std::unique_ptr<Tracker> remote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell,
                                Loads loads) {
  return std::make_unique<ZapRemote>(wp_sync::openRemote(remote, "zap"), remote, std::move(doorbell), loads);
}

}  // namespace

ZapTracker::ZapTracker(Descriptor uffd, std::uint64_t address, PageRange pages,
                       std::shared_ptr<Doorbell> doorbell, std::shared_ptr<Mapping> keepAlive, Loads loads)
    : FaultTracker(std::move(uffd), address, pages, std::move(doorbell), std::move(keepAlive)),
      loads_(loads) {}

std::uint64_t ZapTracker::modes() const {
  // Missing too: a page that nobody has stored to yet is in no page cache, and no minor fault.
  constexpr std::uint64_t unmapped = UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_MINOR;
  return loads_ == Loads::kCounted ? unmapped : unmapped | UFFDIO_REGISTER_MODE_WP;
}

bool ZapTracker::resolve(PageRange page, std::uint64_t flags) {
  if ((flags & UFFD_PAGEFAULT_FLAG_WP) != 0) return unprotect(page);
  const bool writable = loads_ == Loads::kCounted || (flags & UFFD_PAGEFAULT_FLAG_WRITE) != 0;
  return map(page, writable, (flags & UFFD_PAGEFAULT_FLAG_MINOR) == 0);
}

bool ZapTracker::unprotect(PageRange page) {
  uffd::writeProtect(uffd(), addressOf(page), lengthOf(page), false);
  return true;
}

bool ZapTracker::map(PageRange page, bool writable, bool fresh) {
  static const std::vector<std::uint8_t> zeros(pageBytes());
  try {
    if (fresh) {
      uffd::copy(uffd(), addressOf(page), zeros, writable ? 0 : UFFDIO_COPY_MODE_WP);
    } else {
      uffd::continueRange(uffd(), addressOf(page), lengthOf(page), writable ? 0 : UFFDIO_CONTINUE_MODE_WP);
    }
    return writable;
  } catch (const SystemError& failure) {
    // EEXIST: it is in the page cache by now, or mapped. EFAULT: it is not in the page cache any more.
    if (failure.number() == EEXIST && !fresh) return alreadyMapped(page, writable);
    if (failure.number() != EEXIST && failure.number() != EFAULT) throw;
  }
  // What it is now, the next fault says.
  uffd::wake(uffd(), addressOf(page), lengthOf(page));
  return false;
}

/// By the fault of another thread, which may have been a load.
bool ZapTracker::alreadyMapped(PageRange page, bool writable) {
  if (writable && loads_ == Loads::kIgnored) return unprotect(page);
  uffd::wake(uffd(), addressOf(page), lengthOf(page));
  return writable;
}

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell) {
  return local(std::move(memory), std::move(doorbell), Loads::kIgnored);
}

std::unique_ptr<Tracker> trackRemote(const RemoteMapping& mapping, std::shared_ptr<Doorbell> doorbell) {
  return remote(mapping, std::move(doorbell), Loads::kIgnored);
}

std::unique_ptr<Tracker> trackLocalReads(std::shared_ptr<Mapping> memory,
                                         std::shared_ptr<Doorbell> doorbell) {
  return local(std::move(memory), std::move(doorbell), Loads::kCounted);
}

std::unique_ptr<Tracker> trackRemoteReads(const RemoteMapping& mapping, std::shared_ptr<Doorbell> doorbell) {
  return remote(mapping, std::move(doorbell), Loads::kCounted);
}

}  // namespace umfb::zap
