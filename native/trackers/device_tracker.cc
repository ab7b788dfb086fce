#include "trackers/device_tracker.h"

#include <algorithm>
#include <stdexcept>

#include "linux/descriptor_kind.h"
#include "sys/processor_time.h"
#include "sys/seqpacket.h"
#include "trackers/compare.h"

namespace umfb {
namespace {

void requireSeqpacket(int fd) {
  try {
    if (isSeqpacket(fd)) return;
  } catch (const SystemError&) {
    // No socket at all.
  }
  throw std::invalid_argument("zapAgent: expected a SOCK_SEQPACKET unix socket");
}

}  // namespace

DeviceTracker::DeviceTracker(std::shared_ptr<Mapping> memory, const Mechanism& mechanism, bool adaptive,
                             std::optional<TrackingCosts> costs)
    : memory_(std::move(memory)),
      mechanism_(adaptive ? withTripwire(mechanism) : mechanism),
      doorbell_(std::make_shared<Doorbell>()),
      dirty_(static_cast<std::uint32_t>(memory_->sizePages())),
      found_(dirty_.sizePages()),
      picture_(Picture::ofAll(memory_->sizeBytes())),
      unarmable_(dirty_.sizePages()),
      costsAreMeasured_(!costs),
      unarmed_(dirty_.sizePages()),
      compared_(dirty_.sizePages()),
      sample_(dirty_.sizePages()) {
  if (adaptive) hot_.emplace(dirty_.sizePages(), costs ? *costs : trackingCosts(mechanism));
  std::unique_ptr<Tracker> own = mechanism_.trackLocal(memory_, doorbell_);
  if (own) own->arm();
  add({0, dirty_.sizePages()}, std::move(own));
}

std::size_t DeviceTracker::harvest(std::span<std::uint32_t> runs, std::span<const std::uint8_t> shadow) {
  found_.clear();
  const std::size_t scans = forEachTracker([&](Tracker& tracker) { tracker.harvest(found_, unarmed_); });
  // No shadow: nothing was compared before, and a mapping that is from now on is dirty throughout.
  if (!shadow.empty()) {
    compare(shadow);
    if (wantsSample()) measureComparing(shadow);
  }
  dirty_.markAll(found_);
  if (hot_ && hot_->learn(found_, scans)) updateUnarmed();
  return dirty_.drain(runs);
}

template <typename Action>
std::size_t DeviceTracker::forEachTracker(Action&& action) {
  std::size_t done = 0;
  bool failed = false;
  for (Tracked& mapping : mappings_) {
    if (!mapping.tracker) continue;
    try {
      action(*mapping.tracker);
      done++;
    } catch (const SystemError& failure) {
      fail(failure, mapping.pages);
      mapping.tracker.reset();
      // ESRCH: its address space is gone, and nobody can store through it any more.
      if (failure.number() == ESRCH) mapping.pages.count = 0;
      failed = true;
    }
  }
  if (failed) {
    std::erase_if(mappings_, [](const Tracked& mapping) { return mapping.pages.count == 0; });
    updateUnarmable();
  }
  return done;
}

void DeviceTracker::compare(std::span<const std::uint8_t> shadow) {
  if (comparedCount_ == 0) return;
  if (!hot_ || !costsAreMeasured_ || comparedCount_ < HotPages::kLeastCompared) {
    compare::findChanged(compared_, picture_, *memory_, shadow, found_);
    return;
  }
  const std::uint32_t before = found_.count();
  const double start = processorNanoseconds(CLOCK_THREAD_CPUTIME_ID);
  compare::findChanged(compared_, picture_, *memory_, shadow, found_);
  const double end = processorNanoseconds(CLOCK_THREAD_CPUTIME_ID);
  hot_->comparedIn(end - start, comparedCount_, found_.count() - before);
}

void DeviceTracker::measureComparing(std::span<const std::uint8_t> shadow) {
  sample_.clear();
  hot_->chooseSample(found_, sample_);
  const std::uint32_t pages = sample_.count();
  if (pages < HotPages::kLeastCompared) return;
  PageBitmap changed(sizePages());
  const double start = processorNanoseconds(CLOCK_THREAD_CPUTIME_ID);
  compare::findChanged(sample_, picture_, *memory_, shadow, changed);
  const double end = processorNanoseconds(CLOCK_THREAD_CPUTIME_ID);
  // Those that changed are left to their tracker, which tells them in the next harvest.
  hot_->comparedIn(end - start, pages, changed.count());
}

void DeviceTracker::setPicture(const Picture& picture) {
  const std::size_t size = memory_->sizeBytes();
  const bool isInside = picture.rows > 0 && picture.rowBytes > 0 && picture.rowBytes <= picture.strideBytes &&
                        picture.strideBytes <= size && picture.rows <= size && picture.offsetBytes <= size &&
                        picture.endBytes() <= size;
  if (!isInside)
    throw std::out_of_range("picture: expected rows inside of the memory, and no longer than the stride");
  picture_ = picture;
  dirty_.mark(picture.pages());
  updateUnarmed();
}

bool DeviceTracker::watch() {
  if (comparedCount_ > 0 || !dirty_.empty() || !whyPolled().empty()) return false;
  forEachTracker([&](Tracker& tracker) { tracker.settle(dirty_); });
  if (comparedCount_ > 0 || !dirty_.empty()) return false;
  // Before they are asked: what is stored while they are asked rings.
  doorbell_->await();
  if (std::ranges::all_of(mappings_, [](const Tracked& mapping) { return mapping.tracker->rings(); }))
    return true;
  doorbell_->ignore();
  return false;
}

std::string DeviceTracker::whyPolled() const {
  for (const Tracked& mapping : mappings_) {
    if (!mapping.tracker) return "a mapping is compared";
    if (const std::string_view why = mapping.tracker->whyPolled(); !why.empty()) return std::string(why);
  }
  return "";
}

void DeviceTracker::markDirty(PageRange pages) {
  requirePages(pages);
  dirty_.mark(pages);
}

std::uint64_t DeviceTracker::attach(const RemoteMapping& remote) {
  requirePages(remote.pages);
  requireRoom();
  const std::uint64_t length = std::uint64_t{remote.pages.count} * pageBytes();
  if (remote.address == 0 || remote.address % pageBytes() != 0 || remote.address + length < remote.address) {
    throw std::invalid_argument("address: expected a mapping's first page, whole pages below 2^64");
  }
  for (const int uffd : {remote.uffd, remote.syncUffd}) {
    if (uffd >= 0 && !isUserfaultfd(uffd)) throw std::invalid_argument("uffd: expected a userfaultfd");
  }
  if (remote.zapAgent >= 0) requireSeqpacket(remote.zapAgent);
  if ((remote.uffd >= 0 || remote.pagemap >= 0) && !isPagemap(remote.pagemap)) {
    throw std::invalid_argument("pagemap: expected a process's pagemap on this system's /proc");
  }
  return addArmed(remote.pages, [&] { return mechanism_.trackRemote(remote, doorbell_); });
}

std::uint64_t DeviceTracker::attachUntracked(PageRange pages) {
  requirePages(pages);
  requireRoom();
  return add(pages, nullptr);
}

std::uint64_t DeviceTracker::attachKvmSlot(const KvmSlot& slot) {
  requirePages(slot.pages);
  requireRoom();
  if (!isKvmMachine(slot.machine)) throw std::invalid_argument("vmFd: expected a KVM virtual machine");
  return addArmed(slot.pages, [&] { return kvm_log::trackSlot(slot); });
}

void DeviceTracker::detach(std::uint64_t id) {
  const auto found = std::ranges::find(mappings_, id, &Tracked::id);
  if (found == mappings_.end() || found == mappings_.begin()) return;  // The first one is our own.
  // Its process may have unmapped it before we heard of it, and its last stores with it: all of it, not a
  // last harvest.
  dirty_.mark(found->pages);
  mappings_.erase(found);
  updateUnarmable();
}

DeviceTracker::Status DeviceTracker::status() const {
  const auto count = [&](auto&& matches) {
    return static_cast<std::size_t>(std::ranges::count_if(mappings_, matches));
  };
  const std::size_t tracked = count([](const Tracked& m) { return m.tracker != nullptr; });
  return {.tracked = tracked,
          .compared = mappings_.size() - tracked,
          .still = count([](const Tracked& m) { return m.tracker && m.tracker->rings(); }),
          .openPages = hot_ ? hot_->open().count() : 0,
          .whyPolled = whyPolled(),
          .lastError = lastError_};
}

template <typename Create>
std::uint64_t DeviceTracker::addArmed(PageRange pages, Create&& create) {
  std::unique_ptr<Tracker> tracker;
  try {
    if (status().tracked >= kMaxTracked) throw SystemError("attach", EUSERS, "too many tracked mappings");
    tracker = create();
    if (tracker) tracker->arm();
  } catch (const SystemError& failure) {
    tracker.reset();
    fail(failure, pages);
    if (failure.number() == ESRCH) return nextId_++;
  }
  return add(pages, std::move(tracker));
}

std::uint64_t DeviceTracker::add(PageRange pages, std::unique_ptr<Tracker> tracker) {
  dirty_.mark(pages);
  mappings_.push_back({nextId_, pages, std::move(tracker)});
  updateUnarmable();
  return nextId_++;
}

void DeviceTracker::requirePages(PageRange pages) const {
  if (pages.count == 0 || pages.count > sizePages() || pages.first > sizePages() - pages.count) {
    throw std::out_of_range("pages: expected from 1 to " + std::to_string(sizePages()) +
                            " pages inside the device, received " + std::to_string(pages.count) +
                            " from page " + std::to_string(pages.first));
  }
}

void DeviceTracker::requireRoom() const {
  if (mappings_.size() >= kMaxMappings) throw SystemError("attach", ENOSPC, "too many mappings");
}

void DeviceTracker::fail(const SystemError& failure, PageRange pages) {
  lastError_ = failure.what();
  dirty_.mark(pages);
}

void DeviceTracker::updateUnarmable() {
  unarmable_.clear();
  for (const Tracked& mapping : mappings_) {
    if (!mapping.tracker) unarmable_.mark(mapping.pages);
  }
  updateUnarmed();
}

void DeviceTracker::updateUnarmed() {
  const PageRange shown = picture_.pages();
  const PageRange above{0, shown.first};
  const PageRange below{shown.end(), sizePages() - shown.end()};
  compared_.clear();
  compared_.markAll(unarmable_);
  if (hot_) compared_.markAll(hot_->open());
  unarmed_.clear();
  unarmed_.markAll(compared_);
  compared_.unmark(above);
  compared_.unmark(below);
  comparedCount_ = compared_.count();
  if (!hot_) return;
  unarmed_.mark(above);
  unarmed_.mark(below);
}

}  // namespace umfb
