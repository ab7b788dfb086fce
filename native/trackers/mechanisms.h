#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "memory/mapping.h"
#include "trackers/tracker.h"

namespace umfb {

/// Pages of the device that another process mapped, with what it gave us to track them. Checked by
/// DeviceTracker.
struct RemoteMapping {
  int uffd;
  int pagemap;
  std::uint64_t address;
  PageRange pages;
};

/// A way to find dirty pages. Both functions return nothing where there is nothing to arm: such pages are
/// compared.
struct Mechanism {
  std::string_view name;
  std::unique_ptr<Tracker> (*trackLocal)(std::shared_ptr<Mapping> memory);
  std::unique_ptr<Tracker> (*trackRemote)(const RemoteMapping& remote);
};

/// Best first.
std::span<const Mechanism> mechanisms();

/// @returns nullptr where there is none of that name
const Mechanism* findMechanism(std::string_view name);

struct Probe {
  std::string_view mechanism;
  /// Empty where it works.
  std::string reason;
};

/**
 * Round trip of a mechanism on scratch memory: a store is reported, a re-armed page is clean, a later store
 * is reported again, and so is read(2) into the memory. Versions and permissions promise too much and too
 * little.
 */
Probe probe(const Mechanism& mechanism);

}  // namespace umfb
