#include "linux/pagemap.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include "sys/system_error.h"

namespace umfb::pagemap {

Descriptor openOwn() {
  Descriptor fd(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  if (!fd.isOpen()) throw SystemError("open", errno, "/proc/self/pagemap");
  return fd;
}

std::size_t scan(int fd, pm_scan_arg& argument, std::span<page_region> regions) {
  argument.size = sizeof argument;
  argument.vec = reinterpret_cast<std::uintptr_t>(regions.data());
  argument.vec_len = regions.size();
  const int count = ioctl(fd, PAGEMAP_SCAN, &argument);
  if (count < 0) throw SystemError("ioctl(PAGEMAP_SCAN)");
  return static_cast<std::size_t>(count);
}

}  // namespace umfb::pagemap
