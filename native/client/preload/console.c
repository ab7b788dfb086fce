/*
 * Virtual terminals, as far as frame buffer programs insist on them (linux/vt.h, linux/kd.h). The stand-in
 * for /dev/ttyN is a pseudoterminal: a real terminal to tcgetattr and poll, on which nobody types, and whose
 * output is thrown away. The settings are this process's alone.
 */
#include <fcntl.h>
#include <linux/kd.h>
#include <linux/vt.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>

#include "shim.h"

enum { most_consoles = 63, first_free_console = 7 };

static struct {
  atomic_int master;  // 0: none yet
  dev_t terminal_device;
  dev_t terminal_number;
  atomic_int active;
  atomic_int drawing;   // KD_TEXT or KD_GRAPHICS
  atomic_int keyboard;  // K_RAW to K_OFF
  struct vt_mode mode;
} console = {.active = 1, .drawing = KD_TEXT, .keyboard = K_UNICODE, .mode = {.mode = VT_AUTO}};

int shim_active_console(void) { return atomic_load(&console.active); }

int shim_console_master(void) {
  int master = atomic_load(&console.master);
  return master ? master : -1;
}

static int open_terminal(int master, int flags) {
  int kept = (flags & (O_ACCMODE | O_CLOEXEC | O_NONBLOCK)) | O_NOCTTY;
  return (int)umfb_syscall(SYS_ioctl, master, TIOCGPTPEER, kept);
}

/** The pseudoterminal's other end, which keeps it alive. @return a descriptor or a negative errno */
static int open_master(void) {
  int master = atomic_load(&console.master);
  if (master) return master;
  master = (int)umfb_syscall(SYS_openat, AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0) return master;
  int unlocked = 0;
  umfb_syscall(SYS_ioctl, master, TIOCSPTLCK, &unlocked);
  master = umfb_raise_fd(master);
  int terminal = open_terminal(master, O_RDWR | O_CLOEXEC);
  struct stat status;
  int error = terminal < 0 ? terminal : (int)umfb_syscall(SYS_fstat, terminal, &status);
  umfb_close_fd(&terminal);
  if (error < 0) {
    umfb_close_fd(&master);
    return error;
  }
  console.terminal_device = status.st_dev;
  console.terminal_number = status.st_rdev;
  int none = 0;
  if (atomic_compare_exchange_strong(&console.master, &none, master)) return master;
  umfb_close_fd(&master);  // Another thread was first.
  return none;
}

int shim_open_console(int number, int flags) {
  if (number > most_consoles) return -ENXIO;
  int master = open_master();
  return master < 0 ? master : open_terminal(master, flags);
}

bool shim_is_console(int fd) {
  struct stat status;
  return atomic_load(&console.master) && umfb_syscall(SYS_fstat, fd, &status) == 0 &&
         S_ISCHR(status.st_mode) && status.st_rdev == console.terminal_number &&
         status.st_dev == console.terminal_device;
}

void shim_drain_console(void) {
  char output[512];
  int master = atomic_load(&console.master);
  while (master && umfb_syscall(SYS_read, master, output, sizeof output) > 0) continue;
}

bool shim_is_console_request(unsigned long request) {
  unsigned long group = request >> 8;
  return (group == 'K' && (request & 0xff) <= 0x7f) || (group == 'V' && (request & 0xff) <= 0x0f);
}

static int put_int(void* argument, int value) { return shim_copy_out(argument, &value, sizeof value); }

static int get_state(void* argument) {
  int active = shim_active_console();
  struct vt_stat state = {.v_active = (unsigned short)active,
                          .v_state = (unsigned short)(1u | 1u << (active & 15))};
  return shim_copy_out(argument, &state, sizeof state);
}

static int set_number(atomic_int* number, unsigned long value, unsigned long least, unsigned long most,
                      int error) {
  if (value < least || value > most) return error;
  atomic_store(number, (int)value);
  return 0;
}

int shim_console_ioctl(unsigned long request, void* argument) {
  unsigned long value = (unsigned long)argument;
  shim_drain_console();
  switch (request) {
    case KDGETMODE:
      return put_int(argument, atomic_load(&console.drawing));
    case KDSETMODE:
      return set_number(&console.drawing, value, KD_TEXT, KD_TEXT1, -EINVAL);
    case KDGKBMODE:
      return put_int(argument, atomic_load(&console.keyboard));
    case KDSKBMODE:
      return set_number(&console.keyboard, value, K_RAW, K_OFF, -EINVAL);
    case KDGKBTYPE: {
      char type = KB_101;
      return shim_copy_out(argument, &type, sizeof type);
    }
    case KDGETLED:
    case KDGKBLED: {
      char none = 0;
      return shim_copy_out(argument, &none, sizeof none);
    }
    case KDSETLED:
    case KDSKBLED:
    case KDSIGACCEPT:
    case KIOCSOUND:
    case KDMKTONE:
      return 0;
    case VT_OPENQRY:
      return put_int(argument, first_free_console);
    case VT_GETMODE:
      return shim_copy_out(argument, &console.mode, sizeof console.mode);
    case VT_SETMODE:
      return shim_copy_in(&console.mode, argument, sizeof console.mode);
    case VT_GETSTATE:
      return get_state(argument);
    case VT_ACTIVATE:
      return set_number(&console.active, value, 1, most_consoles, -ENXIO);
    case VT_WAITACTIVE:
      return value < 1 || value > most_consoles ? -ENXIO : 0;
    case VT_RELDISP:
    case VT_DISALLOCATE:
    case VT_LOCKSWITCH:
    case VT_UNLOCKSWITCH:
      return 0;
    default:
      return -EINVAL;
  }
}
