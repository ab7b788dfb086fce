/*
 * umfb-preload.so: gives an unmodified program a /dev/fb0, by standing before libc's functions (LD_PRELOAD).
 *
 * What open(2) hands out for /dev/fb0 is a fresh open file description of device memory, so seek offsets,
 * dup, fork, exec and reads are the kernel's own, and no table of descriptors can go stale: a descriptor is
 * the device's if fstat(2) says that it is the device's memory. Only what the kernel would do differently for
 * a frame buffer is done here: ioctls, bounds of writes, and telling the host of mappings.
 *
 * A process whose environment has no UMFB_SOCKET, or that never touches the device, is passed through
 * untouched.
 */
#ifndef UMFB_PRELOAD_SHIM_H
#define UMFB_PRELOAD_SHIM_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "../internal.h"

_Static_assert(sizeof(off_t) == 8 && sizeof(long) == 8, "the shim is for 64-bit systems: off_t is off64_t");

#define SHIM_EXPORT __attribute__((visibility("default")))

/** libc's own function, or that of the next preloaded library. Found at the first call: constructors may be
 * too late. */
#define SHIM_NEXT(name)                                                         \
  __extension__({                                                               \
    static __typeof__(&name) next_##name;                                       \
    if (!next_##name) next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    next_##name;                                                                \
  })

/** Turns a negative errno into libc's -1 and errno. */
#define SHIM_RETURN(result)                   \
  do {                                        \
    long shim_result = (result);              \
    if (shim_result >= 0) return shim_result; \
    errno = (int)-shim_result;                \
    return -1;                                \
  } while (0)

/* device.c: the one connection of this process, and its lock */

/** True in a process that is to see a /dev/fb0. */
bool shim_wanted(void);
/** True once this process has had a connection: cheap, for calls that are made often. */
bool shim_active(void);
/** Connects if need be, and takes the lock, with all signals blocked. @return 0 (locked) or a negative errno
 * (not) */
int shim_acquire(struct umfb** fb);
void shim_release(void);
/** True if the descriptor is of device memory. False in a process without a connection. */
bool shim_is_device(int fd);
/** The same for a descriptor that may have come from another process: connects to find out. */
bool shim_adopt_device(int fd);
/** True for descriptors that the shim opened for itself. */
bool shim_is_private(int fd);
/** The smallest of them; UINT_MAX if there is none. */
unsigned shim_lowest_private(void);
/**
 * The frame buffer's size, of which device memory has more: it grows with the screen, and does not shrink.
 * Call with the lock held.
 * @param end of what is to be used: the host is asked only where that lies beyond what is known
 */
size_t shim_memory_size(struct umfb* fb, size_t end);
/** Rings the doorbell, unless it was rung within the last few milliseconds. Call with the lock held. */
void shim_kick(struct umfb* fb);
/** If the process writes there with stdio, whose writes nothing sees, has the host compare. */
void shim_check_stdio(int fd);

/* paths.c */

enum shim_kind {
  SHIM_OTHER,
  SHIM_DEVICE,
  SHIM_CONSOLE,
  SHIM_INPUT,
  SHIM_FILE,
  SHIM_DIRECTORY,
  /** An input device of the machine's own: to the program there is none. */
  SHIM_ABSENT,
};

struct shim_path {
  enum shim_kind kind;
  /** SHIM_CONSOLE: the virtual terminal's number. SHIM_INPUT: the event device's. SHIM_FILE: which. */
  int number;
};

/** SHIM_OTHER for everything in a process that is not to see a device. `path` may be NULL. */
struct shim_path shim_classify(const char* path);
/** Opens what stands for the path. @return a descriptor or a negative errno */
int shim_open(struct shim_path path, int flags);
/** What stat(2) says of it, but for SHIM_OTHER and SHIM_ABSENT. */
void shim_describe(struct shim_path path, struct stat* status);

/* input.c: event devices */

struct shim_input {
  /** UMFB_INPUT_KEYBOARD to UMFB_INPUT_MOUSE. */
  uint32_t device;
  /** Of this open, as the host knows it. */
  uint32_t id;
};

/** @return a descriptor or a negative errno */
int shim_open_input(uint32_t device, int flags);
/** True if the descriptor is of an event device. False in a process that never had one: cheap. */
bool shim_is_input(int fd, struct shim_input* input);
/** The same for a descriptor that may have come from another process. */
bool shim_adopt_input(int fd, struct shim_input* input);

/* input_ioctl.c */

/** @return the result or a negative errno */
int shim_input_ioctl(struct shim_input input, unsigned long request, void* argument);

/* input_device.c: what the event devices are */

struct shim_bits {
  uint8_t bytes[96];
};

const char* shim_input_name(uint32_t device);
const char* shim_input_place(uint32_t device);
/** Bits of the codes that the device has of an event type; of the types for EV_SYN, as EVIOCGBIT has it. */
struct shim_bits shim_input_bits(uint32_t device, unsigned type);

/* virtual_file.c: /proc/fb, and files of /sys/class/graphics/fb0 and of event devices */

/** @return the file's number or -1 */
int shim_find_file(const char* path);
int shim_open_file(int number, int flags);

/* input_file.c: what /sys and /proc say of event devices */

/** @return the file's number or -1 */
int shim_find_input_file(const char* path);
/** @return how many bytes were written */
int shim_print_input_file(int number, char* out, size_t room);

/* console.c: virtual terminals */

int shim_open_console(int number, int flags);
/** True if the descriptor is the stand-in for a virtual terminal. */
bool shim_is_console(int fd);
/** Throws away what was written to the stand-in. */
void shim_drain_console(void);
bool shim_is_console_request(unsigned long request);
/** @return the result or a negative errno */
int shim_console_ioctl(unsigned long request, void* argument);
/** The stand-in's other end, which the shim keeps open; -1 if there is none. */
int shim_console_master(void);
/** The active virtual terminal's number. */
int shim_active_console(void);

/* fb_ioctl.c */

/** @return the result or a negative errno */
int shim_device_ioctl(unsigned long request, void* argument);

/* copy.c: as the kernel reads and writes what an ioctl points to. @return 0 or -EFAULT */

int shim_copy_in(void* to, const void* from, size_t size);
int shim_copy_out(void* to, const void* from, size_t size);

#endif
