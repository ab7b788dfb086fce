#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "sys/system_error.h"
#include "trackers/fault_tracker.h"
#include "trackers/mechanisms.h"
#include "trackers/wp_async.h"

/**
 * wp-async with a tripwire: while a mapping is still, a second, synchronous userfaultfd has it, so that the
 * first store rings the doorbell by itself and nobody has to scan. *Dense* is the former state, *sparse* the
 * latter; stores that are few stay sparse.
 *
 * The hand-over loses nothing: between the two no store is seen, and after it all pages count as dirty, which
 * compares the whole mapping with the shadow once. A store that waits in a fault goes on: disarm() of the
 * synchronous side wakes it.
 *
 * The synchronous side must be told of the kernel's own stores, too: a read(2) into the surface must never
 * fail because a surface is idle. Where no such userfaultfd can be had, the mapping stays dense.
 */
namespace umfb::idle_tripwire {

/**
 * The synchronous side. Every fault costs the writer a hundred times what it costs in wp-async: when they
 * have cost more than the hand-over would, all pages are let go at once, and harvest() has to change sides.
 */
class Sparse final : public FaultTracker {
public:
  Sparse(Descriptor uffd, std::uint64_t address, PageRange pages, std::shared_ptr<Doorbell> doorbell,
         std::shared_ptr<Mapping> keepAlive);
  ~Sparse() override { disarm(); }

  /// All pages are dirty, and can be stored to unnoticed.
  bool flooded() const { return flooded_; }
  /// disarm(), and forgets a flood.
  void calm() noexcept;

private:
  std::uint64_t modes() const override { return UFFDIO_REGISTER_MODE_WP; }
  bool resolve(PageRange page, std::uint64_t flags) override;
  void begin() override { protect(pages()); }
  void take(PageBitmap& dirty, const PageBitmap& open) override;
  void protect(PageRange pages);

  /// What faults have cost beyond what scanning would have, in nanoseconds.
  std::uint64_t debt_ = 0;
  std::atomic<bool> flooded_ = false;
};

class IdleTripwire final : public Tracker {
public:
  /// @param sparse nothing where there is none
  /// @param whyPolled why there is none
  IdleTripwire(std::unique_ptr<wp_async::WpAsync> dense, std::unique_ptr<Sparse> sparse, PageRange pages,
               std::string whyPolled);

  void arm() override;
  void harvest(PageBitmap& dirty, const PageBitmap& open) override;
  std::string_view whyPolled() const override { return whyPolled_; }
  void settle(PageBitmap& dirty) override;
  bool rings() override;

private:
  using Clock = std::chrono::steady_clock;

  /// Throws where the dense side cannot be armed either.
  void leaveSparse(PageBitmap& dirty);
  void giveUpSparse(const SystemError& failure);

  const PageRange pages_;
  const PageBitmap none_;
  std::string whyPolled_;
  std::unique_ptr<wp_async::WpAsync> dense_;
  std::unique_ptr<Sparse> sparse_;
  bool isSparse_ = false;
  Clock::time_point sparseSince_;
  /// Calls of settle() that are let pass, and how many the next time.
  unsigned wait_ = 0;
  unsigned patience_ = 0;
};

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

}  // namespace umfb::idle_tripwire
