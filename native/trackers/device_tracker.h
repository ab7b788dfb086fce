#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "memory/mapping.h"
#include "sys/system_error.h"
#include "trackers/hot_pages.h"
#include "trackers/kvm_log.h"
#include "trackers/mechanisms.h"
#include "trackers/picture.h"

namespace umfb {

/**
 * The dirty pages of a device: of this process's own mapping and of any number in others, merged.
 *
 * Never loses an update: a mapping whose mechanism fails is dirty throughout and compared from then on, and
 * one whose process has exited is dirty throughout, once, and dropped.
 */
class DeviceTracker {
public:
  /// Mappings that are tracked by faults, each scanned at every harvest. Those beyond are compared.
  static constexpr std::size_t kMaxTracked = 64;
  /// All mappings. Compared pages cost the same however many mappings share them.
  static constexpr std::size_t kMaxMappings = 1024;

  struct Status {
    std::size_t tracked;
    std::size_t compared;
    /// Of the tracked ones, those whose next store rings the doorbell.
    std::size_t still;
    /// Pages that are left open.
    std::size_t openPages;
    /// Why watch() is never true; empty where it can be.
    std::string whyPolled;
    std::string lastError;
  };

  /// Arms the own mapping.
  /// @param adaptive whether pages that are dirty often are left open, and mappings that are still wait for a
  /// store
  /// @param costs by which pages are opened; nothing: measured ones
  /// @throws SystemError where the mechanism cannot
  DeviceTracker(std::shared_ptr<Mapping> memory, const Mechanism& mechanism, bool adaptive = false,
                std::optional<TrackingCosts> costs = {});

  const Mechanism& mechanism() const { return mechanism_; }
  std::uint32_t sizePages() const { return dirty_.sizePages(); }
  std::size_t sizeBytes() const { return memory_->sizeBytes(); }
  /// True where harvest() looks at the shadow.
  bool compares() const { return comparedCount_ > 0 || wantsSample(); }

  /**
   * What is shown: other bytes are not compared, and an adaptive tracker leaves alone pages that have none.
   * All of the memory at first. What is shown is dirty once.
   * @throws std::out_of_range where it is not all inside of the memory, or empty
   */
  void setPicture(const Picture& picture);

  /**
   * Takes the dirty pages and re-arms them, then writes as many runs as fit.
   * @param shadow as large as the memory; may be empty unless compares()
   * @returns runs written
   */
  std::size_t harvest(std::span<std::uint32_t> runs, std::span<const std::uint8_t> shadow);

  /**
   * Nothing has moved for a while: asks to be told of the next store by the doorbell.
   * @returns false where that cannot be: something is dirty already, or a mapping has to be polled
   */
  bool watch();
  Doorbell& doorbell() { return *doorbell_; }

  /// Functions that take pages throw std::out_of_range where they are not all of the device.
  void markDirty(PageRange pages);
  /// @throws std::invalid_argument where a descriptor is not what it should be, or the address cannot be one
  /// @throws SystemError ENOSPC beyond kMaxMappings
  std::uint64_t attach(const RemoteMapping& remote);
  std::uint64_t attachUntracked(PageRange pages);
  /// Beside any mechanism. Where the kernel refuses, the pages are compared.
  /// @throws as attach()
  std::uint64_t attachKvmSlot(const KvmSlot& slot);
  void detach(std::uint64_t id);
  Status status() const;

private:
  struct Tracked {
    std::uint64_t id;
    PageRange pages;
    /// Nothing: the pages are compared.
    std::unique_ptr<Tracker> tracker;
  };

  /// Adds what `create` returns, armed; compares the pages where that fails.
  template <typename Create>
  std::uint64_t addArmed(PageRange pages, Create&& create);
  /// Mappings whose tracker fails are compared from then on, or dropped. @returns how many did not
  template <typename Action>
  std::size_t forEachTracker(Action&& action);
  std::string whyPolled() const;
  std::uint64_t add(PageRange pages, std::unique_ptr<Tracker> tracker);
  void requirePages(PageRange pages) const;
  void requireRoom() const;
  void fail(const SystemError& failure, PageRange pages);
  void updateUnarmable();
  void updateUnarmed();
  void compare(std::span<const std::uint8_t> shadow);
  bool wantsSample() const { return hot_ && costsAreMeasured_ && hot_->wantsSample(); }
  void measureComparing(std::span<const std::uint8_t> shadow);

  std::shared_ptr<Mapping> memory_;
  const Mechanism& mechanism_;
  std::shared_ptr<Doorbell> doorbell_;
  PageBitmap dirty_;
  /// Of one harvest.
  PageBitmap found_;
  Picture picture_;
  /// Pages of mappings that nobody can arm.
  PageBitmap unarmable_;
  std::optional<HotPages> hot_;
  bool costsAreMeasured_;
  /// Pages that trackers leave alone: unarmable, open, or not shown.
  PageBitmap unarmed_;
  /// Those of them that are shown.
  PageBitmap compared_;
  std::size_t comparedCount_ = 0;
  /// Of measureComparing().
  PageBitmap sample_;
  std::vector<Tracked> mappings_;
  std::uint64_t nextId_ = 1;
  std::string lastError_;
};

}  // namespace umfb
