/* The one connection of this process: made at the first use, kept over fork, found again after exec. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "shim.h"

/** The shortest time between two doorbells: more would be work for the host and no news. */
enum { kick_interval_ns = 4000000 };

static struct {
  pthread_mutex_t lock;
  /** The signal mask to go back to; belongs to who holds the lock. */
  unsigned long saved_signals;
  struct umfb* fb;
  dev_t memory_device;
  ino_t memory_inode;
  size_t memory_size;
  struct timespec last_kick;
} device = {.lock = PTHREAD_MUTEX_INITIALIZER};

static atomic_bool active;

bool shim_wanted(void) {
  static atomic_int wanted;  // 0: not known yet
  int known = atomic_load_explicit(&wanted, memory_order_relaxed);
  if (known) return known > 0;
  const char* path = getenv("UMFB_SOCKET");
  bool is_wanted = path && *path;
  atomic_store_explicit(&wanted, is_wanted ? 1 : -1, memory_order_relaxed);
  return is_wanted;
}

bool shim_active(void) { return atomic_load_explicit(&active, memory_order_acquire); }

/** A signal handler that comes while the lock is held could wait for it for ever: none may. */
static void lock(void) {
  unsigned long all = ~0ul, saved;
  umfb_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &saved, sizeof saved);
  pthread_mutex_lock(&device.lock);
  device.saved_signals = saved;
}

static void unlock(void) {
  unsigned long saved = device.saved_signals;
  pthread_mutex_unlock(&device.lock);
  umfb_syscall(SYS_rt_sigprocmask, SIG_SETMASK, &saved, NULL, sizeof saved);
}

static void before_fork(void) {
  lock();
  if (device.fb) umfb_fork_prepare(device.fb);
}

static void after_fork_in_parent(void) {
  if (device.fb) umfb_fork_parent(device.fb);
  unlock();
}

static void after_fork_in_child(void) {
  if (device.fb) umfb_fork_child(device.fb);
  unlock();
}

/** fork without atfork handlers. glibc's own fork does not come through here. */
SHIM_EXPORT pid_t _Fork(void) {
  if (!shim_active()) return SHIM_NEXT(_Fork)();
  before_fork();
  pid_t pid = SHIM_NEXT(_Fork)();
  if (pid == 0)
    after_fork_in_child();
  else
    after_fork_in_parent();
  return pid;
}

/** Call with the lock held. */
static int connect_device(void) {
  if (device.fb) return 0;
  struct umfb* fb;
  int error = umfb_connect(NULL, NULL, &fb);
  if (error) return error == -ENOENT || error == -ECONNREFUSED ? -ENODEV : error;
  struct stat status;
  error = (int)umfb_syscall(SYS_fstat, umfb_memory_fd(fb), &status);
  if (error) {
    umfb_close(fb);
    return error;
  }
  device.memory_device = status.st_dev;
  device.memory_inode = status.st_ino;
  device.fb = fb;
  atomic_store_explicit(&active, true, memory_order_release);
  return 0;
}

int shim_acquire(struct umfb** fb) {
  lock();
  int error = connect_device();
  if (error)
    unlock();
  else
    *fb = device.fb;
  return error;
}

void shim_release(void) { unlock(); }

bool shim_is_device(int fd) {
  struct stat status;
  return shim_active() && umfb_syscall(SYS_fstat, fd, &status) == 0 && status.st_ino == device.memory_inode &&
         status.st_dev == device.memory_device;
}

/** True if the descriptor is a memfd with the name that the host gives to device memory. */
static bool looks_like_device(int fd) {
  char link[32], target[32] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  umfb_syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
  return strncmp(target, "/memfd:umfb-device", 18) == 0;
}

bool shim_adopt_device(int fd) {
  if (!shim_wanted()) return false;
  if (!shim_active() && looks_like_device(fd)) {
    struct umfb* fb;
    if (shim_acquire(&fb) == 0) shim_release();
  }
  return shim_is_device(fd);
}

/**
 * Calls `visit` with every descriptor of the shim's own, until it returns true.
 *
 * Not locked: a connection is never taken back, and its descriptors change in a fork's child alone; those of
 * mappings with their mapping.
 */
static bool visit_private_fds(bool (*visit)(int fd, void* argument), void* argument) {
  int console = shim_console_master();
  if (console >= 0 && visit(console, argument)) return true;
  const struct umfb* fb = shim_active() ? device.fb : NULL;
  if (!fb) return false;
  const int fds[] = {fb->socket, fb->memory, fb->uffd, fb->pagemap};
  for (size_t index = 0; index < sizeof fds / sizeof *fds; index++) {
    if (fds[index] >= 0 && visit(fds[index], argument)) return true;
  }
  for (size_t index = 0; index < fb->tracked_count && index < UMFB_MAX_MAPPINGS; index++) {
    int fd = fb->tracked[index].agent_socket;
    if (fd >= 0 && visit(fd, argument)) return true;
  }
  return false;
}

static bool is_same(int fd, void* wanted) { return fd == *(int*)wanted; }

bool shim_is_private(int fd) { return fd >= 0 && visit_private_fds(is_same, &fd); }

static bool keep_lower(int fd, void* lowest) {
  if ((unsigned)fd < *(unsigned*)lowest) *(unsigned*)lowest = (unsigned)fd;
  return false;
}

unsigned shim_lowest_private(void) {
  unsigned lowest = UINT_MAX;
  visit_private_fds(keep_lower, &lowest);
  return lowest;
}

size_t shim_memory_size(struct umfb* fb, size_t end) {
  struct umfb_screen screen;
  if (end > device.memory_size && umfb_get_screen(fb, &screen) == 0) device.memory_size = screen.memory_bytes;
  return device.memory_size;
}

void shim_kick(struct umfb* fb) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  long since = (now.tv_sec - device.last_kick.tv_sec) * 1000000000L + now.tv_nsec - device.last_kick.tv_nsec;
  if (since < kick_interval_ns && device.last_kick.tv_sec) return;
  device.last_kick = now;
  umfb_kick(fb);
}

void shim_check_stdio(int fd) {
  struct umfb* fb;
  if ((umfb_syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) == O_RDONLY) return;
  if (!shim_is_device(fd) || shim_acquire(&fb)) return;
  umfb_compare_all(fb);
  shim_release();
}

/** After exec: device descriptors may have been inherited, and writes to them must be seen. */
static void find_inherited(void) {
  struct entry {
    unsigned long inode;
    long offset;
    unsigned short size;
    unsigned char type;
    char name[];
  };
  int directory =
      (int)umfb_syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  _Alignas(struct entry) char buffer[2048];
  long size;
  while ((size = umfb_syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < size;) {
      const struct entry* entry = (const struct entry*)(buffer + at);
      at += entry->size;
      if (entry->name[0] == '.') continue;
      struct shim_input input;
      int fd = atoi(entry->name);
      shim_adopt_device(fd);
      shim_adopt_input(fd, &input);
    }
  }
  umfb_close_fd(&directory);
  for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) shim_check_stdio(fd);
}

__attribute__((constructor)) static void start(void) {
  if (!shim_wanted()) return;
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  find_inherited();
}
