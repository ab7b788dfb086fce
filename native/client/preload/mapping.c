/*
 * mmap(2) and its relatives: every shared mapping of the device is announced before the program gets to know
 * its address, so that no store comes before the host has armed it, and the host takes the last dirt before
 * it goes away.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "shim.h"

/** fb_mmap's rules (vm_iomap_memory): nothing beyond the end of the device. */
static bool is_inside(struct umfb* fb, size_t length, off_t offset) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t rounded = (length + page - 1) / page * page;
  if (offset < 0 || rounded < length || (size_t)offset + rounded < rounded) return false;
  size_t end = (size_t)offset + rounded;
  return end <= shim_memory_size(fb, end);
}

/** A private mapping's stores never reach the device, and through a read-only descriptor there can be none.
 */
static bool may_change_device(int fd, int flags) {
  int type = flags & MAP_TYPE;
  bool is_shared = type == MAP_SHARED || type == MAP_SHARED_VALIDATE;
  return is_shared && (umfb_syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

SHIM_EXPORT void* mmap(void* hint, size_t length, int protection, int flags, int fd, off_t offset) {
  bool is_device = !(flags & MAP_ANONYMOUS) && fd >= 0 && shim_is_device(fd);
  bool replaces = (flags & MAP_FIXED) && shim_active();
  if (!is_device && !replaces) return SHIM_NEXT(mmap)(hint, length, protection, flags, fd, offset);

  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (!error && is_device && !is_inside(fb, length, offset)) {
    shim_release();
    error = -EINVAL;
  }
  if (error) {
    errno = -error;
    return MAP_FAILED;
  }
  if (replaces) umfb_untrack(fb, hint, length);
  void* address = SHIM_NEXT(mmap)(hint, length, protection, flags, fd, offset);
  if (is_device && address != MAP_FAILED && may_change_device(fd, flags)) {
    error = umfb_track(fb, address, length, (size_t)offset);
    if (error) {
      umfb_syscall(SYS_munmap, address, length);
      errno = -error;
      address = MAP_FAILED;
    }
  }
  shim_release();
  return address;
}

SHIM_EXPORT void* mmap64(void* hint, size_t length, int protection, int flags, int fd, off64_t offset)
    __attribute__((alias("mmap")));

SHIM_EXPORT int munmap(void* address, size_t length) {
  struct umfb* fb;
  if (!shim_active() || shim_acquire(&fb)) return SHIM_NEXT(munmap)(address, length);
  umfb_untrack(fb, address, length);
  int result = SHIM_NEXT(munmap)(address, length);
  shim_release();
  return result;
}

/** A move takes the kernel's tracking off (mm/mremap.c, mm/userfaultfd.c), so what was moved is announced
 * anew. */
static void* move_device(struct umfb* fb, void* old, size_t old_length, size_t new_length, int flags,
                         void* fixed) {
  size_t offset;
  // VM_DONTEXPAND: no driver's mapping can grow.
  if (new_length > old_length || !umfb_find(fb, old, old_length, &offset)) {
    errno = EFAULT;
    return MAP_FAILED;
  }
  umfb_untrack(fb, old, old_length);
  void* address = SHIM_NEXT(mremap)(old, old_length, new_length, flags, fixed);
  if (address == MAP_FAILED || (flags & MREMAP_DONTUNMAP)) umfb_track(fb, old, old_length, offset);
  if (address != MAP_FAILED) umfb_track(fb, address, new_length, offset);
  return address;
}

SHIM_EXPORT void* mremap(void* old, size_t old_length, size_t new_length, int flags, ...) {
  void* fixed = NULL;
  if (flags & MREMAP_FIXED) {
    va_list arguments;
    va_start(arguments, flags);
    fixed = va_arg(arguments, void*);
    va_end(arguments);
  }
  struct umfb* fb;
  if (!shim_active() || shim_acquire(&fb)) {
    return SHIM_NEXT(mremap)(old, old_length, new_length, flags, fixed);
  }
  if (fixed) umfb_untrack(fb, fixed, new_length);
  void* address = umfb_find(fb, old, 1, &(size_t){0})
                      ? move_device(fb, old, old_length, new_length, flags, fixed)
                      : SHIM_NEXT(mremap)(old, old_length, new_length, flags, fixed);
  shim_release();
  return address;
}
