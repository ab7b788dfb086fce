#include "trackers/mprotect.h"

#include <sys/mman.h>

#include <atomic>

#include "linux/sigsegv.h"
#include "memory/mapping.h"
#include "sys/system_error.h"
#include "trackers/round_trip.h"

namespace umfb::mprotect {
namespace {

/**
 * Runs of writable pages, of all trackers of this process together. Each costs two areas of the address
 * space, of which a process may have 65,530 (vm.max_map_count in proc_sys_vm(5)), and V8 needs some too.
 * Beyond, the whole mapping is made writable and counts as dirty.
 */
constexpr std::size_t kMaxRuns = 16384;

/// By sigsegv::lock().
std::size_t runsOfAll = 0;

/**
 * Under the lock, a page is writable if and only if it is recorded. The handler makes it writable, then
 * records it; harvest() protects, then takes the records. Both hold the lock from the first to the last, so
 * neither sees the other half done, and a store between is in the record, or faults.
 */
class Mprotect : public Tracker, private sigsegv::FaultRange {
public:
  Mprotect(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell)
      : FaultRange(memory->data(), memory->sizeBytes()),
        memory_(std::move(memory)),
        doorbell_(std::move(doorbell)),
        written_(static_cast<std::uint32_t>(memory_->sizePages())) {}

  ~Mprotect() {
    if (!armed_) return;
    const SignalLockGuard guard(sigsegv::lock());
    protect(all(), PROT_READ | PROT_WRITE);
    sigsegv::remove(*this);
    countRuns(0);
  }

  void arm() override {
    const SignalLockGuard guard(sigsegv::lock());
    sigsegv::add(*this);
    armed_ = true;
    if (!protect(all(), PROT_READ)) throw SystemError("mprotect");
  }

  void harvest(PageBitmap& dirty, const PageBitmap& open) override {
    if (!anyWritten_.load(std::memory_order_acquire)) return;
    const SignalLockGuard guard(sigsegv::lock());
    std::uint32_t next = written_.find(0, true);
    open.forEachGap(all(), [&](PageRange closed) {
      if (next < closed.first) next = written_.find(closed.first, true);
      if (next < closed.end()) rearm({next, closed.end() - next}, dirty);
    });
    countRuns(written_.countRuns());
    anyWritten_.store(!written_.empty(), std::memory_order_relaxed);
  }

  std::string_view whyPolled() const override { return ""; }
  bool rings() override { return !anyWritten_.load(std::memory_order_acquire); }

private:
  bool resolve(std::size_t offset) override {
    const auto page = static_cast<std::uint32_t>(offset / pageBytes());
    // Two threads stored to it, and the other was faster.
    if (written_.contains(page)) return true;
    const std::size_t neighbours = (page > 0 && written_.contains(page - 1) ? 1U : 0U) +
                                   (page + 1 < all().count && written_.contains(page + 1) ? 1U : 0U);
    // Before the page can be stored to: another thread may, and a harvest then has to wait for us.
    anyWritten_.store(true);
    PageRange opened{page, 1};
    if (runsOfAll + 1 - neighbours > kMaxRuns || !protect(opened, PROT_READ | PROT_WRITE)) {
      // It needs an area more than there are. As a whole the mapping is one area again.
      opened = all();
      if (!protect(opened, PROT_READ | PROT_WRITE)) return false;
    }
    written_.mark(opened);
    countRuns(opened.count == 1 ? runs_ + 1 - neighbours : 1);
    doorbell_->ring();
    return true;
  }

  /// @param pages the first one is written
  void rearm(PageRange pages, PageBitmap& dirty) {
    PageRange last{};
    written_.forEachRun(pages, [&](PageRange run) { last = run; });
    // One call: what is protected already between the first and the last costs next to nothing. Where it
    // fails, nothing is taken, and DeviceTracker counts all as dirty.
    const PageRange span{pages.first, last.end() - pages.first};
    if (!protect(span, PROT_READ)) throw SystemError("mprotect");
    written_.forEachRun(span, [&](PageRange run) { dirty.mark(run); });
    written_.unmark(span);
  }

  PageRange all() const { return {0, written_.sizePages()}; }

  bool protect(PageRange pages, int protection) const {
    return ::mprotect(memory_->data() + pages.first * pageBytes(), pages.count * pageBytes(), protection) ==
           0;
  }

  void countRuns(std::size_t runs) {
    runsOfAll = runsOfAll - runs_ + runs;
    runs_ = runs;
  }

  std::shared_ptr<Mapping> memory_;
  std::shared_ptr<Doorbell> doorbell_;
  /// By sigsegv::lock(), as is all below but the flag.
  PageBitmap written_;
  std::size_t runs_ = 0;
  bool armed_ = false;
  /// Something is recorded: a harvest of nothing takes no lock.
  std::atomic<bool> anyWritten_ = false;
};

}  // namespace

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell) {
  return std::make_unique<Mprotect>(std::move(memory), std::move(doorbell));
}

std::unique_ptr<Tracker> trackRemote(const RemoteMapping&, std::shared_ptr<Doorbell>) { return nullptr; }

std::vector<std::string> tryOut(const Mechanism& mechanism) {
  const sigsegv::Trial trial;
  std::vector<std::string> limits = roundTrip(mechanism);
  limits.emplace_back("mappings of other processes are compared");
  return limits;
}

}  // namespace umfb::mprotect
