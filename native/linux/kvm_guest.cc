#include "linux/kvm_guest.h"

#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <algorithm>
#include <stdexcept>

#include "sys/system_error.h"

namespace umfb {
namespace {

void unmap(std::span<std::uint8_t> memory) {
  if (!memory.empty()) munmap(memory.data(), memory.size());
}

}  // namespace

#if defined(__x86_64__)

namespace {

constexpr std::uint32_t kProgramSlot = 0;
/// Physical addresses in the guest. Beyond the memory's end there is nothing.
constexpr std::uint32_t kProgramAt = 0x10000;
constexpr std::uint32_t kOffsetsAt = kProgramAt + 0x1000;
constexpr std::uint32_t kMemoryAt = 0x100000;
constexpr std::size_t kMaxBytes = std::size_t{1} << 31;
constexpr std::size_t kProgramBytes = kOffsetsAt - kProgramAt + KvmGuest::kMaxOffsets * sizeof(std::uint32_t);
static_assert(kProgramAt + kProgramBytes <= kMemoryAt);

/// 32-bit code. esi: the offsets; ecx: how many, at least one; ebx: where the memory is; eax: the value.
constexpr std::uint8_t kProgram[] = {
    0x8b, 0x3e,        // next: mov edi, [esi]
    0x89, 0x04, 0x1f,  //       mov [edi + ebx], eax
    0x83, 0xc6, 0x04,  //       add esi, 4
    0x49,              //       dec ecx
    0x75, 0xf5,        //       jnz next
    0xf4,              //       hlt
};

template <typename Argument>
int control(int fd, unsigned long request, const char* name, Argument argument) {
  const int result = ioctl(fd, request, argument);
  if (result < 0) throw SystemError(name);
  return result;
}

Descriptor openKvm() {
  constexpr const char* path = "/dev/kvm";
  Descriptor kvm(open(path, O_RDWR | O_CLOEXEC));
  if (!kvm.isOpen()) throw SystemError("open", errno, path);
  return kvm;
}

std::span<std::uint8_t> map(std::size_t bytes, int flags, int fd) {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (address == MAP_FAILED) throw SystemError("mmap");
  return {static_cast<std::uint8_t*>(address), bytes};
}

/// All 4 GiB from address 0.
kvm_segment flatSegment(std::uint8_t type) {
  kvm_segment segment{};
  segment.limit = 0xffffffff;
  segment.type = type;
  segment.present = segment.s = segment.db = segment.g = 1;
  return segment;
}

}  // namespace

KvmGuest::KvmGuest(std::span<std::uint8_t> memory, Options options) : memory_(memory) {
  if (memory.size() > kMaxBytes) throw std::out_of_range("memory: expected at most 2 GiB");
  const Descriptor kvm = openKvm();
  machine_ = Descriptor(control(kvm.get(), KVM_CREATE_VM, "ioctl(KVM_CREATE_VM)", 0));
  if (options.manualProtect) {
    kvm_enable_cap capability{};
    capability.cap = KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2;
    capability.args[0] = KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | KVM_DIRTY_LOG_INITIALLY_SET;
    control(machine_.get(), KVM_ENABLE_CAP, "ioctl(KVM_ENABLE_CAP)", &capability);
  }
  program_ = map(kProgramBytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  try {
    std::ranges::copy(kProgram, program_.begin());
    setSlot(kProgramSlot, 0, kProgramAt, program_);
    setSlot(kSlot, options.logged ? KVM_MEM_LOG_DIRTY_PAGES : 0, kMemoryAt, memory);
    createProcessor(kvm.get());
  } catch (...) {
    unmap(program_);
    throw;
  }
}

void KvmGuest::createProcessor(int kvm) {
  processor_ = Descriptor(control(machine_.get(), KVM_CREATE_VCPU, "ioctl(KVM_CREATE_VCPU)", 0));
  // Protected mode, without pages of the guest's own: all of the memory by its physical addresses.
  kvm_sregs special;
  control(processor_.get(), KVM_GET_SREGS, "ioctl(KVM_GET_SREGS)", &special);
  constexpr std::uint8_t codeType = 11;  // executable, readable, accessed
  constexpr std::uint8_t dataType = 3;   // writable, accessed
  special.cs = flatSegment(codeType);
  special.ds = special.es = special.fs = special.gs = special.ss = flatSegment(dataType);
  special.cr0 |= 1;  // PE
  control(processor_.get(), KVM_SET_SREGS, "ioctl(KVM_SET_SREGS)", &special);
  const int bytes = control(kvm, KVM_GET_VCPU_MMAP_SIZE, "ioctl(KVM_GET_VCPU_MMAP_SIZE)", 0);
  run_ = map(static_cast<std::size_t>(bytes), MAP_SHARED, processor_.get());
}

void KvmGuest::setSlot(std::uint32_t slot, std::uint32_t flags, std::uint64_t at,
                       std::span<std::uint8_t> memory) {
  kvm_userspace_memory_region region{};
  region.slot = slot;
  region.flags = flags;
  region.guest_phys_addr = at;
  region.memory_size = memory.size();
  region.userspace_addr = reinterpret_cast<std::uintptr_t>(memory.data());
  control(machine_.get(), KVM_SET_USER_MEMORY_REGION, "ioctl(KVM_SET_USER_MEMORY_REGION)", &region);
}

void KvmGuest::removeMemory() { setSlot(kSlot, 0, kMemoryAt, {}); }

int KvmGuest::store(std::span<const std::uint32_t> offsets, std::uint32_t value) {
  if (offsets.empty()) return 0;
  if (offsets.size() > kMaxOffsets) throw std::out_of_range("offsets: expected at most 65536");
  if (std::ranges::max(offsets) > memory_.size() - sizeof value) {
    throw std::out_of_range("offsets: expected stores of 4 bytes inside the memory");
  }
  std::ranges::copy(std::as_bytes(offsets),
                    reinterpret_cast<std::byte*>(program_.data()) + (kOffsetsAt - kProgramAt));
  kvm_regs registers{};
  registers.rip = kProgramAt;
  registers.rflags = 2;  // The bit that is always set.
  registers.rsi = kOffsetsAt;
  registers.rcx = offsets.size();
  registers.rbx = kMemoryAt;
  registers.rax = value;
  control(processor_.get(), KVM_SET_REGS, "ioctl(KVM_SET_REGS)", &registers);
  while (ioctl(processor_.get(), KVM_RUN, 0) != 0) {
    if (errno != EINTR && errno != EAGAIN) return errno;
  }
  const std::uint32_t exit = reinterpret_cast<const kvm_run*>(run_.data())->exit_reason;
  // Where the kernel emulates a store that it may not do, it takes the memory for a device's.
  if (exit == KVM_EXIT_MMIO) return EFAULT;
  if (exit != KVM_EXIT_HLT) throw SystemError("ioctl(KVM_RUN)", EPROTO, "exit " + std::to_string(exit));
  return 0;
}

#else

KvmGuest::KvmGuest(std::span<std::uint8_t>, Options) {
  throw SystemError("KvmGuest", EOPNOTSUPP, "its instructions are those of x86-64");
}

int KvmGuest::store(std::span<const std::uint32_t>, std::uint32_t) { return EOPNOTSUPP; }

void KvmGuest::removeMemory() {}

#endif

KvmGuest::~KvmGuest() {
  unmap(run_);
  // The machine first, which has it for memory.
  processor_.close();
  machine_.close();
  unmap(program_);
}

}  // namespace umfb
