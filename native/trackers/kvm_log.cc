#include "trackers/kvm_log.h"

#include <fcntl.h>

#include <algorithm>
#include <bit>

#include "linux/kvm_dirty_log.h"
#include "linux/kvm_guest.h"
#include "memory/guarded_words.h"
#include "sys/system_error.h"
#include "trackers/scratch_device.h"

namespace umfb::kvm_log {
namespace {

constexpr std::uint32_t kWordPages = 64;

class Unseen : public Tracker {
public:
  void arm() override {}
  void harvest(PageBitmap&, const PageBitmap&) override {}
  std::string_view whyPolled() const override { return ""; }
  bool rings() override { return true; }
};

/**
 * A machine reads its log in one of two modes, which it may change at any time: reading re-protects, or only
 * clearing does. Reading, then clearing what was read, is right in both: a page that is stored to between is
 * reported by this harvest, and its pixels are read after it.
 */
class KvmLog : public Tracker {
public:
  KvmLog(Descriptor machine, const KvmSlot& slot)
      : machine_(std::move(machine)),
        slot_(slot.slot),
        pages_(slot.pages),
        canClear_(kvm::canClearLog(machine_.get())),
        log_((slot.pages.count + kWordPages - 1) / kWordPages),
        lastWord_(~std::uint64_t{0} >> (-slot.pages.count % kWordPages)),
        taken_(slot.pages.end()) {}

  void arm() override {
    // Clearing fails where the slot is smaller, and the rest would never be reported; where it is larger,
    // reading or clearing fails.
    read();
    clear();
    taken_.clear();
  }

  void harvest(PageBitmap& dirty, const PageBitmap& open) override {
    if (!read()) return;
    bool any = false;
    std::ranges::fill(log_.words(), 0);
    // What is open stays in the record, and in the log where only clearing re-protects.
    taken_.takeMissingFrom(open, [&](PageRange run) {
      dirty.mark(run);
      for (std::uint32_t page = run.first; page < run.end(); page++) {
        const std::uint32_t bit = page - pages_.first;
        log_.words()[bit / kWordPages] |= std::uint64_t{1} << bit % kWordPages;
      }
      any = true;
    });
    if (any) clear();
  }

private:
  /// Adds the log to the record. @returns false where that is empty
  bool read() {
    kvm::readLog(machine_.get(), slot_, log_.words().data());
    // Of a slot that was made larger, not beyond our pages.
    log_.words().back() &= lastWord_;
    std::uint32_t base = pages_.first;
    for (std::uint64_t bits : log_.words()) {
      while (bits != 0) {
        const int first = std::countr_zero(bits);
        const int count = std::countr_one(bits >> first);
        bits &= ~(~std::uint64_t{0} >> (kWordPages - count) << first);
        taken_.mark({base + static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)});
      }
      base += kWordPages;
    }
    return !taken_.empty();
  }

  void clear() {
    if (canClear_) kvm::clearLog(machine_.get(), slot_, pages_.count, log_.words().data());
  }

  Descriptor machine_;
  std::uint32_t slot_;
  PageRange pages_;
  bool canClear_;
  /// The kernel writes as many words as the slot has, however many there are here.
  GuardedWords log_;
  /// The bits of the last word that are pages.
  std::uint64_t lastWord_;
  /// Taken from the log and not reported.
  PageBitmap taken_;
};

}  // namespace

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping>, std::shared_ptr<Doorbell>) {
  return std::make_unique<Unseen>();
}

std::unique_ptr<Tracker> trackRemote(const RemoteMapping&, std::shared_ptr<Doorbell>) { return nullptr; }

std::unique_ptr<Tracker> trackSlot(const KvmSlot& slot) {
  Descriptor machine(fcntl(slot.machine, F_DUPFD_CLOEXEC, 0));
  if (!machine.isOpen()) throw SystemError("fcntl(F_DUPFD_CLOEXEC)");
  return std::make_unique<KvmLog>(std::move(machine), slot);
}

std::vector<std::string> tryOut(const Mechanism& mechanism) {
  ScratchDevice device(mechanism);
  KvmGuest guest({device.memory(), ScratchDevice::kPages * pageBytes()}, {});
  const auto store = [&](std::uint32_t page, std::uint32_t value) {
    const std::uint32_t offset = page * static_cast<std::uint32_t>(pageBytes()) + 100;
    if (const int error = guest.store({&offset, 1}, value); error != 0)
      throw SystemError("ioctl(KVM_RUN)", error);
  };
  device.tracker().attachKvmSlot(
      {.machine = guest.machine(), .slot = KvmGuest::kSlot, .pages = {0, ScratchDevice::kPages}});
  device.expect("a fresh slot", {0, ScratchDevice::kPages});
  device.expect("no store", {0, 0});
  for (const char* what : {"a guest's store", "a guest's store to a page that was re-armed"}) {
    store(3, 1);
    device.expect(what, {3, 1});
    device.expect("a page that was re-armed", {0, 0});
  }
  return {"only a KVM guest's stores are seen; mappings of other processes are compared"};
}

}  // namespace umfb::kvm_log
