/*
 * Opens of event devices. What the program gets is a stream socket that the host writes struct input_event
 * into, so reading, polling, signals, dup, fork and exec are the kernel's own. Who it is stands in the
 * socket's name, an abstract one (unix(7)), where a program finds it that inherited the descriptor.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "shim.h"

static const char name_prefix[] = "umfb-input/";

static atomic_bool any_input;

/** The cookie, a number that no other socket of this system has had, makes the name its own. */
static int name_stream(int fd, struct shim_input input) {
  uint64_t cookie;
  socklen_t size = sizeof cookie;
  int error = (int)umfb_syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_COOKIE, &cookie, &size);
  if (error) return error;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s%u/%u/%llx", name_prefix,
                        input.device, input.id, (unsigned long long)cookie);
  size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
  return (int)umfb_syscall(SYS_bind, fd, &address, size);
}

static bool read_name(int fd, struct shim_input* input) {
  struct sockaddr_un address = {0};
  // Room for a zero at the end of the longest name.
  socklen_t size = sizeof address - 1;
  if (umfb_syscall(SYS_getsockname, fd, &address, &size) != 0 || address.sun_family != AF_UNIX) return false;
  const char* name = address.sun_path + 1;
  if (address.sun_path[0] || strncmp(name, name_prefix, sizeof name_prefix - 1) != 0) return false;
  return sscanf(name + sizeof name_prefix - 1, "%u/%u/", &input->device, &input->id) == 2 &&
         input->device < UMFB_INPUT_DEVICES;
}

bool shim_is_input(int fd, struct shim_input* input) {
  return atomic_load_explicit(&any_input, memory_order_relaxed) && read_name(fd, input);
}

bool shim_adopt_input(int fd, struct shim_input* input) {
  if (!shim_wanted() || !read_name(fd, input)) return false;
  atomic_store(&any_input, true);
  return true;
}

/** What open(2)'s flags mean to an event device. The stream came closed on exec, and waits for events. */
static int apply_flags(int fd, int flags) {
  int error = 0;
  if (!(flags & O_CLOEXEC)) error = (int)umfb_syscall(SYS_fcntl, fd, F_SETFD, 0);
  if (!error && (flags & O_NONBLOCK)) error = (int)umfb_syscall(SYS_fcntl, fd, F_SETFL, O_RDWR | O_NONBLOCK);
  return error;
}

int shim_open_input(uint32_t device, int flags) {
  if (flags & O_DIRECTORY) return -ENOTDIR;
  if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) return -EEXIST;
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  struct shim_input input = {.device = device};
  int fd = -1;
  error = umfb_open_input(fb, device, &fd, &input.id);
  shim_release();
  if (!error) error = name_stream(fd, input);
  if (!error) error = apply_flags(fd, flags);
  if (error) {
    umfb_close_fd(&fd);
    return error;
  }
  atomic_store(&any_input, true);
  return fd;
}
