#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "trackers/device_tracker.h"

namespace umfb {

/// A few pages with a tracker, to try a mechanism out on. @throws RoundTripFailure from its checks
class ScratchDevice {
public:
  static constexpr std::uint32_t kPages = 16;

  explicit ScratchDevice(const Mechanism& mechanism);

  std::uint8_t* memory() { return memory_->data(); }
  DeviceTracker& tracker() { return tracker_; }

  /// Harvests, and expects exactly one run, or none where its count is 0. @param what was done, for the
  /// message
  void expect(const char* what, PageRange expected);

private:
  std::shared_ptr<Mapping> memory_;
  std::vector<std::uint8_t> shadow_;
  DeviceTracker tracker_;
};

}  // namespace umfb
