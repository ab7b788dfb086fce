/* open(2) and fopen(3) in all the forms that programs are compiled to. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shim.h"

/** The optional last argument of open: there only if the flags say so. */
#define READ_MODE(flags)                                    \
  __extension__({                                           \
    mode_t read_mode = 0;                                   \
    if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
      va_list arguments;                                    \
      va_start(arguments, flags);                           \
      read_mode = va_arg(arguments, mode_t);                \
      va_end(arguments);                                    \
    }                                                       \
    read_mode;                                              \
  })

/** Directories are passed through: where the system has them, they are listed as they are. */
static bool is_ours(struct shim_path path) { return path.kind != SHIM_OTHER && path.kind != SHIM_DIRECTORY; }

SHIM_EXPORT int open(const char* name, int flags, ...) {
  mode_t mode = READ_MODE(flags);
  struct shim_path path = shim_classify(name);
  if (is_ours(path)) SHIM_RETURN(shim_open(path, flags));
  return SHIM_NEXT(open)(name, flags, mode);
}

SHIM_EXPORT int openat(int directory, const char* name, int flags, ...) {
  mode_t mode = READ_MODE(flags);
  struct shim_path path = shim_classify(name);
  if (is_ours(path)) SHIM_RETURN(shim_open(path, flags));
  return SHIM_NEXT(openat)(directory, name, flags, mode);
}

SHIM_EXPORT int creat(const char* name, mode_t mode) {
  struct shim_path path = shim_classify(name);
  if (is_ours(path)) SHIM_RETURN(shim_open(path, O_CREAT | O_WRONLY | O_TRUNC));
  return SHIM_NEXT(creat)(name, mode);
}

SHIM_EXPORT int open64(const char* name, int flags, ...) __attribute__((alias("open")));
SHIM_EXPORT int openat64(int directory, const char* name, int flags, ...) __attribute__((alias("openat")));
SHIM_EXPORT int creat64(const char* name, mode_t mode) __attribute__((alias("creat")));

// What open becomes under -D_FORTIFY_SOURCE (glibc's fcntl2.h): it has no mode to pass.
int __open_2(const char* name, int flags);
int __openat_2(int directory, const char* name, int flags);

SHIM_EXPORT int __open_2(const char* name, int flags) {
  struct shim_path path = shim_classify(name);
  if (is_ours(path)) SHIM_RETURN(shim_open(path, flags));
  return SHIM_NEXT(__open_2)(name, flags);
}

SHIM_EXPORT int __openat_2(int directory, const char* name, int flags) {
  struct shim_path path = shim_classify(name);
  if (is_ours(path)) SHIM_RETURN(shim_open(path, flags));
  return SHIM_NEXT(__openat_2)(directory, name, flags);
}

SHIM_EXPORT int __open64_2(const char* name, int flags) __attribute__((alias("__open_2")));
SHIM_EXPORT int __openat64_2(int directory, const char* name, int flags) __attribute__((alias("__openat_2")));

/** The flags that fopen(3) opens with. */
static int flags_of(const char* mode) {
  int flags = strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  return strchr(mode, 'e') ? flags | O_CLOEXEC : flags;
}

SHIM_EXPORT FILE* fdopen(int fd, const char* mode) {
  shim_check_stdio(fd);
  return SHIM_NEXT(fdopen)(fd, mode);
}

SHIM_EXPORT FILE* fopen(const char* name, const char* mode) {
  struct shim_path path = shim_classify(name);
  if (!is_ours(path)) return SHIM_NEXT(fopen)(name, mode);
  int fd = shim_open(path, flags_of(mode));
  if (fd < 0) {
    errno = -fd;
    return NULL;
  }
  return fdopen(fd, mode);
}

SHIM_EXPORT FILE* fopen64(const char* name, const char* mode) __attribute__((alias("fopen")));
