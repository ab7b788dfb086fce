#include "trackers/fault_tracker.h"

#include "linux/uffd.h"
#include "sys/system_error.h"

namespace umfb {

FaultTracker::FaultTracker(Descriptor uffd, std::uint64_t address, PageRange pages,
                           std::shared_ptr<Doorbell> doorbell, std::shared_ptr<Mapping> keepAlive)
    : record_(pages.end()),
      keepAlive_(std::move(keepAlive)),
      uffd_(std::move(uffd)),
      address_(address),
      pages_(pages),
      doorbell_(std::move(doorbell)) {}

void FaultTracker::arm() {
  uffd::registerRange(uffd(), address_, lengthOf(pages_), modes());
  registered_ = true;
  // Before the first page is armed: whoever faults is let go on.
  FaultHandler& handler = *this;
  watch_.emplace(uffd(), handler);
  const std::lock_guard lock(mutex_);
  begin();
}

void FaultTracker::disarm() noexcept {
  if (registered_) {
    // Whatever fails here, fails because the process or its mapping is gone, and nobody waits there.
    try {
      uffd::unregisterRange(uffd(), address_, lengthOf(pages_));
    } catch (const SystemError&) {
    }
    // Unregistering wakes nobody who waits in a write-protect fault (fs/userfaultfd.c); after it nobody
    // begins to.
    try {
      uffd::wake(uffd(), address_, lengthOf(pages_));
    } catch (const SystemError&) {
    }
    registered_ = false;
  }
  watch_.reset();
  record_.clear();
  failure_ = 0;
}

void FaultTracker::harvest(PageBitmap& dirty, const PageBitmap& open) {
  const std::lock_guard lock(mutex_);
  if (failure_ != 0) throw SystemError("userfaultfd", failure_, "page faults that cannot be handled");
  take(dirty, open);
}

bool FaultTracker::rings() {
  const std::lock_guard lock(mutex_);
  return failure_ == 0 && record_.empty();
}

std::uint64_t FaultTracker::addressOf(PageRange pages) const {
  return address_ + std::uint64_t{pages.first - pages_.first} * pageBytes();
}

std::uint64_t FaultTracker::lengthOf(PageRange pages) { return std::uint64_t{pages.count} * pageBytes(); }

void FaultTracker::onFaults(std::span<const uffd_msg> faults) noexcept {
  const std::lock_guard lock(mutex_);
  for (const uffd_msg& fault : faults) handle(fault.arg.pagefault.address, fault.arg.pagefault.flags);
  // Under the lock: no ring for what a harvest has taken already.
  doorbell_->ring();
}

void FaultTracker::handle(std::uint64_t address, std::uint64_t flags) noexcept {
  // Not ours: whoever shares the userfaultfd registered more with it, and waits for itself.
  if (address < address_ || address - address_ >= lengthOf(pages_)) return;
  const PageRange page{pages_.first + static_cast<std::uint32_t>((address - address_) / pageBytes()), 1};
  try {
    if (resolve(page, flags)) record_.mark(page);
  } catch (const SystemError& failure) {
    failure_ = failure.number();
    try {
      // It faults again, or finds its mapping changed; once this tracker has ended it goes on for certain.
      uffd::wake(uffd(), addressOf(page), lengthOf(page));
    } catch (const SystemError&) {
    }
  }
}

void FaultTracker::onLost(int error) noexcept {
  const std::lock_guard lock(mutex_);
  failure_ = error;
  doorbell_->ring();
}

}  // namespace umfb
