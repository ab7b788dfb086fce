#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "memory/mapping.h"
#include "sys/doorbell.h"
#include "trackers/round_trip.h"
#include "trackers/tracker.h"

namespace umfb {

/**
 * Pages of the device that another process mapped, with what it gave us to track them. Descriptors are
 * borrowed, and -1 where there is none. Checked by DeviceTracker.
 */
struct RemoteMapping {
  /// A userfaultfd with the features of wp-async, and the process's pagemap.
  int uffd = -1;
  int pagemap = -1;
  /// A userfaultfd of its own for this mapping, whose faults come as events, and which nobody else holds:
  /// when this process dies, whoever waits in a fault goes on.
  int syncUffd = -1;
  /// syncUffd lets the kernel's own stores to an armed page, as by read(2), fail with EFAULT.
  bool syncUserModeOnly = false;
  /// The agent in that process that unmaps pages on demand.
  int zapAgent = -1;
  std::uint64_t address = 0;
  PageRange pages;
};

/// A way to find dirty pages. Both functions return nothing where there is nothing to arm: such pages are
/// compared.
struct Mechanism {
  std::string_view name;
  /// Whether `auto` may choose it.
  bool automatic;
  std::unique_ptr<Tracker> (*trackLocal)(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
  std::unique_ptr<Tracker> (*trackRemote)(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);
  /// What a probe does; as roundTrip().
  std::vector<std::string> (*tryOut)(const Mechanism& mechanism) = roundTrip;
};

/// Best first.
std::span<const Mechanism> mechanisms();

/// @returns nullptr where there is none of that name
const Mechanism* findMechanism(std::string_view name);

/// The same mechanism, so made that its mappings can be still without being polled, where that is known how.
const Mechanism& withTripwire(const Mechanism& mechanism);

struct Probe {
  std::string_view mechanism;
  /// Whether `auto` may choose it.
  bool automatic;
  /// Empty where it works.
  std::string reason;
  /// What it cannot do here although it works.
  std::vector<std::string> limits;
};

/// Tries it: versions and permissions promise too much and too little.
Probe probe(const Mechanism& mechanism);

}  // namespace umfb
