/* Which paths are ours, and what stands for them. Only absolute paths, as frame buffer programs write them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "shim.h"

/** Documentation/admin-guide/devices.txt */
enum { fb_major = 29, tty_major = 4, input_major = 13, first_event_minor = 64 };

static bool is_one_of(const char* path, const char* const* names) {
  for (; *names; names++) {
    if (strcmp(path, *names) == 0) return true;
  }
  return false;
}

/** "/dev/tty7" → 7; -1 where it is not a virtual terminal's path. */
static int console_number(const char* path) {
  static const char* const prefixes[] = {"/dev/tty", "/dev/vc/", NULL};
  if (strcmp(path, "/dev/console") == 0) return 0;
  for (const char* const* prefix = prefixes; *prefix; prefix++) {
    size_t length = strlen(*prefix);
    if (strncmp(path, *prefix, length) != 0) continue;
    const char* digits = path + length;
    size_t count = strspn(digits, "0123456789");
    if (count < 1 || count > 2 || digits[count]) continue;
    int number = digits[0] - '0';
    return count == 1 ? number : number * 10 + digits[1] - '0';
  }
  return -1;
}

/** "event1" → 1; -1 where there is no such device. */
static int event_number(const char* name) {
  if (strncmp(name, "event", 5) != 0 || name[5] < '0' || name[5] >= '0' + UMFB_INPUT_DEVICES || name[6])
    return -1;
  return name[5] - '0';
}

/** Below /dev/input and /sys/class/input there is nothing but ours. @param rest of the path, behind the
 * prefix */
static struct shim_path classify_input(const char* path, const char* rest) {
  if (*rest == '\0' || strcmp(rest, "/") == 0) return (struct shim_path){.kind = SHIM_DIRECTORY};
  if (*rest != '/') return (struct shim_path){.kind = SHIM_OTHER};
  int number = event_number(rest + 1);
  if (number >= 0 && path[1] == 'd') return (struct shim_path){.kind = SHIM_INPUT, .number = number};
  if (number >= 0) return (struct shim_path){.kind = SHIM_DIRECTORY};
  int file = shim_find_file(path);
  return file < 0 ? (struct shim_path){.kind = SHIM_ABSENT}
                  : (struct shim_path){.kind = SHIM_FILE, .number = file};
}

struct shim_path shim_classify(const char* path) {
  static const char* const devices[] = {"/dev/fb0", "/dev/fb/0", "/dev/fb", NULL};
  static const char* const directories[] = {"/sys/class/graphics", "/sys/class/graphics/",
                                            "/sys/class/graphics/fb0", "/sys/class/graphics/fb0/", NULL};
  struct shim_path other = {.kind = SHIM_OTHER};
  // Most paths of most programs end here.
  if (!path || path[0] != '/' || !shim_wanted()) return other;
  if (strncmp(path, "/dev/input", 10) == 0) return classify_input(path, path + 10);
  if (strncmp(path, "/sys/class/input", 16) == 0) return classify_input(path, path + 16);
  if (strncmp(path, "/dev/", 5) == 0) {
    if (is_one_of(path, devices)) return (struct shim_path){.kind = SHIM_DEVICE};
    int number = console_number(path);
    return number < 0 ? other : (struct shim_path){.kind = SHIM_CONSOLE, .number = number};
  }
  if (is_one_of(path, directories)) return (struct shim_path){.kind = SHIM_DIRECTORY};
  int file = shim_find_file(path);
  return file < 0 ? other : (struct shim_path){.kind = SHIM_FILE, .number = file};
}

/** A fresh open file description of device memory, with the flags that mean something to a frame buffer. */
static int open_device(int flags) {
  if (flags & O_DIRECTORY) return -ENOTDIR;
  if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) return -EEXIST;
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", umfb_memory_fd(fb));
  int kept = flags & (O_ACCMODE | O_CLOEXEC | O_NONBLOCK | O_PATH);
  int fd = (int)umfb_syscall(SYS_openat, AT_FDCWD, link, kept);
  shim_release();
  return fd;
}

int shim_open(struct shim_path path, int flags) {
  switch (path.kind) {
    case SHIM_DEVICE:
      return open_device(flags);
    case SHIM_CONSOLE:
      return shim_open_console(path.number, flags);
    case SHIM_INPUT:
      return shim_open_input((uint32_t)path.number, flags);
    case SHIM_FILE:
      return shim_open_file(path.number, flags);
    default:
      return -ENOENT;
  }
}

void shim_describe(struct shim_path path, struct stat* status) {
  memset(status, 0, sizeof *status);
  status->st_nlink = 1;
  status->st_blksize = 4096;
  status->st_ino = 29000 + (ino_t)path.kind * 100 + (ino_t)path.number;
  switch (path.kind) {
    case SHIM_DEVICE:
      status->st_mode = S_IFCHR | 0660;
      status->st_rdev = makedev(fb_major, 0);
      break;
    case SHIM_CONSOLE:
      status->st_mode = S_IFCHR | 0620;
      status->st_rdev = makedev(tty_major, (unsigned)path.number);
      break;
    case SHIM_INPUT:
      status->st_mode = S_IFCHR | 0660;
      status->st_rdev = makedev(input_major, first_event_minor + (unsigned)path.number);
      break;
    case SHIM_DIRECTORY:
      status->st_mode = S_IFDIR | 0755;
      break;
    default:
      status->st_mode = S_IFREG | 0444;
      status->st_size = 4096;  // as sysfs says
  }
  status->st_uid = getuid();
  status->st_gid = getgid();
}
