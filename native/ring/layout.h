// Generated from src/ring/layout.ts by tools/gen-layout.ts: change it there. clang-format off

#ifndef UMFB_RING_LAYOUT_H
#define UMFB_RING_LAYOUT_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define UMFB_DEV_MAGIC "umfbdev"
#define UMFB_DEV_SOCKET_MAGIC "umfb"

enum {
  UMFB_DEV_VERSION = 1,
  UMFB_DEV_PAGE_BYTES = 4096,
  UMFB_DEV_MAX_SCANOUTS = 4,
  UMFB_DEV_STORE_BYTES = 1536,
  UMFB_DEV_PALETTE_COLOURS = 256,
  UMFB_DEV_MAX_CURSOR_SIDE = 256,
  UMFB_DEV_STATE_INITIALISING = 1,
  UMFB_DEV_STATE_WAITING = 2,
  UMFB_DEV_STATE_CONNECTED = 4,
  UMFB_DEV_STATE_CLOSING = 5,
  UMFB_DEV_STATE_CLOSED = 6,
  UMFB_DEV_EVENT_BYTES = 40,
  UMFB_DEV_FRAMEBUFFER_IN_CONS = 0,
  UMFB_DEV_FRAMEBUFFER_IN_PROD = 4,
  UMFB_DEV_FRAMEBUFFER_IN_EVENTS = 1024,
  UMFB_DEV_FRAMEBUFFER_IN_SLOTS = 25,
  UMFB_DEV_FRAMEBUFFER_OUT_CONS = 8,
  UMFB_DEV_FRAMEBUFFER_OUT_PROD = 12,
  UMFB_DEV_FRAMEBUFFER_OUT_EVENTS = 2048,
  UMFB_DEV_FRAMEBUFFER_OUT_SLOTS = 51,
  UMFB_DEV_KEYBOARD_IN_CONS = 0,
  UMFB_DEV_KEYBOARD_IN_PROD = 4,
  UMFB_DEV_KEYBOARD_IN_EVENTS = 1024,
  UMFB_DEV_KEYBOARD_IN_SLOTS = 51,
  UMFB_DEV_KEYBOARD_OUT_CONS = 8,
  UMFB_DEV_KEYBOARD_OUT_PROD = 12,
  UMFB_DEV_KEYBOARD_OUT_EVENTS = 3072,
  UMFB_DEV_KEYBOARD_OUT_SLOTS = 25,
  UMFB_DEV_FORMAT_XRGB8888 = 875713112,
  UMFB_DEV_FORMAT_XBGR8888 = 875709016,
  UMFB_DEV_FORMAT_RGBX8888 = 875714642,
  UMFB_DEV_FORMAT_BGRX8888 = 875714626,
  UMFB_DEV_FORMAT_RGB888 = 875710290,
  UMFB_DEV_FORMAT_BGR888 = 875710274,
  UMFB_DEV_FORMAT_RGB565 = 909199186,
  UMFB_DEV_FORMAT_BGR565 = 909199170,
  UMFB_DEV_FORMAT_XRGB1555 = 892424792,
  UMFB_DEV_FORMAT_RGB332 = 943867730,
  UMFB_DEV_FORMAT_C8 = 538982467,
  UMFB_DEV_OUT_UPDATE = 2,
  UMFB_DEV_OUT_RESIZE = 3,
  UMFB_DEV_OUT_FILL = 64,
  UMFB_DEV_OUT_COPY = 65,
  UMFB_DEV_OUT_BLIT = 66,
  UMFB_DEV_OUT_CURSOR = 67,
  UMFB_DEV_OUT_DIRTY = 68,
  UMFB_DEV_OUT_BELL = 69,
  UMFB_DEV_OUT_SCANOUT = 70,
  UMFB_DEV_OUT_COLOURS = 71,
  UMFB_DEV_IN_REFRESH_PERIOD = 1,
  UMFB_DEV_IN_DIRTY = 64,
  UMFB_DEV_IN_MODE = 65,
  UMFB_DEV_KEYBOARD_MOTION = 1,
  UMFB_DEV_KEYBOARD_KEY = 3,
  UMFB_DEV_KEYBOARD_POS = 4,
  UMFB_DEV_KEYBOARD_MTOUCH = 5,
  UMFB_DEV_TOUCH_DOWN = 0,
  UMFB_DEV_TOUCH_UP = 1,
  UMFB_DEV_TOUCH_MOTION = 2,
  UMFB_DEV_TOUCH_SYN = 3,
  UMFB_DEV_TOUCH_SHAPE = 4,
  UMFB_DEV_TOUCH_ORIENTATION = 5,
  UMFB_DEV_ROP_COPY = 0,
  UMFB_DEV_ROP_XOR = 1,
  UMFB_DEV_BLIT_PIXELS = 0,
  UMFB_DEV_BLIT_GLYPH = 1,
  UMFB_DEV_BLIT_TRANSPARENT_GLYPH = 2,
  UMFB_DEV_CURSOR_HIDDEN = 0,
  UMFB_DEV_CURSOR_MOVED = 1,
  UMFB_DEV_CURSOR_SHAPE = 2,
  UMFB_DEV_ATTACH_NEW = 0,
  UMFB_DEV_ATTACH_MINE = 1,
  UMFB_DEV_ATTACH_KNOWN = 2,
};

struct umfb_peer {
  uint32_t state;
  uint32_t generation;
  uint32_t store_serial;
  uint32_t all_dirty;
  uint32_t dropped;
  uint8_t reserved[44];
};
static_assert(offsetof(struct umfb_peer, state) == 0, "layout");
static_assert(offsetof(struct umfb_peer, generation) == 4, "layout");
static_assert(offsetof(struct umfb_peer, store_serial) == 8, "layout");
static_assert(offsetof(struct umfb_peer, all_dirty) == 12, "layout");
static_assert(offsetof(struct umfb_peer, dropped) == 16, "layout");
static_assert(offsetof(struct umfb_peer, reserved) == 20, "layout");
static_assert(sizeof(struct umfb_peer) == 64, "layout");

struct umfb_scanout {
  uint32_t enabled;
  uint32_t width;
  uint32_t height;
  uint32_t stride_bytes;
  uint64_t offset_bytes;
  uint32_t format;
  uint32_t blank;
  int32_t x;
  int32_t y;
  uint8_t reserved[24];
};
static_assert(offsetof(struct umfb_scanout, enabled) == 0, "layout");
static_assert(offsetof(struct umfb_scanout, width) == 4, "layout");
static_assert(offsetof(struct umfb_scanout, height) == 8, "layout");
static_assert(offsetof(struct umfb_scanout, stride_bytes) == 12, "layout");
static_assert(offsetof(struct umfb_scanout, offset_bytes) == 16, "layout");
static_assert(offsetof(struct umfb_scanout, format) == 24, "layout");
static_assert(offsetof(struct umfb_scanout, blank) == 28, "layout");
static_assert(offsetof(struct umfb_scanout, x) == 32, "layout");
static_assert(offsetof(struct umfb_scanout, y) == 36, "layout");
static_assert(offsetof(struct umfb_scanout, reserved) == 40, "layout");
static_assert(sizeof(struct umfb_scanout) == 64, "layout");

struct umfb_info {
  char magic[8];
  uint32_t version;
  uint32_t page_bytes;
  uint64_t memory_bytes;
  uint32_t framebuffer_offset;
  uint32_t keyboard_offset;
  uint32_t bitmap_offset;
  uint32_t bitmap_bytes;
  uint32_t heap_offset;
  uint32_t heap_bytes;
  uint32_t colours_offset;
  uint32_t reserved;
  uint64_t pixels_offset;
  uint64_t pixels_bytes;
  uint8_t padding[56];
  struct umfb_peer backend;
  struct umfb_peer frontend;
  struct umfb_scanout scanouts[4];
  uint8_t unused[512];
  char backend_store[1536];
  char frontend_store[1536];
};
static_assert(offsetof(struct umfb_info, magic) == 0, "layout");
static_assert(offsetof(struct umfb_info, version) == 8, "layout");
static_assert(offsetof(struct umfb_info, page_bytes) == 12, "layout");
static_assert(offsetof(struct umfb_info, memory_bytes) == 16, "layout");
static_assert(offsetof(struct umfb_info, framebuffer_offset) == 24, "layout");
static_assert(offsetof(struct umfb_info, keyboard_offset) == 28, "layout");
static_assert(offsetof(struct umfb_info, bitmap_offset) == 32, "layout");
static_assert(offsetof(struct umfb_info, bitmap_bytes) == 36, "layout");
static_assert(offsetof(struct umfb_info, heap_offset) == 40, "layout");
static_assert(offsetof(struct umfb_info, heap_bytes) == 44, "layout");
static_assert(offsetof(struct umfb_info, colours_offset) == 48, "layout");
static_assert(offsetof(struct umfb_info, reserved) == 52, "layout");
static_assert(offsetof(struct umfb_info, pixels_offset) == 56, "layout");
static_assert(offsetof(struct umfb_info, pixels_bytes) == 64, "layout");
static_assert(offsetof(struct umfb_info, padding) == 72, "layout");
static_assert(offsetof(struct umfb_info, backend) == 128, "layout");
static_assert(offsetof(struct umfb_info, frontend) == 192, "layout");
static_assert(offsetof(struct umfb_info, scanouts) == 256, "layout");
static_assert(offsetof(struct umfb_info, unused) == 512, "layout");
static_assert(offsetof(struct umfb_info, backend_store) == 1024, "layout");
static_assert(offsetof(struct umfb_info, frontend_store) == 2560, "layout");
static_assert(sizeof(struct umfb_info) == 4096, "layout");

struct umfb_framebuffer_mode {
  uint8_t indices[16];
  int32_t width;
  int32_t height;
  uint32_t line_length;
  uint32_t mem_length;
  uint8_t depth;
  uint8_t padding[3];
};
static_assert(offsetof(struct umfb_framebuffer_mode, indices) == 0, "layout");
static_assert(offsetof(struct umfb_framebuffer_mode, width) == 16, "layout");
static_assert(offsetof(struct umfb_framebuffer_mode, height) == 20, "layout");
static_assert(offsetof(struct umfb_framebuffer_mode, line_length) == 24, "layout");
static_assert(offsetof(struct umfb_framebuffer_mode, mem_length) == 28, "layout");
static_assert(offsetof(struct umfb_framebuffer_mode, depth) == 32, "layout");
static_assert(offsetof(struct umfb_framebuffer_mode, padding) == 33, "layout");
static_assert(sizeof(struct umfb_framebuffer_mode) == 36, "layout");

struct umfb_update_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  int32_t x;
  int32_t y;
  int32_t width;
  int32_t height;
  uint8_t rest[20];
};
static_assert(offsetof(struct umfb_update_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_update_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_update_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_update_event, x) == 4, "layout");
static_assert(offsetof(struct umfb_update_event, y) == 8, "layout");
static_assert(offsetof(struct umfb_update_event, width) == 12, "layout");
static_assert(offsetof(struct umfb_update_event, height) == 16, "layout");
static_assert(offsetof(struct umfb_update_event, rest) == 20, "layout");
static_assert(sizeof(struct umfb_update_event) == 40, "layout");

struct umfb_resize_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  int32_t width;
  int32_t height;
  int32_t stride_bytes;
  int32_t depth;
  int32_t offset_bytes;
  uint8_t rest[16];
};
static_assert(offsetof(struct umfb_resize_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_resize_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_resize_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_resize_event, width) == 4, "layout");
static_assert(offsetof(struct umfb_resize_event, height) == 8, "layout");
static_assert(offsetof(struct umfb_resize_event, stride_bytes) == 12, "layout");
static_assert(offsetof(struct umfb_resize_event, depth) == 16, "layout");
static_assert(offsetof(struct umfb_resize_event, offset_bytes) == 20, "layout");
static_assert(offsetof(struct umfb_resize_event, rest) == 24, "layout");
static_assert(sizeof(struct umfb_resize_event) == 40, "layout");

struct umfb_fill_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t rop;
  uint8_t padding;
  int32_t x;
  int32_t y;
  int32_t width;
  int32_t height;
  uint32_t colour;
  uint8_t rest[16];
};
static_assert(offsetof(struct umfb_fill_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_fill_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_fill_event, rop) == 2, "layout");
static_assert(offsetof(struct umfb_fill_event, padding) == 3, "layout");
static_assert(offsetof(struct umfb_fill_event, x) == 4, "layout");
static_assert(offsetof(struct umfb_fill_event, y) == 8, "layout");
static_assert(offsetof(struct umfb_fill_event, width) == 12, "layout");
static_assert(offsetof(struct umfb_fill_event, height) == 16, "layout");
static_assert(offsetof(struct umfb_fill_event, colour) == 20, "layout");
static_assert(offsetof(struct umfb_fill_event, rest) == 24, "layout");
static_assert(sizeof(struct umfb_fill_event) == 40, "layout");

struct umfb_copy_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  int32_t x;
  int32_t y;
  int32_t width;
  int32_t height;
  int32_t from_x;
  int32_t from_y;
  uint8_t rest[12];
};
static_assert(offsetof(struct umfb_copy_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_copy_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_copy_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_copy_event, x) == 4, "layout");
static_assert(offsetof(struct umfb_copy_event, y) == 8, "layout");
static_assert(offsetof(struct umfb_copy_event, width) == 12, "layout");
static_assert(offsetof(struct umfb_copy_event, height) == 16, "layout");
static_assert(offsetof(struct umfb_copy_event, from_x) == 20, "layout");
static_assert(offsetof(struct umfb_copy_event, from_y) == 24, "layout");
static_assert(offsetof(struct umfb_copy_event, rest) == 28, "layout");
static_assert(sizeof(struct umfb_copy_event) == 40, "layout");

struct umfb_blit_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t kind;
  uint8_t padding;
  int32_t x;
  int32_t y;
  int32_t width;
  int32_t height;
  uint32_t heap_offset;
  uint32_t stride_bytes;
  uint32_t foreground;
  uint32_t background;
  uint8_t rest[4];
};
static_assert(offsetof(struct umfb_blit_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_blit_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_blit_event, kind) == 2, "layout");
static_assert(offsetof(struct umfb_blit_event, padding) == 3, "layout");
static_assert(offsetof(struct umfb_blit_event, x) == 4, "layout");
static_assert(offsetof(struct umfb_blit_event, y) == 8, "layout");
static_assert(offsetof(struct umfb_blit_event, width) == 12, "layout");
static_assert(offsetof(struct umfb_blit_event, height) == 16, "layout");
static_assert(offsetof(struct umfb_blit_event, heap_offset) == 20, "layout");
static_assert(offsetof(struct umfb_blit_event, stride_bytes) == 24, "layout");
static_assert(offsetof(struct umfb_blit_event, foreground) == 28, "layout");
static_assert(offsetof(struct umfb_blit_event, background) == 32, "layout");
static_assert(offsetof(struct umfb_blit_event, rest) == 36, "layout");
static_assert(sizeof(struct umfb_blit_event) == 40, "layout");

struct umfb_cursor_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t kind;
  uint8_t padding;
  int32_t x;
  int32_t y;
  uint16_t hot_x;
  uint16_t hot_y;
  uint16_t width;
  uint16_t height;
  uint32_t heap_offset;
  uint8_t rest[16];
};
static_assert(offsetof(struct umfb_cursor_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_cursor_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_cursor_event, kind) == 2, "layout");
static_assert(offsetof(struct umfb_cursor_event, padding) == 3, "layout");
static_assert(offsetof(struct umfb_cursor_event, x) == 4, "layout");
static_assert(offsetof(struct umfb_cursor_event, y) == 8, "layout");
static_assert(offsetof(struct umfb_cursor_event, hot_x) == 12, "layout");
static_assert(offsetof(struct umfb_cursor_event, hot_y) == 14, "layout");
static_assert(offsetof(struct umfb_cursor_event, width) == 16, "layout");
static_assert(offsetof(struct umfb_cursor_event, height) == 18, "layout");
static_assert(offsetof(struct umfb_cursor_event, heap_offset) == 20, "layout");
static_assert(offsetof(struct umfb_cursor_event, rest) == 24, "layout");
static_assert(sizeof(struct umfb_cursor_event) == 40, "layout");

struct umfb_dirty_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  uint32_t serial;
  uint8_t rest[32];
};
static_assert(offsetof(struct umfb_dirty_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_dirty_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_dirty_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_dirty_event, serial) == 4, "layout");
static_assert(offsetof(struct umfb_dirty_event, rest) == 8, "layout");
static_assert(sizeof(struct umfb_dirty_event) == 40, "layout");

struct umfb_plain_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t rest[38];
};
static_assert(offsetof(struct umfb_plain_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_plain_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_plain_event, rest) == 2, "layout");
static_assert(sizeof(struct umfb_plain_event) == 40, "layout");

struct umfb_refresh_period_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  uint32_t ms;
  uint8_t rest[32];
};
static_assert(offsetof(struct umfb_refresh_period_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_refresh_period_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_refresh_period_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_refresh_period_event, ms) == 4, "layout");
static_assert(offsetof(struct umfb_refresh_period_event, rest) == 8, "layout");
static_assert(sizeof(struct umfb_refresh_period_event) == 40, "layout");

struct umfb_mode_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  uint32_t width;
  uint32_t height;
  uint8_t rest[28];
};
static_assert(offsetof(struct umfb_mode_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_mode_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_mode_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_mode_event, width) == 4, "layout");
static_assert(offsetof(struct umfb_mode_event, height) == 8, "layout");
static_assert(offsetof(struct umfb_mode_event, rest) == 12, "layout");
static_assert(sizeof(struct umfb_mode_event) == 40, "layout");

struct umfb_motion_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  int32_t rel_x;
  int32_t rel_y;
  int32_t rel_z;
  uint8_t rest[24];
};
static_assert(offsetof(struct umfb_motion_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_motion_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_motion_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_motion_event, rel_x) == 4, "layout");
static_assert(offsetof(struct umfb_motion_event, rel_y) == 8, "layout");
static_assert(offsetof(struct umfb_motion_event, rel_z) == 12, "layout");
static_assert(offsetof(struct umfb_motion_event, rest) == 16, "layout");
static_assert(sizeof(struct umfb_motion_event) == 40, "layout");

struct umfb_key_event {
  uint8_t type;
  uint8_t pressed;
  uint8_t padding[2];
  uint32_t keycode;
  uint8_t rest[32];
};
static_assert(offsetof(struct umfb_key_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_key_event, pressed) == 1, "layout");
static_assert(offsetof(struct umfb_key_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_key_event, keycode) == 4, "layout");
static_assert(offsetof(struct umfb_key_event, rest) == 8, "layout");
static_assert(sizeof(struct umfb_key_event) == 40, "layout");

struct umfb_pos_event {
  uint8_t type;
  uint8_t scanout;
  uint8_t padding[2];
  int32_t abs_x;
  int32_t abs_y;
  int32_t rel_z;
  uint8_t rest[24];
};
static_assert(offsetof(struct umfb_pos_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_pos_event, scanout) == 1, "layout");
static_assert(offsetof(struct umfb_pos_event, padding) == 2, "layout");
static_assert(offsetof(struct umfb_pos_event, abs_x) == 4, "layout");
static_assert(offsetof(struct umfb_pos_event, abs_y) == 8, "layout");
static_assert(offsetof(struct umfb_pos_event, rel_z) == 12, "layout");
static_assert(offsetof(struct umfb_pos_event, rest) == 16, "layout");
static_assert(sizeof(struct umfb_pos_event) == 40, "layout");

struct umfb_mtouch_event {
  uint8_t type;
  uint8_t event_type;
  uint8_t contact_id;
  uint8_t reserved[5];
  int32_t x;
  int32_t y;
  uint8_t rest[24];
};
static_assert(offsetof(struct umfb_mtouch_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_mtouch_event, event_type) == 1, "layout");
static_assert(offsetof(struct umfb_mtouch_event, contact_id) == 2, "layout");
static_assert(offsetof(struct umfb_mtouch_event, reserved) == 3, "layout");
static_assert(offsetof(struct umfb_mtouch_event, x) == 8, "layout");
static_assert(offsetof(struct umfb_mtouch_event, y) == 12, "layout");
static_assert(offsetof(struct umfb_mtouch_event, rest) == 16, "layout");
static_assert(sizeof(struct umfb_mtouch_event) == 40, "layout");

struct umfb_attach {
  char magic[4];
  uint16_t version;
  uint16_t kind;
  uint32_t width;
  uint32_t height;
  uint32_t format;
  uint32_t reserved;
  uint64_t pixels_bytes;
  char program[64];
};
static_assert(offsetof(struct umfb_attach, magic) == 0, "layout");
static_assert(offsetof(struct umfb_attach, version) == 4, "layout");
static_assert(offsetof(struct umfb_attach, kind) == 6, "layout");
static_assert(offsetof(struct umfb_attach, width) == 8, "layout");
static_assert(offsetof(struct umfb_attach, height) == 12, "layout");
static_assert(offsetof(struct umfb_attach, format) == 16, "layout");
static_assert(offsetof(struct umfb_attach, reserved) == 20, "layout");
static_assert(offsetof(struct umfb_attach, pixels_bytes) == 24, "layout");
static_assert(offsetof(struct umfb_attach, program) == 32, "layout");
static_assert(sizeof(struct umfb_attach) == 96, "layout");

struct umfb_attached {
  char magic[4];
  uint16_t version;
  uint16_t status;
  uint8_t reserved[8];
};
static_assert(offsetof(struct umfb_attached, magic) == 0, "layout");
static_assert(offsetof(struct umfb_attached, version) == 4, "layout");
static_assert(offsetof(struct umfb_attached, status) == 6, "layout");
static_assert(offsetof(struct umfb_attached, reserved) == 8, "layout");
static_assert(sizeof(struct umfb_attached) == 16, "layout");

#endif
