#pragma once

#include <cstdint>

/// The dirty log of a memory slot of a KVM virtual machine. What it means, and the bits' layout (a word of 64
/// pages each): Linux's Documentation/virt/kvm/api.rst, 4.8 (KVM_GET_DIRTY_LOG) and 4.117
/// (KVM_CLEAR_DIRTY_LOG). Only the process that created the machine may ask (EIO).
namespace umfb::kvm {

/// Whether the kernel has KVM_CLEAR_DIRTY_LOG (5.0).
bool canClearLog(int vm);

/**
 * Reads the log. Without KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 enabled for the machine, clears and re-protects it
 * too.
 * @param bitmap one bit for each page of the slot, in whole words. The kernel is not told how large it is: it
 * writes as much as the slot has.
 * @throws SystemError ENOENT where there is no such slot, or it has no log
 */
void readLog(int vm, std::uint32_t slot, std::uint64_t* bitmap);

/**
 * Clears these pages in the log, and re-protects them. Allowed in either mode.
 * @param sizePages of the slot: EINVAL where it has fewer, or ends in another word
 * @throws SystemError
 */
void clearLog(int vm, std::uint32_t slot, std::uint32_t sizePages, const std::uint64_t* bitmap);

}  // namespace umfb::kvm
