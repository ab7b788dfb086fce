#include "linux/uffd.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "sys/system_error.h"

namespace umfb::uffd {

Descriptor open(int flags) {
  Descriptor fd(static_cast<int>(syscall(SYS_userfaultfd, flags)));
  if (fd.isOpen()) return fd;
  const int number = errno;
  // Whoever may open the device needs neither the system call nor a capability.
  const Descriptor device(::open("/dev/userfaultfd", O_RDWR | O_CLOEXEC));
  if (device.isOpen()) fd = Descriptor(ioctl(device.get(), USERFAULTFD_IOC_NEW, flags));
  if (!fd.isOpen()) throw SystemError("userfaultfd", number);
  return fd;
}

std::uint64_t enable(int fd, std::uint64_t features) {
  uffdio_api api{};
  api.api = UFFD_API;
  api.features = features;
  if (ioctl(fd, UFFDIO_API, &api) != 0) {
    // EINVAL: this kernel lacks one of the features (ioctl_userfaultfd(2)); a second handshake would tell
    // which.
    throw SystemError("ioctl(UFFDIO_API)", errno, errno == EINVAL ? "a feature that this kernel lacks" : "");
  }
  return api.features;
}

std::uint64_t registerRange(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t modes) {
  uffdio_register range{};
  range.range = {address, length};
  range.mode = modes;
  if (ioctl(fd, UFFDIO_REGISTER, &range) != 0) throw SystemError("ioctl(UFFDIO_REGISTER)");
  return range.ioctls;
}

void unregisterRange(int fd, std::uint64_t address, std::uint64_t length) {
  uffdio_range range{address, length};
  if (ioctl(fd, UFFDIO_UNREGISTER, &range) != 0) throw SystemError("ioctl(UFFDIO_UNREGISTER)");
}

void writeProtect(int fd, std::uint64_t address, std::uint64_t length, bool protect) {
  uffdio_writeprotect range{};
  range.range = {address, length};
  range.mode = protect ? UFFDIO_WRITEPROTECT_MODE_WP : 0;
  int result;
  do {
    // EAGAIN: the layout of the address space changes just now (ioctl_userfaultfd(2)).
    result = ioctl(fd, UFFDIO_WRITEPROTECT, &range);
  } while (result != 0 && errno == EAGAIN);
  if (result != 0) throw SystemError("ioctl(UFFDIO_WRITEPROTECT)");
}

}  // namespace umfb::uffd
