/*
 * write(2) and its relatives. The bytes go to device memory by the real pwrite; what a frame buffer does
 * differently is the end of the device (drivers/video/fbdev/core/fb_sys_fops.c: EFBIG, ENOSPC), and no page
 * fault sees a pwrite. So each page that was written is then touched through an armed mapping of this
 * process's own.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "shim.h"

/** Makes the host see that these bytes changed. Call with the lock held. */
static void report(struct umfb* fb, size_t offset, size_t length) {
  static char* pixels;
  static size_t mapped_size;
  if (offset + length > mapped_size) {
    if (pixels) umfb_unmap(fb, pixels, mapped_size);
    mapped_size = shim_memory_size(fb, offset + length);
    void* mapped;
    pixels = umfb_map(fb, 0, mapped_size, &mapped) == 0 ? mapped : NULL;
    if (!pixels) mapped_size = 0;
  }
  if (!pixels) {
    umfb_mark_dirty(fb, offset, length);
    return;
  }
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t at = offset / page * page; at < offset + length; at += page) {
    // A store that changes nothing, whoever else stores there meanwhile.
    __atomic_fetch_or(&pixels[at], 0, __ATOMIC_RELAXED);
  }
}

/** fb_write's rules. @return how much of `size` may be written at `offset`, or a negative errno */
static long clamp(struct umfb* fb, off_t offset, size_t size) {
  if (offset < 0) return -EINVAL;
  size_t end = (size_t)offset + size;
  size_t memory = shim_memory_size(fb, end < size ? SIZE_MAX : end);
  if ((size_t)offset > memory) return -EFBIG;
  size_t room = memory - (size_t)offset;
  if (size <= room) return (long)size;
  if (room) return (long)room;
  return size > memory ? -EFBIG : -ENOSPC;
}

static long write_at(int fd, const void* data, size_t size, off_t offset) {
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  long written = clamp(fb, offset, size);
  if (written > 0) written = umfb_syscall(SYS_pwrite64, fd, data, written, offset);
  if (written > 0) {
    report(fb, (size_t)offset, (size_t)written);
    shim_kick(fb);
  }
  shim_release();
  return written;
}

static long write_here(int fd, const void* data, size_t size) {
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  off_t before = umfb_syscall(SYS_lseek, fd, 0, SEEK_CUR);
  long written = before < 0 ? before : clamp(fb, before, size);
  if (written > 0) written = umfb_syscall(SYS_write, fd, data, written);
  if (written > 0) {
    // Another process may share the offset and have moved it in between: then nobody knows where the bytes
    // went.
    off_t after = umfb_syscall(SYS_lseek, fd, 0, SEEK_CUR);
    if (after == before + written)
      report(fb, (size_t)before, (size_t)written);
    else
      umfb_mark_dirty(fb, 0, umfb_capacity(fb));
    shim_kick(fb);
  }
  shim_release();
  return written;
}

SHIM_EXPORT ssize_t write(int fd, const void* data, size_t size) {
  if (shim_is_device(fd)) SHIM_RETURN(write_here(fd, data, size));
  if (shim_is_console(fd)) {
    shim_drain_console();
    return (ssize_t)size;
  }
  return SHIM_NEXT(write)(fd, data, size);
}

SHIM_EXPORT ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  if (shim_is_device(fd)) SHIM_RETURN(write_at(fd, data, size, offset));
  return SHIM_NEXT(pwrite)(fd, data, size, offset);
}

SHIM_EXPORT ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset)
    __attribute__((alias("pwrite")));

/** Part by part, as the kernel does for a device that knows only write. An offset of -1: the file's own. */
static long write_parts(int fd, const struct iovec* parts, int count, off_t offset) {
  if (count < 0 || count > IOV_MAX) return -EINVAL;
  long total = 0;
  for (int index = 0; index < count; index++) {
    const struct iovec* part = &parts[index];
    long written = offset < 0 ? write_here(fd, part->iov_base, part->iov_len)
                              : write_at(fd, part->iov_base, part->iov_len, offset + total);
    if (written < 0) return total ? total : written;
    total += written;
    if ((size_t)written < part->iov_len) break;
  }
  return total;
}

SHIM_EXPORT ssize_t writev(int fd, const struct iovec* parts, int count) {
  if (shim_is_device(fd)) SHIM_RETURN(write_parts(fd, parts, count, -1));
  return SHIM_NEXT(writev)(fd, parts, count);
}

SHIM_EXPORT ssize_t pwritev(int fd, const struct iovec* parts, int count, off_t offset) {
  if (!shim_is_device(fd)) return SHIM_NEXT(pwritev)(fd, parts, count, offset);
  SHIM_RETURN(offset < 0 ? -EINVAL : write_parts(fd, parts, count, offset));
}

SHIM_EXPORT ssize_t pwritev2(int fd, const struct iovec* parts, int count, off_t offset, int flags) {
  if (!shim_is_device(fd)) return SHIM_NEXT(pwritev2)(fd, parts, count, offset, flags);
  if (flags & ~RWF_HIPRI) SHIM_RETURN(-EOPNOTSUPP);
  SHIM_RETURN(offset < -1 ? -EINVAL : write_parts(fd, parts, count, offset));
}

SHIM_EXPORT ssize_t pwritev64(int fd, const struct iovec* parts, int count, off64_t offset)
    __attribute__((alias("pwritev")));
SHIM_EXPORT ssize_t pwritev64v2(int fd, const struct iovec* parts, int count, off64_t offset, int flags)
    __attribute__((alias("pwritev2")));

/** A device has no end: default_llseek counts from the inode's size, which is 0. */
SHIM_EXPORT off_t lseek(int fd, off_t offset, int whence) {
  if (shim_is_device(fd)) {
    if (whence == SEEK_END) whence = SEEK_SET;
    if (whence == SEEK_DATA || whence == SEEK_HOLE) SHIM_RETURN(-ENXIO);
  }
  return SHIM_NEXT(lseek)(fd, offset, whence);
}

SHIM_EXPORT off64_t lseek64(int fd, off64_t offset, int whence) __attribute__((alias("lseek")));

// What the kernel refuses on a character device that has no splice operations, programs know to do without.

SHIM_EXPORT ssize_t sendfile(int out, int in, off_t* offset, size_t size) {
  if (shim_is_device(out) || shim_is_device(in)) SHIM_RETURN(-EINVAL);
  return SHIM_NEXT(sendfile)(out, in, offset, size);
}

SHIM_EXPORT ssize_t sendfile64(int out, int in, off64_t* offset, size_t size)
    __attribute__((alias("sendfile")));

SHIM_EXPORT ssize_t splice(int in, off64_t* in_offset, int out, off64_t* out_offset, size_t size,
                           unsigned flags) {
  if (shim_is_device(out) || shim_is_device(in)) SHIM_RETURN(-EINVAL);
  return SHIM_NEXT(splice)(in, in_offset, out, out_offset, size, flags);
}

SHIM_EXPORT ssize_t copy_file_range(int in, off64_t* in_offset, int out, off64_t* out_offset, size_t size,
                                    unsigned flags) {
  if (shim_is_device(out) || shim_is_device(in)) SHIM_RETURN(-EINVAL);
  return SHIM_NEXT(copy_file_range)(in, in_offset, out, out_offset, size, flags);
}

SHIM_EXPORT int ftruncate(int fd, off_t size) {
  if (shim_is_device(fd)) SHIM_RETURN(-EINVAL);
  return SHIM_NEXT(ftruncate)(fd, size);
}

SHIM_EXPORT int ftruncate64(int fd, off64_t size) __attribute__((alias("ftruncate")));

SHIM_EXPORT int fallocate(int fd, int mode, off_t offset, off_t size) {
  if (shim_is_device(fd)) SHIM_RETURN(-ENODEV);
  return SHIM_NEXT(fallocate)(fd, mode, offset, size);
}

SHIM_EXPORT int fallocate64(int fd, int mode, off64_t offset, off64_t size)
    __attribute__((alias("fallocate")));
