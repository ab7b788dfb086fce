/*
 * libumfb's device API: a frontend of docs/protocol.md. It draws into device memory, and says what it drew.
 *
 *     struct umfb_device* device;
 *     int error = umfb_device_open(NULL, NULL, &device);
 *     if (!error) error = umfb_device_fill(device, 0, (struct umfb_rect){10, 10, 100, 50}, 0xff8000,
 * UMFB_DEV_ROP_COPY);
 *     // when umfb_device_fd() is readable, and from time to time: umfb_device_next_event()
 *     umfb_device_close(device);
 *
 * Functions return 0 (or what they say) on success and a negative errno on failure; errno itself is not
 * changed. None waits for the backend, but for umfb_device_open, which waits ten seconds at most. Where the
 * ring is full or no backend is there, drawing goes on: the next look compares all.
 *
 * A backend that goes away costs nothing but time: umfb_device_next_event connects again, to whoever listens
 * on the path then, with the same memory. So a frontend has to call it when the descriptor is readable, even
 * if it wants no input.
 *
 * A device is not locked: use it from one thread at a time. umfb_device_set_dirty alone may be called from
 * any thread at any time until umfb_device_close, and from signal handlers. After fork(2), the child leaves
 * the device alone.
 */
#ifndef UMFB_DEVICE_H
#define UMFB_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../ring/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef UMFB_API
#define UMFB_API __attribute__((visibility("default")))
#endif

struct umfb_device;

/** What both sides have to know of; a bit each. */
enum umfb_feature {
  /** What is drawn is told. Without it, the backend compares at every frame, and stores need not be told. */
  UMFB_FEATURE_UPDATE = 1 << 0,
  UMFB_FEATURE_RESIZE = 1 << 1,
  UMFB_FEATURE_FILL = 1 << 2,
  UMFB_FEATURE_COPY = 1 << 3,
  UMFB_FEATURE_BLIT = 1 << 4,
  UMFB_FEATURE_CURSOR = 1 << 5,
  UMFB_FEATURE_DIRTY = 1 << 6,
  UMFB_FEATURE_BELL = 1 << 7,
  UMFB_FEATURE_SCANOUTS = 1 << 8,
  UMFB_FEATURE_COLOURS = 1 << 9,
  /** UMFB_DEVICE_MODE_WANTED comes. */
  UMFB_FEATURE_MODE = 1 << 10,
  /** UMFB_DEVICE_POSITION comes instead of UMFB_DEVICE_MOTION. */
  UMFB_FEATURE_ABS_POINTER = 1 << 11,
  /** Places are 0 to 32767 across scanout 0, instead of its pixels. */
  UMFB_FEATURE_RAW_POINTER = 1 << 12,
  UMFB_FEATURE_MULTI_TOUCH = 1 << 13,
  UMFB_FEATURE_DISABLE_KEYBOARD = 1 << 14,
  UMFB_FEATURE_DISABLE_POINTER = 1 << 15,
};

/** All but those that take something away, and RAW_POINTER. */
enum { UMFB_DEFAULT_FEATURES = 0x2fff };

struct umfb_device_wish {
  /** Shown to the backend's user; NULL: the program's own name. */
  const char* program;
  /** Of scanout 0; 0: the backend's choice. */
  uint32_t width, height;
  /** UMFB_DEV_FORMAT_…; 0: UMFB_DEV_FORMAT_XRGB8888. */
  uint32_t format;
  /** Room for pixels of all scanouts, and of larger modes to come; 0: the backend's choice. */
  uint64_t pixels_bytes;
  /** UMFB_FEATURE_…: what this frontend would offer and have; 0: UMFB_DEFAULT_FEATURES. */
  uint32_t features;
  /**
   * UMFB_DEVICE_DIRTY_WANTED comes, and is answered by umfb_device_tell_dirty. Otherwise the library answers:
   * right for who calls umfb_device_mark_dirty at once.
   */
  bool tracks_pages;
};

/**
 * Connects to a backend's socket, gets a device, and shows scanout 0 in the mode that was wished.
 * @param path NULL: $UMFB_SOCKET
 * @param wish NULL: all zero
 * @return -ENOSPC: the mode has no room in the pixels that the backend gave; -EPROTO: what the backend says
 * of itself cannot be
 */
UMFB_API int umfb_device_open(const char* path, const struct umfb_device_wish* wish,
                              struct umfb_device** device);
/** Idempotent on NULL. Unmaps the pixels. */
UMFB_API void umfb_device_close(struct umfb_device* device);

/** For poll(2), the same one for the device's life: readable when umfb_device_next_event has something to do.
 */
UMFB_API int umfb_device_fd(const struct umfb_device* device);
/** Device memory, a sealed memfd. Not to be closed. */
UMFB_API int umfb_device_memory_fd(const struct umfb_device* device);
/** UMFB_FEATURE_…: what is agreed with the backend that is there; with none, what was with the last one. */
UMFB_API uint32_t umfb_device_features(const struct umfb_device* device);
UMFB_API bool umfb_device_connected(const struct umfb_device* device);
/** The size that the backend suggests, and the range of places. 0: it has not said. */
UMFB_API void umfb_device_suggested_size(const struct umfb_device* device, uint32_t* width, uint32_t* height);

/** The pixels of all scanouts. */
UMFB_API uint8_t* umfb_device_pixels(const struct umfb_device* device);
UMFB_API uint64_t umfb_device_pixels_bytes(const struct umfb_device* device);

/* Scanouts: 0 to 3. Number 0 is there from the start. */

struct umfb_mode {
  uint32_t width, height;
  /** 0: as few as can be. */
  uint32_t stride_bytes;
  /** UMFB_DEV_FORMAT_…. */
  uint32_t format;
  /** Of the first visible pixel, in the pixels. */
  uint64_t offset_bytes;
};

/*
 * These change nothing, and return -EOPNOTSUPP, where the backend that is there cannot be told of it; with no
 * backend, the next one gets to know. -EINVAL: a value is out of range. -ENOENT: the scanout is not enabled.
 */

/** Also enables the scanout. The picture is what its pixels are. -ENOSPC: it is not inside of the pixels. */
UMFB_API int umfb_device_set_mode(struct umfb_device* device, unsigned scanout, const struct umfb_mode* mode);
/** Another offset in the same mode: flips between buffers, or scrolls. */
UMFB_API int umfb_device_pan(struct umfb_device* device, unsigned scanout, uint64_t offset_bytes);
/** Where it is beside the other scanouts. */
UMFB_API int umfb_device_place(struct umfb_device* device, unsigned scanout, int32_t x, int32_t y);
/** @param level FB_BLANK_UNBLANK (0) to FB_BLANK_POWERDOWN (4) of linux/fb.h */
UMFB_API int umfb_device_blank(struct umfb_device* device, unsigned scanout, unsigned level);
UMFB_API int umfb_device_disable(struct umfb_device* device, unsigned scanout);
/** Colours of UMFB_DEV_FORMAT_C8: 0x00RRGGBB each, 256 in all. */
UMFB_API int umfb_device_set_colours(struct umfb_device* device, unsigned scanout, unsigned first,
                                     unsigned count, const uint32_t* colours);
/** @return -ENOENT: it is not enabled */
UMFB_API int umfb_device_get_mode(const struct umfb_device* device, unsigned scanout, struct umfb_mode* mode);

/*
 * Drawing: into the pixels, and told. Rects may reach beyond the scanout: what lies outside is not drawn.
 * Colours are values of pixels in the scanout's format. Ops on different scanouts' memory that overlaps are
 * the caller's to tell of.
 */

struct umfb_rect {
  int32_t x, y;
  /** Negative is -EINVAL. */
  int32_t width, height;
};

/** @param rop UMFB_DEV_ROP_COPY or UMFB_DEV_ROP_XOR */
UMFB_API int umfb_device_fill(struct umfb_device* device, unsigned scanout, struct umfb_rect rect,
                              uint32_t colour, unsigned rop);
/** From the rect of the same size at from_x, from_y; overlapping or not. */
UMFB_API int umfb_device_copy(struct umfb_device* device, unsigned scanout, struct umfb_rect rect,
                              int32_t from_x, int32_t from_y);

/**
 * As large as the rect that it is drawn to. Pixels of the scanout's format, or glyphs: a bit a pixel, the
 * leftmost in the highest bit, rows at whole bytes.
 */
struct umfb_image {
  /** UMFB_DEV_BLIT_PIXELS, _GLYPH or _TRANSPARENT_GLYPH, of which bits that are not set draw nothing. */
  unsigned kind;
  const void* data;
  /** 0: as few as can be. */
  uint32_t stride_bytes;
  uint32_t foreground, background;
};

UMFB_API int umfb_device_blit(struct umfb_device* device, unsigned scanout, struct umfb_rect rect,
                              const struct umfb_image* image);

/* What was drawn by stores. */

/** Anything was drawn in the rect. */
UMFB_API int umfb_device_update(struct umfb_device* device, unsigned scanout, struct umfb_rect rect);
/** Anything may have been drawn anywhere. */
UMFB_API void umfb_device_update_all(struct umfb_device* device);
/** These bytes of the pixels changed: pages are marked, and told. */
UMFB_API int umfb_device_mark_dirty(struct umfb_device* device, uint64_t offset_bytes, uint64_t length);
/** The first half of it: marks pages, after they were put out of reach of who stores. For any thread. */
UMFB_API int umfb_device_set_dirty(struct umfb_device* device, uint64_t offset_bytes, uint64_t length);
/** The second half. @param serial that of UMFB_DEVICE_DIRTY_WANTED, or 0 of one's own accord */
UMFB_API void umfb_device_tell_dirty(struct umfb_device* device, uint32_t serial);

/* Cursor and bell: -EOPNOTSUPP where the backend that is there does not show or ring them. */

struct umfb_cursor {
  /** 1 to 256. */
  uint16_t width, height;
  uint16_t hot_x, hot_y;
  /** 0xAARRGGBB each, not premultiplied; copied. */
  const uint32_t* pixels;
};

/** A shape at a place of its hot spot. It is told again to a backend that comes later. */
UMFB_API int umfb_device_set_cursor(struct umfb_device* device, unsigned scanout, int32_t x, int32_t y,
                                    const struct umfb_cursor* cursor);
UMFB_API int umfb_device_move_cursor(struct umfb_device* device, int32_t x, int32_t y);
UMFB_API int umfb_device_hide_cursor(struct umfb_device* device);
UMFB_API int umfb_device_ring_bell(struct umfb_device* device);

enum umfb_device_event_kind {
  UMFB_DEVICE_KEY = 1,
  UMFB_DEVICE_MOTION,
  UMFB_DEVICE_POSITION,
  UMFB_DEVICE_TOUCH,
  UMFB_DEVICE_REFRESH_PERIOD,
  UMFB_DEVICE_MODE_WANTED,
  UMFB_DEVICE_DIRTY_WANTED,
  UMFB_DEVICE_CONNECTED,
  /** Keys that were down are up. */
  UMFB_DEVICE_DISCONNECTED,
};

struct umfb_device_event {
  enum umfb_device_event_kind kind;
  union {
    /** A code of linux/input-event-codes.h, of buttons too. A press of a key that is down is its repetition.
     */
    struct {
      uint32_t code;
      bool pressed;
    } key;
    /** By how much; z is the wheel, negative its way up. */
    struct {
      int32_t x, y, z;
    } motion;
    /** Where to; z as above. */
    struct {
      int32_t x, y, z;
    } position;
    struct {
      /** UMFB_DEV_TOUCH_…. */
      uint8_t type;
      uint8_t contact;
      /** Of UMFB_DEV_TOUCH_DOWN and _MOTION; the axes of _SHAPE. */
      int32_t x, y;
      /** Of UMFB_DEV_TOUCH_ORIENTATION. */
      int16_t orientation;
    } touch;
    /** How often the backend looks; 0: nobody watches, and until somebody does only modes and colours are
     * told. */
    struct {
      uint32_t ms;
    } refresh_period;
    /** A viewer would like this size: umfb_device_set_mode, if it suits. */
    struct {
      uint32_t width, height;
    } mode_wanted;
    /** Get the pages that you track out of reach, umfb_device_set_dirty, umfb_device_tell_dirty. */
    struct {
      uint32_t serial;
    } dirty_wanted;
  };
};

/** Never waits. @return 1: an event was stored; 0: none is there */
UMFB_API int umfb_device_next_event(struct umfb_device* device, struct umfb_device_event* event);

#ifdef __cplusplus
}
#endif
#endif
