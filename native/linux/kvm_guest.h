#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sys/descriptor.h"

namespace umfb {

/**
 * A KVM virtual machine of a few instructions, which stores where it is told: to try out what sees a guest's
 * stores. x86-64 only.
 */
class KvmGuest {
public:
  /// The memory's slot.
  static constexpr std::uint32_t kSlot = 1;
  /// Of one store().
  static constexpr std::size_t kMaxOffsets = 65536;

  struct Options {
    /// KVM_MEM_LOG_DIRTY_PAGES of the slot.
    bool logged = true;
    /// KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 of the machine, all pages dirty at first.
    bool manualProtect = false;
  };

  /// @param memory whole pages of this process, at most 2 GiB, which outlive the guest
  /// @throws SystemError
  KvmGuest(std::span<std::uint8_t> memory, Options options);
  ~KvmGuest();
  KvmGuest(const KvmGuest&) = delete;
  KvmGuest& operator=(const KvmGuest&) = delete;

  int machine() const { return machine_.get(); }

  /**
   * Runs the guest, which stores `value` at each of these byte offsets, in this order. By one thread at a
   * time, any.
   * @returns 0, or the errno of KVM_RUN, then some stores are not done: EFAULT where the kernel cannot
   * resolve the fault of one
   * @throws std::out_of_range, SystemError
   */
  int store(std::span<const std::uint32_t> offsets, std::uint32_t value);

  /// Removes the memory's slot, as a machine's owner may at any time. From then on stores give EFAULT.
  void removeMemory();

private:
  void createProcessor(int kvm);
  void setSlot(std::uint32_t slot, std::uint32_t flags, std::uint64_t at, std::span<std::uint8_t> memory);

  Descriptor machine_;
  Descriptor processor_;
  std::span<std::uint8_t> memory_;
  /// The guest's instructions, and the offsets of a store().
  std::span<std::uint8_t> program_;
  /// struct kvm_run, shared with the kernel.
  std::span<std::uint8_t> run_;
};

}  // namespace umfb
