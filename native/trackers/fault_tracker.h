#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "memory/mapping.h"
#include "sys/descriptor.h"
#include "sys/doorbell.h"
#include "trackers/fault_thread.h"
#include "trackers/tracker.h"

namespace umfb {

/**
 * What the mechanisms share whose page faults come as events of a userfaultfd.
 *
 * One lock, and an invariant under it: a page that can be stored to without a fault is in the record. The
 * handler makes a page writable and records it; harvest() takes that back and then takes the record. So a
 * store is either before the harvest's re-arm, and its page is reported by it, or it faults, and waits for
 * the lock.
 */
class FaultTracker : public Tracker, private FaultHandler {
public:
  /// Legal again after disarm().
  void arm() final;

  /**
   * Idempotent: from its return on, stores are neither noticed nor held up, and nobody waits in a fault.
   * What was recorded and not harvested is forgotten, and all pages count as dirty.
   */
  void disarm() noexcept;

  void harvest(PageBitmap& dirty, const PageBitmap& open) final;
  std::string_view whyPolled() const override { return ""; }
  bool rings() override;

protected:
  /// @param uffd of the address space that has `address`, after the handshake
  /// @param keepAlive what is mapped there, if it is our own
  FaultTracker(Descriptor uffd, std::uint64_t address, PageRange pages, std::shared_ptr<Doorbell> doorbell,
               std::shared_ptr<Mapping> keepAlive);
  /// Derived classes disarm() in theirs: their functions are called until then.
  ~FaultTracker() override = default;

  // The functions below are called under the lock, and throw SystemError.

  /// UFFDIO_REGISTER_MODE_…
  virtual std::uint64_t modes() const = 0;
  /// Lets the thread go on that faulted at `page`. @param flags UFFD_PAGEFAULT_FLAG_…
  /// @returns whether the page counts as dirty: always where it can be stored to now
  virtual bool resolve(PageRange page, std::uint64_t flags) = 0;
  /// Called by arm(), once faults are handled. From its return on, all stores fault, or their pages are in
  /// the record.
  virtual void begin() = 0;
  /// harvest()
  virtual void take(PageBitmap& dirty, const PageBitmap& open) = 0;

  /// What take() is where a range is re-armed at once: `rearm(run)`, from whose return on a store to it
  /// faults.
  template <typename Rearm>
  void takeRecord(PageBitmap& dirty, const PageBitmap& open, Rearm&& rearm) {
    record_.takeMissingFrom(open, [&](PageRange run) {
      rearm(run);
      dirty.mark(run);
    });
  }

  int uffd() const { return uffd_.get(); }
  PageRange pages() const { return pages_; }
  std::uint64_t addressOf(PageRange pages) const;
  static std::uint64_t lengthOf(PageRange pages);

  PageBitmap record_;

private:
  void onFaults(std::span<const uffd_msg> faults) noexcept override;
  void onLost(int error) noexcept override;
  void handle(std::uint64_t address, std::uint64_t flags) noexcept;

  /// Unmapped after the userfaultfd is closed, which disarms it.
  std::shared_ptr<Mapping> keepAlive_;
  Descriptor uffd_;
  const std::uint64_t address_;
  const PageRange pages_;
  const std::shared_ptr<Doorbell> doorbell_;
  std::mutex mutex_;
  /// The errno of what the handler could not do; told by the next harvest(), which ends this tracker.
  int failure_ = 0;
  bool registered_ = false;
  std::optional<FaultWatch> watch_;
};

}  // namespace umfb
