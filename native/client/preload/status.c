/* stat(2), access(2) and readlink(2) of our paths and descriptors. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "shim.h"

/** 1 where the path is not ours, else 0 or a negative errno. */
static int describe_path(const char* name, struct stat* status) {
  struct shim_path path = shim_classify(name);
  if (path.kind == SHIM_OTHER) return 1;
  if (path.kind == SHIM_ABSENT) return -ENOENT;
  shim_describe(path, status);
  return 0;
}

static bool describe_fd(int fd, struct stat* status) {
  struct shim_path path;
  struct shim_input input;
  if (shim_is_device(fd))
    path = (struct shim_path){.kind = SHIM_DEVICE};
  else if (shim_is_input(fd, &input))
    path = (struct shim_path){.kind = SHIM_INPUT, .number = (int)input.device};
  else if (shim_is_console(fd))
    path = (struct shim_path){.kind = SHIM_CONSOLE, .number = shim_active_console()};
  else
    return false;
  shim_describe(path, status);
  return true;
}

static int describe_at(int directory, const char* name, int flags, struct stat* status) {
  int described = describe_path(name, status);
  return described > 0 && (flags & AT_EMPTY_PATH) && describe_fd(directory, status) ? 0 : described;
}

SHIM_EXPORT int stat(const char* name, struct stat* status) {
  int described = describe_path(name, status);
  if (described <= 0) SHIM_RETURN(described);
  return SHIM_NEXT(stat)(name, status);
}

SHIM_EXPORT int lstat(const char* name, struct stat* status) {
  int described = describe_path(name, status);
  if (described <= 0) SHIM_RETURN(described);
  return SHIM_NEXT(lstat)(name, status);
}

SHIM_EXPORT int fstat(int fd, struct stat* status) {
  return describe_fd(fd, status) ? 0 : SHIM_NEXT(fstat)(fd, status);
}

SHIM_EXPORT int fstatat(int directory, const char* name, struct stat* status, int flags) {
  int described = describe_at(directory, name, flags, status);
  if (described <= 0) SHIM_RETURN(described);
  return SHIM_NEXT(fstatat)(directory, name, status, flags);
}

SHIM_EXPORT int stat64(const char* name, struct stat64* status) __attribute__((alias("stat")));
SHIM_EXPORT int lstat64(const char* name, struct stat64* status) __attribute__((alias("lstat")));
SHIM_EXPORT int fstat64(int fd, struct stat64* status) __attribute__((alias("fstat")));
SHIM_EXPORT int fstatat64(int directory, const char* name, struct stat64* status, int flags)
    __attribute__((alias("fstatat")));

// What stat was before glibc 2.33, and still is in programs that were built then.
int __xstat(int version, const char* name, struct stat* status);
int __lxstat(int version, const char* name, struct stat* status);
int __fxstat(int version, int fd, struct stat* status);

SHIM_EXPORT int __xstat(int version, const char* name, struct stat* status) {
  int described = describe_path(name, status);
  if (described <= 0) SHIM_RETURN(described);
  return SHIM_NEXT(__xstat)(version, name, status);
}

SHIM_EXPORT int __lxstat(int version, const char* name, struct stat* status) {
  int described = describe_path(name, status);
  if (described <= 0) SHIM_RETURN(described);
  return SHIM_NEXT(__lxstat)(version, name, status);
}

SHIM_EXPORT int __fxstat(int version, int fd, struct stat* status) {
  return describe_fd(fd, status) ? 0 : SHIM_NEXT(__fxstat)(version, fd, status);
}

SHIM_EXPORT int __xstat64(int version, const char* name, struct stat64* status)
    __attribute__((alias("__xstat")));
SHIM_EXPORT int __lxstat64(int version, const char* name, struct stat64* status)
    __attribute__((alias("__lxstat")));
SHIM_EXPORT int __fxstat64(int version, int fd, struct stat64* status) __attribute__((alias("__fxstat")));

SHIM_EXPORT int statx(int directory, const char* name, int flags, unsigned mask, struct statx* out) {
  struct stat status;
  int described = describe_at(directory, name, flags, &status);
  if (described > 0) return SHIM_NEXT(statx)(directory, name, flags, mask, out);
  if (described < 0) SHIM_RETURN(described);
  memset(out, 0, sizeof *out);
  out->stx_mask = STATX_BASIC_STATS;
  out->stx_blksize = (uint32_t)status.st_blksize;
  out->stx_nlink = (uint32_t)status.st_nlink;
  out->stx_uid = status.st_uid;
  out->stx_gid = status.st_gid;
  out->stx_mode = (uint16_t)status.st_mode;
  out->stx_ino = status.st_ino;
  out->stx_size = (uint64_t)status.st_size;
  out->stx_rdev_major = major(status.st_rdev);
  out->stx_rdev_minor = minor(status.st_rdev);
  return 0;
}

/** 1 where the path is not ours, else 0 or a negative errno. */
static int check_access(const char* name, int mode) {
  struct shim_path path = shim_classify(name);
  if (path.kind == SHIM_OTHER) return 1;
  if (path.kind == SHIM_ABSENT) return -ENOENT;
  bool forbidden = path.kind == SHIM_DIRECTORY ? mode & W_OK
                   : path.kind == SHIM_FILE    ? mode & (W_OK | X_OK)
                                               : mode & X_OK;
  return forbidden ? -EACCES : 0;
}

SHIM_EXPORT int access(const char* name, int mode) {
  int checked = check_access(name, mode);
  if (checked <= 0) SHIM_RETURN(checked);
  return SHIM_NEXT(access)(name, mode);
}

SHIM_EXPORT int eaccess(const char* name, int mode) {
  int checked = check_access(name, mode);
  if (checked <= 0) SHIM_RETURN(checked);
  return SHIM_NEXT(eaccess)(name, mode);
}

SHIM_EXPORT int euidaccess(const char* name, int mode) __attribute__((alias("eaccess")));

SHIM_EXPORT int faccessat(int directory, const char* name, int mode, int flags) {
  int checked = check_access(name, mode);
  if (checked <= 0) SHIM_RETURN(checked);
  return SHIM_NEXT(faccessat)(directory, name, mode, flags);
}

/** Where a path of ours leads, relative to /sys/class; NULL where it is none of our links. */
static const char* link_of(const char* name) {
  static const struct {
    const char* path;
    const char* target;
  } links[] = {
      // Not below a PCI device, or Xorg's fbdev driver would look for that one.
      {"/sys/class/graphics/fb0", "../../devices/platform/umfb.0/graphics/fb0"},
      {"/sys/class/input/event0", "../../devices/platform/umfb.0/input/input0/event0"},
      {"/sys/class/input/event1", "../../devices/platform/umfb.0/input/input1/event1"},
      {"/sys/class/input/event2", "../../devices/platform/umfb.0/input/input2/event2"},
      {"/sys/class/input/event3", "../../devices/platform/umfb.0/input/input3/event3"},
  };
  if (!name || strncmp(name, "/sys/", 5) != 0 || !shim_wanted()) return NULL;
  for (size_t index = 0; index < sizeof links / sizeof links[0]; index++) {
    if (strcmp(name, links[index].path) == 0) return links[index].target;
  }
  return NULL;
}

static ssize_t copy_link(const char* name, char* out, size_t room) {
  const char* target = link_of(name);
  size_t length = strlen(target);
  if (length > room) length = room;
  memcpy(out, target, length);
  return (ssize_t)length;
}

SHIM_EXPORT ssize_t readlink(const char* name, char* out, size_t room) {
  return link_of(name) ? copy_link(name, out, room) : SHIM_NEXT(readlink)(name, out, room);
}

SHIM_EXPORT ssize_t readlinkat(int directory, const char* name, char* out, size_t room) {
  return link_of(name) ? copy_link(name, out, room) : SHIM_NEXT(readlinkat)(directory, name, out, room);
}

// What readlink becomes under -D_FORTIFY_SOURCE.
ssize_t __readlink_chk(const char* name, char* out, size_t room, size_t out_size);

SHIM_EXPORT ssize_t __readlink_chk(const char* name, char* out, size_t room, size_t out_size) {
  return link_of(name) ? copy_link(name, out, room) : SHIM_NEXT(__readlink_chk)(name, out, room, out_size);
}

/** @param resolved room for PATH_MAX bytes. @return false where the path is not ours */
static bool resolve(const char* name, char* resolved) {
  const char* target = link_of(name);
  if (target) {
    // The links are two folders below /sys.
    snprintf(resolved, PATH_MAX, "/sys/%s", target + strlen("../../"));
    return true;
  }
  enum shim_kind kind = shim_classify(name).kind;
  if (kind == SHIM_OTHER || kind == SHIM_ABSENT) return false;
  snprintf(resolved, PATH_MAX, "%s", name);
  return true;
}

SHIM_EXPORT char* realpath(const char* name, char* out) {
  char resolved[PATH_MAX];
  if (!resolve(name, resolved)) return SHIM_NEXT(realpath)(name, out);
  return out ? strcpy(out, resolved) : strdup(resolved);
}

char* __realpath_chk(const char* name, char* out, size_t out_size);

SHIM_EXPORT char* __realpath_chk(const char* name, char* out, size_t out_size) {
  char resolved[PATH_MAX];
  return resolve(name, resolved) ? strcpy(out, resolved) : SHIM_NEXT(__realpath_chk)(name, out, out_size);
}
