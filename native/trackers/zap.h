#pragma once

#include <cstdint>
#include <memory>

#include "trackers/fault_tracker.h"
#include "trackers/mechanisms.h"
#include "trackers/wp_sync.h"

/**
 * zap (Linux 6.4 for shared memory): a harvest unmaps the dirty pages, as User-mode Linux's frame buffers
 * did; what is there stays in the memfd. The next access is a minor fault, which a thread of this process
 * resolves by mapping the page again: for a load write-protected, so that the first store is a fault of its
 * own and counts.
 *
 * Sees what wp-sync does. As zap-reads it takes every access for a store, as who has no write protection
 * must.
 */
namespace umfb::zap {

enum class Loads { kIgnored, kCounted };

/// What it needs of a userfaultfd.
constexpr std::uint64_t features(Loads loads) {
  return UFFD_FEATURE_MINOR_SHMEM | (loads == Loads::kCounted ? 0 : wp_sync::kFeatures);
}

/// What zapping one's own mapping and another process's have in common: how a fault is resolved.
class ZapTracker : public FaultTracker {
protected:
  ZapTracker(Descriptor uffd, std::uint64_t address, PageRange pages, std::shared_ptr<Doorbell> doorbell,
             std::shared_ptr<Mapping> keepAlive, Loads loads);

  bool resolve(PageRange page, std::uint64_t flags) override;

private:
  std::uint64_t modes() const final;
  bool unprotect(PageRange page);
  /// @param fresh nobody has stored to this page of the memfd yet: it gets zeros
  bool map(PageRange page, bool writable, bool fresh);
  bool alreadyMapped(PageRange page, bool writable);

  const Loads loads_;
};

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackLocalReads(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackRemoteReads(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

}  // namespace umfb::zap
