/*
 * What the files of the device API share. The way of an op: draw.c does it on the pixels, post.c tells of it
 * on the ring, link.c rings. session.c keeps both ends agreed, whoever the backend is.
 */
#ifndef UMFB_DEVICE_DEVICE_H
#define UMFB_DEVICE_DEVICE_H

#include "../umfb_device.h"
#include "heap.h"
#include "link.h"
#include "memory.h"
#include "ring.h"

/** The cursor as it was said last, to be said again. */
struct umfb_cursor_state {
  bool is_shown;
  /** The backend has not been told of the shape, or of the place. */
  bool is_shape_news;
  bool is_news;
  uint8_t scanout;
  int32_t x, y;
  uint16_t hot_x, hot_y;
  uint16_t width, height;
  uint32_t pixels[UMFB_DEV_MAX_CURSOR_SIDE * UMFB_DEV_MAX_CURSOR_SIDE];
};

struct umfb_device {
  struct umfb_memory memory;
  struct umfb_link link;
  struct umfb_ring out;
  struct umfb_ring framebuffer_in;
  struct umfb_ring keyboard_in;
  struct umfb_heap heap;
  /** UMFB_FEATURE_…: what this side would have, and what the backend has agreed to. */
  uint32_t wanted;
  uint32_t agreed;
  /** Of the backend's store, as it was read. */
  uint32_t store_serial;
  uint32_t suggested_width, suggested_height;
  bool tracks_pages;
  /** Somebody looks: the refresh period is not 0. */
  bool is_watched;
  /** As in the info page, which others can write to. */
  struct umfb_scanout scanouts[UMFB_DEV_MAX_SCANOUTS];
  struct umfb_cursor_state cursor;
};

/* device.c */

/** Rings and heap of the memory; their indices go on from what it says. */
void umfb_open_rings(struct umfb_device* device);

/* post.c */

/** True where what is drawn has to be told now. */
bool umfb_is_told(const struct umfb_device* device, enum umfb_feature feature);
/** Posts an event of 40 bytes on the out ring. @return false: there was no room, and all is dirty now */
bool umfb_post(struct umfb_device* device, const void* event);
void umfb_post_update(struct umfb_device* device, unsigned scanout, struct umfb_rect rect);
/** Has the backend compare all, and read the tables anew. */
void umfb_post_all_dirty(struct umfb_device* device);

/* session.c */

/** What the backend says of itself. @return 0 or -EPROTO */
int umfb_session_read(struct umfb_device* device);
/** Says that this side is there, with all that it has to say. */
void umfb_session_start(struct umfb_device* device);
/** Looks after the connection. @return what there is to tell of it, or 0 */
enum umfb_device_event_kind umfb_session_step(struct umfb_device* device);

/* scanouts.c */

/** @return NULL: it is not enabled, or there is none with this number */
const struct umfb_scanout* umfb_scanout(const struct umfb_device* device, unsigned number);
/** Writes the entry, and tells nobody. @return 0, -EINVAL or -ENOSPC */
int umfb_scanout_enable(struct umfb_device* device, unsigned number, const struct umfb_mode* mode);

/* cursor.c */

/** Says what the backend has not been told of the cursor. */
void umfb_cursor_tell(struct umfb_device* device);
/** The backend, or who watches, has not heard of it. */
void umfb_cursor_repeat(struct umfb_device* device);

#endif
