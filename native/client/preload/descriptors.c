/*
 * Descriptors of the shim's own are kept from programs that close whatever they did not open; and where a
 * program makes the device its standard output, the host compares, for stdio's writes are libc's own affair.
 */
#include <fcntl.h>
#include <limits.h>

#include "shim.h"

SHIM_EXPORT int close(int fd) {
  // As if it were closed already, which is what it looks like to the program.
  if (shim_is_private(fd)) SHIM_RETURN(-EBADF);
  return SHIM_NEXT(close)(fd);
}

static int after_dup(int fd) {
  if (fd == STDOUT_FILENO || fd == STDERR_FILENO) shim_check_stdio(fd);
  return fd;
}

SHIM_EXPORT int dup2(int from, int to) {
  if (shim_is_private(to)) SHIM_RETURN(-EBUSY);
  return after_dup(SHIM_NEXT(dup2)(from, to));
}

SHIM_EXPORT int dup3(int from, int to, int flags) {
  if (shim_is_private(to)) SHIM_RETURN(-EBUSY);
  return after_dup(SHIM_NEXT(dup3)(from, to, flags));
}

SHIM_EXPORT int close_range(unsigned first, unsigned last, int flags) {
  // Above the shim's own descriptors there is nothing that a program could have meant.
  unsigned lowest = shim_lowest_private();
  if ((flags & CLOSE_RANGE_CLOEXEC) || lowest > last) return SHIM_NEXT(close_range)(first, last, flags);
  return first < lowest ? SHIM_NEXT(close_range)(first, lowest - 1, flags) : 0;
}

SHIM_EXPORT void closefrom(int first) { close_range(first < 0 ? 0 : (unsigned)first, UINT_MAX, 0); }
