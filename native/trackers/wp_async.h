#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "linux/pagemap.h"
#include "sys/descriptor.h"
#include "trackers/mechanisms.h"
#include "trackers/tracker.h"

/**
 * wp-async (Linux 6.7): userfaultfd's asynchronous write protection. The kernel itself resolves the fault of
 * the first store to a page; PAGEMAP_SCAN takes the written pages and re-protects them, atomically under the
 * page table's lock. No handler, no thread, and no store can fall between: the order "take, re-arm" is the
 * kernel's.
 *
 * Sees stores, read(2) into the mapping and process_vm_writev of the armed mapping; not a second mapping's
 * stores, a fork child's, or pwrite(2) on the memfd.
 */
namespace umfb::wp_async {

class WpAsync final : public Tracker {
public:
  /// @param uffd of the address space that has `address`, with the features of wp-async
  /// @param pagemap of the same one
  /// @param keepAlive what is mapped there, if it is our own
  WpAsync(Descriptor uffd, Descriptor pagemap, std::uint64_t address, PageRange pages,
          std::shared_ptr<Mapping> keepAlive);

  /// Legal again after disarm().
  void arm() override;
  /// Idempotent: from its return on, stores are not noticed.
  void disarm() noexcept;
  void harvest(PageBitmap& dirty, const PageBitmap& open) override;

private:
  /// Runs that one system call can report; a scan with more of them takes more calls.
  static constexpr std::size_t kRegions = 256;

  template <typename Visit>
  void scan(PageRange pages, Visit&& visit);
  PageRange pagesOf(const page_region& region) const;

  /// Of a local mapping. Closing the last userfaultfd disarms it; that goes before the mapping does.
  std::shared_ptr<Mapping> keepAlive_;
  Descriptor uffd_;
  Descriptor pagemap_;
  std::uint64_t address_;
  PageRange pages_;
  pm_scan_arg argument_{};
  /// Part of the object, so resident: where the kernel cannot write it, what was taken is lost (EFAULT).
  std::array<page_region, kRegions> regions_{};
};

std::unique_ptr<WpAsync> openLocal(std::shared_ptr<Mapping> memory);
/// From outside: the owner of the address space made the descriptors; everything else is done here.
std::unique_ptr<WpAsync> openRemote(const RemoteMapping& remote);

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

}  // namespace umfb::wp_async
