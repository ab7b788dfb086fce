/* Opening a userfaultfd: what the host tracks this process's addresses by. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>

#include "internal.h"

// Newer than the headers of Debian 12 (Linux 6.1's include/uapi/linux/userfaultfd.h).
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)
#endif

/** Whoever may open the device needs neither the system call nor a capability. */
static int open_by_device(int flags) {
  int device = (int)umfb_syscall(SYS_openat, AT_FDCWD, "/dev/userfaultfd", O_RDWR | O_CLOEXEC);
  if (device < 0) return device;
  int uffd = (int)umfb_syscall(SYS_ioctl, device, USERFAULTFD_IOC_NEW, flags);
  umfb_close_fd(&device);
  return uffd;
}

int umfb_open_userfaultfd(int flags, uint64_t features) {
  int uffd = (int)umfb_syscall(SYS_userfaultfd, flags);
  if (uffd < 0) uffd = open_by_device(flags);
  if (uffd < 0) return uffd;
  struct uffdio_api api = {.api = UFFD_API, .features = features};
  int error = (int)umfb_syscall(SYS_ioctl, uffd, UFFDIO_API, &api);
  if (error == 0) return uffd;
  umfb_close_fd(&uffd);
  return error;
}
