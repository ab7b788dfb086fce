#include "trackers/idle_tripwire.h"

#include <fcntl.h>

#include <algorithm>

#include "linux/uffd.h"
#include "sys/system_error.h"
#include "trackers/wp_sync.h"

namespace umfb::idle_tripwire {
namespace {

// Nanoseconds, as orders of magnitude: twice or half as much changes little.
constexpr std::uint64_t kFault = 20'000;
constexpr std::uint64_t kScan = 1'000;
constexpr std::uint64_t kScannedPage = 1;
/// Leaving one side, arming the other, and comparing.
constexpr std::uint64_t kHandedOverPage = 300;
/// A small mapping too may be stored to a little without changing sides.
constexpr std::uint64_t kLeastFaults = 16;

/// Sparse for less than this: the hand-over did not pay, and the next one has to wait for longer.
constexpr std::chrono::seconds kShortStay{5};
/// Calls of settle(): ten seconds of a clock that looks 25 times a second.
constexpr unsigned kMostPatience = 256;

}  // namespace

Sparse::Sparse(Descriptor uffd, std::uint64_t address, PageRange pages, std::shared_ptr<Doorbell> doorbell,
               std::shared_ptr<Mapping> keepAlive)
    : FaultTracker(std::move(uffd), address, pages, std::move(doorbell), std::move(keepAlive)) {}

bool Sparse::resolve(PageRange page, std::uint64_t flags) {
  // Anything else was registered by who shares the userfaultfd, who waits for itself.
  if ((flags & UFFD_PAGEFAULT_FLAG_WP) == 0) return false;
  debt_ += kFault;
  const std::uint64_t most = std::max(kLeastFaults * kFault, pages().count * kHandedOverPage);
  const bool flood = debt_ >= most && !flooded_;
  const PageRange freed = flood ? pages() : page;
  // First: the writer goes on at the next call, and whoever harvests after that must know.
  if (flood) flooded_ = true;
  uffd::writeProtect(uffd(), addressOf(freed), lengthOf(freed), false);
  record_.mark(freed);
  return true;
}

void Sparse::protect(PageRange pages) { uffd::writeProtect(uffd(), addressOf(pages), lengthOf(pages), true); }

void Sparse::take(PageBitmap& dirty, const PageBitmap& open) {
  const std::uint64_t saved = kScan + kScannedPage * pages().count;
  debt_ -= std::min(debt_, saved);
  takeRecord(dirty, open, [&](PageRange run) { protect(run); });
}

void Sparse::calm() noexcept {
  disarm();
  debt_ = 0;
  flooded_ = false;
}

IdleTripwire::IdleTripwire(std::unique_ptr<wp_async::WpAsync> dense, std::unique_ptr<Sparse> sparse,
                           PageRange pages, std::string whyPolled)
    : pages_(pages),
      none_(pages.end()),
      whyPolled_(std::move(whyPolled)),
      dense_(std::move(dense)),
      sparse_(std::move(sparse)) {}

void IdleTripwire::arm() { dense_->arm(); }

void IdleTripwire::harvest(PageBitmap& dirty, const PageBitmap& open) {
  if (isSparse_) {
    if (!sparse_->flooded()) {
      try {
        // Pages that are open would wait in its record, and keep rings() from being true.
        sparse_->harvest(dirty, none_);
        return;
      } catch (const SystemError& failure) {
        giveUpSparse(failure);
      }
    }
    leaveSparse(dirty);
  }
  dense_->harvest(dirty, open);
}

void IdleTripwire::settle(PageBitmap& dirty) {
  if (isSparse_ || !sparse_) return;
  if (wait_ > 0) {
    wait_--;
    return;
  }
  dense_->disarm();
  isSparse_ = true;
  sparseSince_ = Clock::now();
  try {
    sparse_->arm();
    dirty.mark(pages_);
  } catch (const SystemError& failure) {
    giveUpSparse(failure);
    leaveSparse(dirty);
  }
}

void IdleTripwire::leaveSparse(PageBitmap& dirty) {
  if (sparse_) sparse_->calm();
  isSparse_ = false;
  dense_->arm();
  dirty.mark(pages_);
  const bool wasShort = Clock::now() - sparseSince_ < kShortStay;
  patience_ = wasShort ? std::clamp(patience_ * 4, 4u, kMostPatience) : 0;
  wait_ = patience_;
}

void IdleTripwire::giveUpSparse(const SystemError& failure) {
  whyPolled_ = failure.what();
  sparse_.reset();
}

bool IdleTripwire::rings() { return isSparse_ && sparse_->rings(); }

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell) {
  std::unique_ptr<wp_async::WpAsync> dense = wp_async::openLocal(memory);
  const PageRange pages{0, static_cast<std::uint32_t>(memory->sizePages())};
  std::unique_ptr<Sparse> sparse;
  std::string whyPolled;
  try {
    Descriptor uffd = uffd::open(O_CLOEXEC | O_NONBLOCK);
    uffd::enable(uffd.get(), wp_sync::kFeatures);
    const auto address = reinterpret_cast<std::uintptr_t>(memory->data());
    sparse =
        std::make_unique<Sparse>(std::move(uffd), address, pages, std::move(doorbell), std::move(memory));
  } catch (const SystemError& failure) {
    whyPolled = failure.what();
  }
  return std::make_unique<IdleTripwire>(std::move(dense), std::move(sparse), pages, std::move(whyPolled));
}

std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell) {
  std::unique_ptr<wp_async::WpAsync> dense = wp_async::openRemote(remote);
  std::unique_ptr<Sparse> sparse;
  std::string whyPolled;
  if (remote.syncUserModeOnly) {
    whyPolled = "the process may not have a userfaultfd that handles the kernel's own stores";
  } else {
    try {
      sparse = std::make_unique<Sparse>(wp_sync::openRemote(remote, "idle tripwire"), remote.address,
                                        remote.pages, std::move(doorbell), nullptr);
    } catch (const SystemError& failure) {
      whyPolled = failure.what();
    }
  }
  return std::make_unique<IdleTripwire>(std::move(dense), std::move(sparse), remote.pages,
                                        std::move(whyPolled));
}

}  // namespace umfb::idle_tripwire
