/*
 * libumfb: a process's way to a umfb device. It maps the device's memory, arranges that the host sees its
 * stores, and receives input and changes of the mode.
 *
 *     struct umfb *fb;
 *     void *pixels;
 *     int error = umfb_connect(NULL, NULL, &fb);
 *     if (!error) error = umfb_map(fb, 0, umfb_capacity(fb), &pixels);
 *     // draw: any store is seen, there is nothing to call
 *     umfb_close(fb);
 *
 * Functions return 0 (or what they say) on success and a negative errno on failure; errno itself is not
 * changed. Once the host is gone every call gives -EIO, and stores into mappings go nowhere, harmlessly. No
 * call waits for the host longer than ten seconds. A connection is not locked: use it from one thread at a
 * time.
 */
#ifndef UMFB_H
#define UMFB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

#define UMFB_API __attribute__((visibility("default")))

struct umfb;

struct umfb_options {
  /** Shown to the host's user; NULL: the program's own name. */
  const char* program;
  /**
   * UMFB_WANT_INPUT, UMFB_WANT_SCREEN, UMFB_WANT_MODE: which events umfb_next_event is to give. With
   * UMFB_WANT_MODE viewers may ask this program for another size; without it they may not.
   */
  uint32_t wanted;
  /** 0, or the token of a device that an ancestor of this process is connected to. */
  uint64_t token;
  /** The mode to start with, where each frontend has a device of its own (`umfb serve`). 0: the host's
   * choice. */
  uint32_t width, height, bits_per_pixel;
};

/** Connects to the host's socket. `path` NULL: $UMFB_SOCKET. `options` NULL: all zero. */
UMFB_API int umfb_connect(const char* path, const struct umfb_options* options, struct umfb** fb);
/** Idempotent on NULL. Mappings stay, but are no longer seen. */
UMFB_API void umfb_close(struct umfb* fb);

/** The connection, for poll(2): readable when umfb_next_event has something. */
UMFB_API int umfb_fd(const struct umfb* fb);
/** The device's memory, a sealed memfd. Not to be closed. */
UMFB_API int umfb_memory_fd(const struct umfb* fb);
/** Bytes of device memory: a whole number of pages. The pixels begin at 0. */
UMFB_API size_t umfb_capacity(const struct umfb* fb);
UMFB_API uint64_t umfb_token(const struct umfb* fb);

/** Maps device memory for reading and writing; offset and length in bytes, the offset at a page. */
UMFB_API int umfb_map(struct umfb* fb, size_t offset, size_t length, void** address);
UMFB_API int umfb_unmap(struct umfb* fb, void* address, size_t length);

/**
 * Announces a shared mapping of device memory that the caller made. When it returns, the host sees every
 * store through it: by page faults, or where the system forbids userfaultfd by comparing.
 */
UMFB_API int umfb_track(struct umfb* fb, void* address, size_t length, size_t offset);
/** Must be called before an announced range is unmapped, moved or replaced. Ranges that are not announced are
 * fine. */
UMFB_API int umfb_untrack(struct umfb* fb, const void* address, size_t length);
/** Has the host compare all of device memory for as long as this connection lasts: for writers that nothing
 * sees. */
UMFB_API int umfb_compare_all(struct umfb* fb);

/** These bytes changed in a way that no mapping saw, as by pwrite(2) on the descriptor. */
UMFB_API int umfb_mark_dirty(struct umfb* fb, size_t offset, size_t length);
/** The doorbell: the host looks for changes at its next frame, even if it had become idle. */
UMFB_API int umfb_kick(struct umfb* fb);

UMFB_API int umfb_get_screen(struct umfb* fb, struct umfb_screen* screen);
/**
 * Changes the mode. `screen` is what is wanted, and then what was really set. -EINVAL where it cannot be had.
 * @param flags UMFB_SCREEN_TEST: only tell what would be set.
 */
UMFB_API int umfb_set_screen(struct umfb* fb, struct umfb_screen* screen, uint32_t flags);
UMFB_API int umfb_pan(struct umfb* fb, uint32_t x_offset, uint32_t y_offset);
/** 256 colours, 3 bytes each: red, green, blue. */
UMFB_API int umfb_get_palette(struct umfb* fb, uint8_t colours[768]);
UMFB_API int umfb_set_palette(struct umfb* fb, unsigned first, unsigned count, const uint8_t* colours);
/** Levels are FB_BLANK_UNBLANK to FB_BLANK_POWERDOWN of linux/fb.h. */
UMFB_API int umfb_blank(struct umfb* fb, unsigned level);

enum umfb_event_kind { UMFB_EVENT_INPUT = 1, UMFB_EVENT_SCREEN = 2, UMFB_EVENT_MODE_WANTED = 3 };

struct umfb_event {
  enum umfb_event_kind kind;
  /** UMFB_EVENT_INPUT: one evdev event. */
  struct umfb_input_event input;
  /** UMFB_EVENT_SCREEN: the new mode. */
  struct umfb_screen screen;
  /**
   * UMFB_EVENT_MODE_WANTED: the size that a viewer would like. The answer is umfb_set_screen with that size
   * or another one, within three seconds; without it, the viewer keeps what it has.
   */
  struct umfb_mode_wanted mode_wanted;
};

/**
 * Never waits. @return 1: an event was stored; 0: none is there. Where this program was too slow, SYN_DROPPED
 * of linux/input-event-codes.h says that events were lost: umfb_get_input_state tells what they came to.
 */
UMFB_API int umfb_next_event(struct umfb* fb, struct umfb_event* event);

/**
 * Opens an event device: UMFB_INPUT_KEYBOARD, UMFB_INPUT_POINTER, UMFB_INPUT_TOUCH or UMFB_INPUT_MOUSE.
 * @param fd set to a stream of struct input_event (linux/input.h), to be read and polled; closed on exec
 * @param id set to the stream's number, for umfb_control_input
 */
UMFB_API int umfb_open_input(struct umfb* fb, uint32_t device, int* fd, uint32_t* id);
/** Which keys are down, where pointer and fingers are, which lights are on. */
UMFB_API int umfb_get_input_state(struct umfb* fb, struct umfb_input_state* state);
/**
 * What the ioctls EVIOCSCLOCKID (`first`: the clock), EVIOCGRAB, EVIOCREVOKE and EVIOCSREP (delay and period
 * in ms) do. @param control UMFB_INPUT_CLOCK to UMFB_INPUT_REPEAT. -EBUSY: another stream has grabbed the
 * device
 */
UMFB_API int umfb_control_input(struct umfb* fb, uint32_t id, uint32_t control, uint32_t first,
                                uint32_t second);

/**
 * For fork(2): prepare before it, then parent or child after it, as in pthread_atfork(3). The child has a
 * connection of its own, and its stores through inherited mappings are seen when umfb_fork_child returns.
 */
UMFB_API int umfb_fork_prepare(struct umfb* fb);
UMFB_API void umfb_fork_parent(struct umfb* fb);
UMFB_API int umfb_fork_child(struct umfb* fb);

#ifdef __cplusplus
}
#endif
#endif
