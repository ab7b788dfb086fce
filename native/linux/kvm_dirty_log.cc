#include "linux/kvm_dirty_log.h"

#include <linux/kvm.h>
#include <sys/ioctl.h>

#include "sys/system_error.h"

namespace umfb::kvm {

bool canClearLog(int vm) { return ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2) > 0; }

void readLog(int vm, std::uint32_t slot, std::uint64_t* bitmap) {
  kvm_dirty_log log{};
  log.slot = slot;
  log.dirty_bitmap = bitmap;
  if (ioctl(vm, KVM_GET_DIRTY_LOG, &log) != 0) throw SystemError("ioctl(KVM_GET_DIRTY_LOG)");
}

void clearLog(int vm, std::uint32_t slot, std::uint32_t sizePages, const std::uint64_t* bitmap) {
  kvm_clear_dirty_log log{};
  log.slot = slot;
  log.num_pages = sizePages;
  // Only read: the uapi has no const.
  log.dirty_bitmap = const_cast<std::uint64_t*>(bitmap);
  if (ioctl(vm, KVM_CLEAR_DIRTY_LOG, &log) != 0) throw SystemError("ioctl(KVM_CLEAR_DIRTY_LOG)");
}

}  // namespace umfb::kvm
