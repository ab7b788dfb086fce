/*
 * System calls by number: the preload shim stands before libc's own functions, and libumfb gives errors as
 * results and leaves errno alone.
 */
#ifndef UMFB_SYSTEM_H
#define UMFB_SYSTEM_H

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/** A system call by number: its result, or a negative errno; errno is kept. */
#define umfb_syscall(...)                              \
  __extension__({                                      \
    int saved_errno = errno;                           \
    long syscall_result = syscall(__VA_ARGS__);        \
    if (syscall_result == -1) syscall_result = -errno; \
    errno = saved_errno;                               \
    syscall_result;                                    \
  })

static inline void umfb_close_fd(int* fd) {
  if (*fd >= 0) umfb_syscall(SYS_close, *fd);
  *fd = -1;
}

/** Moves a descriptor out of the way of programs that expect low numbers, or close a range of them. */
int umfb_raise_fd(int fd);

/**
 * Anonymous zeroed memory, not malloc's: the shim connects in the middle of a program's open(2), where the
 * program may be its allocator.
 * @return 0 or a negative errno
 */
int umfb_allocate(size_t size, void** memory);

/** A shared mapping for reading and writing. @return 0 or a negative errno */
int umfb_map_file(int fd, size_t offset, size_t length, void** address);

#endif
