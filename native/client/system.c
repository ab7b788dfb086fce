/* What is more than one system call. */
#include "system.h"

#include <fcntl.h>
#include <sys/mman.h>

int umfb_raise_fd(int fd) {
  enum { first_high_fd = 512 };
  int raised = (int)umfb_syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, first_high_fd);
  if (raised < 0) return fd;  // RLIMIT_NOFILE is lower: any number must do
  umfb_close_fd(&fd);
  return raised;
}

static int map(size_t length, int flags, int fd, size_t offset, void** address) {
  long mapped = umfb_syscall(SYS_mmap, NULL, length, PROT_READ | PROT_WRITE, flags, fd, offset);
  if (mapped < 0 && mapped > -4096) return (int)mapped;
  *address = (void*)mapped;
  return 0;
}

int umfb_allocate(size_t size, void** memory) {
  return map(size, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, memory);
}

int umfb_map_file(int fd, size_t offset, size_t length, void** address) {
  return map(length, MAP_SHARED, fd, offset, address);
}
