#include "linux/pagemap.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <string>

#include "sys/system_error.h"

namespace umfb::pagemap {

namespace {

Descriptor openPath(const std::string& path) {
  Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.isOpen()) throw SystemError("open", errno, path);
  return fd;
}

}  // namespace

Descriptor openOwn() { return openPath("/proc/self/pagemap"); }

Descriptor openOf(int pid) { return openPath("/proc/" + std::to_string(pid) + "/pagemap"); }

std::size_t scan(int fd, pm_scan_arg& argument, std::span<page_region> regions) {
  argument.size = sizeof argument;
  argument.vec = reinterpret_cast<std::uintptr_t>(regions.data());
  argument.vec_len = regions.size();
  const int count = ioctl(fd, PAGEMAP_SCAN, &argument);
  if (count < 0) throw SystemError("ioctl(PAGEMAP_SCAN)");
  return static_cast<std::size_t>(count);
}

}  // namespace umfb::pagemap
