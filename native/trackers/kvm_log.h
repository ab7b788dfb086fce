#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "trackers/mechanisms.h"

namespace umfb {

/// Pages of the device that are memory of a KVM guest: those of one memory slot, in this order and no others.
struct KvmSlot {
  /// The virtual machine's descriptor, borrowed; the machine is this process's.
  int machine = -1;
  /// As in KVM_GET_DIRTY_LOG: the address space in bits 16 to 31.
  std::uint32_t slot = 0;
  PageRange pages;
};

}  // namespace umfb

/**
 * kvm-log: the dirty log that the kernel keeps of a guest's memory slot (KVM_MEM_LOG_DIRTY_PAGES). What the
 * guest's processors store is in it; what anybody else stores is not. Reading it takes and re-protects, under
 * the guest's MMU lock: no store falls between.
 *
 * As the mechanism of a device it looks at attached slots alone: at the own mapping not at all.
 */
namespace umfb::kvm_log {

/// Tells nothing, ever.
std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
/// Nothing to arm.
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);
/// @throws SystemError
std::unique_ptr<Tracker> trackSlot(const KvmSlot& slot);

/// As roundTrip(), with the stores of a guest.
std::vector<std::string> tryOut(const Mechanism& mechanism);

}  // namespace umfb::kvm_log
