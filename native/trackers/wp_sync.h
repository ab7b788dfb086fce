#pragma once

#include <cstdint>
#include <memory>

#include "trackers/fault_tracker.h"
#include "trackers/mechanisms.h"

/**
 * wp-sync (Linux 5.19 for shared memory): userfaultfd's write protection, resolved by a thread of this
 * process. A store to a protected page waits until that thread has un-protected and recorded it. A harvest
 * protects the pages of the record alone, so that an idle one costs no system call, and the next store is an
 * event.
 *
 * Sees what wp-async does. Where only faults from user mode can be had (UFFD_USER_MODE_ONLY), the kernel's
 * own stores, as by read(2), fail with EFAULT.
 */
namespace umfb::wp_sync {

/// What it needs of a userfaultfd.
constexpr std::uint64_t kFeatures = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM;

class WpSync final : public FaultTracker {
public:
  /// As FaultTracker's. @param uffd with kFeatures
  WpSync(Descriptor uffd, std::uint64_t address, PageRange pages, std::shared_ptr<Doorbell> doorbell,
         std::shared_ptr<Mapping> keepAlive);
  ~WpSync() override { disarm(); }

private:
  std::uint64_t modes() const override { return UFFDIO_REGISTER_MODE_WP; }
  bool resolve(PageRange page, std::uint64_t flags) override;
  void begin() override { protect(pages()); }
  void take(PageBitmap& dirty, const PageBitmap& open) override;
  void protect(PageRange pages);
};

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

/// Opens a userfaultfd for this process's own faults: the kernel's too where that is allowed.
Descriptor openLocal(std::uint64_t features);
/// A duplicate of remote.syncUffd. @throws SystemError where there is none, or it could hold up the fault
/// thread
Descriptor openRemote(const RemoteMapping& remote, const char* mechanism);

}  // namespace umfb::wp_sync
