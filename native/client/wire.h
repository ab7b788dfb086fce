// Generated from src/guests/wire.ts by tools/gen-layout.ts: change it there. clang-format off

#ifndef UMFB_WIRE_H
#define UMFB_WIRE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

enum {
  UMFB_PROTOCOL_VERSION = 1,
  UMFB_MAX_INPUT_EVENTS = 64,
  UMFB_MAX_ZAP_RUNS = 128,
  UMFB_INPUT_KEYBOARD = 0,
  UMFB_INPUT_POINTER = 1,
  UMFB_INPUT_TOUCH = 2,
  UMFB_INPUT_MOUSE = 3,
  UMFB_INPUT_DEVICES = 4,
  UMFB_TOUCH_SLOTS = 10,
  UMFB_INPUT_CLOCK = 1,
  UMFB_INPUT_GRAB = 2,
  UMFB_INPUT_UNGRAB = 3,
  UMFB_INPUT_REVOKE = 4,
  UMFB_INPUT_REPEAT = 5,
  UMFB_MAX_MAPPINGS = 256,
  UMFB_WANT_INPUT = 1,
  UMFB_WANT_SCREEN = 2,
  UMFB_WANT_MODE = 4,
  UMFB_SCREEN_TEST = 1,
  UMFB_MAP_ASYNC = 1,
  UMFB_MAP_SYNC = 2,
  UMFB_MAP_ZAP = 4,
  UMFB_MAP_SYNC_USER_ONLY = 8,
  UMFB_TRACK_ASYNC = 1,
  UMFB_TRACK_SYNC = 2,
  UMFB_TRACK_ZAP = 4,
};

enum {
  UMFB_OP_HELLO = 1,
  UMFB_OP_GET_SCREEN = 2,
  UMFB_OP_SET_SCREEN = 3,
  UMFB_OP_PAN = 4,
  UMFB_OP_GET_PALETTE = 5,
  UMFB_OP_SET_PALETTE = 6,
  UMFB_OP_BLANK = 7,
  UMFB_OP_MAP = 8,
  UMFB_OP_UNMAP = 9,
  UMFB_OP_KICK = 10,
  UMFB_OP_DIRTY = 11,
  UMFB_OP_ADOPT = 12,
  UMFB_OP_OPEN_INPUT = 13,
  UMFB_OP_GET_INPUT_STATE = 14,
  UMFB_OP_CONTROL_INPUT = 15,
  UMFB_OP_INPUT = 128,
  UMFB_OP_SCREEN = 129,
  UMFB_OP_MODE_WANTED = 130,
};

struct umfb_header {
  uint32_t op;
  uint32_t serial;
  int32_t status;
  uint32_t reserved;
};
static_assert(offsetof(struct umfb_header, op) == 0, "layout");
static_assert(offsetof(struct umfb_header, serial) == 4, "layout");
static_assert(offsetof(struct umfb_header, status) == 8, "layout");
static_assert(offsetof(struct umfb_header, reserved) == 12, "layout");
static_assert(sizeof(struct umfb_header) == 16, "layout");

struct umfb_screen {
  uint32_t width;
  uint32_t height;
  uint32_t virtual_width;
  uint32_t virtual_height;
  uint32_t x_offset;
  uint32_t y_offset;
  uint32_t bits_per_pixel;
  uint32_t stride_bytes;
  uint32_t red_shift;
  uint32_t red_bits;
  uint32_t green_shift;
  uint32_t green_bits;
  uint32_t blue_shift;
  uint32_t blue_bits;
  uint32_t indexed;
  uint32_t memory_bytes;
};
static_assert(offsetof(struct umfb_screen, width) == 0, "layout");
static_assert(offsetof(struct umfb_screen, height) == 4, "layout");
static_assert(offsetof(struct umfb_screen, virtual_width) == 8, "layout");
static_assert(offsetof(struct umfb_screen, virtual_height) == 12, "layout");
static_assert(offsetof(struct umfb_screen, x_offset) == 16, "layout");
static_assert(offsetof(struct umfb_screen, y_offset) == 20, "layout");
static_assert(offsetof(struct umfb_screen, bits_per_pixel) == 24, "layout");
static_assert(offsetof(struct umfb_screen, stride_bytes) == 28, "layout");
static_assert(offsetof(struct umfb_screen, red_shift) == 32, "layout");
static_assert(offsetof(struct umfb_screen, red_bits) == 36, "layout");
static_assert(offsetof(struct umfb_screen, green_shift) == 40, "layout");
static_assert(offsetof(struct umfb_screen, green_bits) == 44, "layout");
static_assert(offsetof(struct umfb_screen, blue_shift) == 48, "layout");
static_assert(offsetof(struct umfb_screen, blue_bits) == 52, "layout");
static_assert(offsetof(struct umfb_screen, indexed) == 56, "layout");
static_assert(offsetof(struct umfb_screen, memory_bytes) == 60, "layout");
static_assert(sizeof(struct umfb_screen) == 64, "layout");

struct umfb_input_event {
  uint16_t type;
  uint16_t code;
  int32_t value;
};
static_assert(offsetof(struct umfb_input_event, type) == 0, "layout");
static_assert(offsetof(struct umfb_input_event, code) == 2, "layout");
static_assert(offsetof(struct umfb_input_event, value) == 4, "layout");
static_assert(sizeof(struct umfb_input_event) == 8, "layout");

struct umfb_hello {
  uint32_t version;
  uint32_t wanted;
  uint64_t token;
  uint32_t width;
  uint32_t height;
  uint32_t bits_per_pixel;
  uint32_t reserved;
  char program[64];
};
static_assert(offsetof(struct umfb_hello, version) == 0, "layout");
static_assert(offsetof(struct umfb_hello, wanted) == 4, "layout");
static_assert(offsetof(struct umfb_hello, token) == 8, "layout");
static_assert(offsetof(struct umfb_hello, width) == 16, "layout");
static_assert(offsetof(struct umfb_hello, height) == 20, "layout");
static_assert(offsetof(struct umfb_hello, bits_per_pixel) == 24, "layout");
static_assert(offsetof(struct umfb_hello, reserved) == 28, "layout");
static_assert(offsetof(struct umfb_hello, program) == 32, "layout");
static_assert(sizeof(struct umfb_hello) == 96, "layout");

struct umfb_welcome {
  uint32_t version;
  uint32_t tracking;
  uint64_t token;
  uint64_t capacity_bytes;
  struct umfb_screen screen;
};
static_assert(offsetof(struct umfb_welcome, version) == 0, "layout");
static_assert(offsetof(struct umfb_welcome, tracking) == 4, "layout");
static_assert(offsetof(struct umfb_welcome, token) == 8, "layout");
static_assert(offsetof(struct umfb_welcome, capacity_bytes) == 16, "layout");
static_assert(offsetof(struct umfb_welcome, screen) == 24, "layout");
static_assert(sizeof(struct umfb_welcome) == 88, "layout");

struct umfb_set_screen {
  uint32_t flags;
  uint32_t reserved;
  struct umfb_screen screen;
};
static_assert(offsetof(struct umfb_set_screen, flags) == 0, "layout");
static_assert(offsetof(struct umfb_set_screen, reserved) == 4, "layout");
static_assert(offsetof(struct umfb_set_screen, screen) == 8, "layout");
static_assert(sizeof(struct umfb_set_screen) == 72, "layout");

struct umfb_pan {
  uint32_t x_offset;
  uint32_t y_offset;
};
static_assert(offsetof(struct umfb_pan, x_offset) == 0, "layout");
static_assert(offsetof(struct umfb_pan, y_offset) == 4, "layout");
static_assert(sizeof(struct umfb_pan) == 8, "layout");

struct umfb_palette {
  uint32_t first;
  uint32_t count;
  uint8_t colours[768];
};
static_assert(offsetof(struct umfb_palette, first) == 0, "layout");
static_assert(offsetof(struct umfb_palette, count) == 4, "layout");
static_assert(offsetof(struct umfb_palette, colours) == 8, "layout");
static_assert(sizeof(struct umfb_palette) == 776, "layout");

struct umfb_mode_wanted {
  uint32_t width;
  uint32_t height;
};
static_assert(offsetof(struct umfb_mode_wanted, width) == 0, "layout");
static_assert(offsetof(struct umfb_mode_wanted, height) == 4, "layout");
static_assert(sizeof(struct umfb_mode_wanted) == 8, "layout");

struct umfb_blank {
  uint32_t level;
  uint32_t reserved;
};
static_assert(offsetof(struct umfb_blank, level) == 0, "layout");
static_assert(offsetof(struct umfb_blank, reserved) == 4, "layout");
static_assert(sizeof(struct umfb_blank) == 8, "layout");

struct umfb_map {
  uint32_t flags;
  uint32_t first_page;
  uint32_t page_count;
  uint32_t reserved;
  uint64_t address;
};
static_assert(offsetof(struct umfb_map, flags) == 0, "layout");
static_assert(offsetof(struct umfb_map, first_page) == 4, "layout");
static_assert(offsetof(struct umfb_map, page_count) == 8, "layout");
static_assert(offsetof(struct umfb_map, reserved) == 12, "layout");
static_assert(offsetof(struct umfb_map, address) == 16, "layout");
static_assert(sizeof(struct umfb_map) == 24, "layout");

struct umfb_mapping {
  uint32_t id;
  uint32_t reserved;
};
static_assert(offsetof(struct umfb_mapping, id) == 0, "layout");
static_assert(offsetof(struct umfb_mapping, reserved) == 4, "layout");
static_assert(sizeof(struct umfb_mapping) == 8, "layout");

struct umfb_pages {
  uint32_t first_page;
  uint32_t page_count;
};
static_assert(offsetof(struct umfb_pages, first_page) == 0, "layout");
static_assert(offsetof(struct umfb_pages, page_count) == 4, "layout");
static_assert(sizeof(struct umfb_pages) == 8, "layout");

struct umfb_input {
  uint32_t count;
  uint32_t reserved;
  struct umfb_input_event events[64];
};
static_assert(offsetof(struct umfb_input, count) == 0, "layout");
static_assert(offsetof(struct umfb_input, reserved) == 4, "layout");
static_assert(offsetof(struct umfb_input, events) == 8, "layout");
static_assert(sizeof(struct umfb_input) == 520, "layout");

struct umfb_zap {
  uint32_t serial;
  uint32_t count;
  struct umfb_pages runs[128];
};
static_assert(offsetof(struct umfb_zap, serial) == 0, "layout");
static_assert(offsetof(struct umfb_zap, count) == 4, "layout");
static_assert(offsetof(struct umfb_zap, runs) == 8, "layout");
static_assert(sizeof(struct umfb_zap) == 1032, "layout");

struct umfb_zapped {
  uint32_t serial;
  uint32_t reserved;
};
static_assert(offsetof(struct umfb_zapped, serial) == 0, "layout");
static_assert(offsetof(struct umfb_zapped, reserved) == 4, "layout");
static_assert(sizeof(struct umfb_zapped) == 8, "layout");

struct umfb_input_stream {
  uint32_t id;
  uint32_t reserved;
};
static_assert(offsetof(struct umfb_input_stream, id) == 0, "layout");
static_assert(offsetof(struct umfb_input_stream, reserved) == 4, "layout");
static_assert(sizeof(struct umfb_input_stream) == 8, "layout");

struct umfb_open_input {
  uint32_t device;
  uint32_t reserved;
};
static_assert(offsetof(struct umfb_open_input, device) == 0, "layout");
static_assert(offsetof(struct umfb_open_input, reserved) == 4, "layout");
static_assert(sizeof(struct umfb_open_input) == 8, "layout");

struct umfb_touch_slot {
  int32_t tracking_id;
  int32_t x;
  int32_t y;
};
static_assert(offsetof(struct umfb_touch_slot, tracking_id) == 0, "layout");
static_assert(offsetof(struct umfb_touch_slot, x) == 4, "layout");
static_assert(offsetof(struct umfb_touch_slot, y) == 8, "layout");
static_assert(sizeof(struct umfb_touch_slot) == 12, "layout");

struct umfb_input_state {
  uint8_t keys[96];
  uint32_t leds;
  uint32_t repeat_delay_ms;
  uint32_t repeat_period_ms;
  uint32_t width;
  uint32_t height;
  int32_t x;
  int32_t y;
  int32_t touch_x;
  int32_t touch_y;
  uint32_t slot;
  struct umfb_touch_slot slots[10];
};
static_assert(offsetof(struct umfb_input_state, keys) == 0, "layout");
static_assert(offsetof(struct umfb_input_state, leds) == 96, "layout");
static_assert(offsetof(struct umfb_input_state, repeat_delay_ms) == 100, "layout");
static_assert(offsetof(struct umfb_input_state, repeat_period_ms) == 104, "layout");
static_assert(offsetof(struct umfb_input_state, width) == 108, "layout");
static_assert(offsetof(struct umfb_input_state, height) == 112, "layout");
static_assert(offsetof(struct umfb_input_state, x) == 116, "layout");
static_assert(offsetof(struct umfb_input_state, y) == 120, "layout");
static_assert(offsetof(struct umfb_input_state, touch_x) == 124, "layout");
static_assert(offsetof(struct umfb_input_state, touch_y) == 128, "layout");
static_assert(offsetof(struct umfb_input_state, slot) == 132, "layout");
static_assert(offsetof(struct umfb_input_state, slots) == 136, "layout");
static_assert(sizeof(struct umfb_input_state) == 256, "layout");

struct umfb_control_input {
  uint32_t id;
  uint32_t control;
  uint32_t first;
  uint32_t second;
};
static_assert(offsetof(struct umfb_control_input, id) == 0, "layout");
static_assert(offsetof(struct umfb_control_input, control) == 4, "layout");
static_assert(offsetof(struct umfb_control_input, first) == 8, "layout");
static_assert(offsetof(struct umfb_control_input, second) == 12, "layout");
static_assert(sizeof(struct umfb_control_input) == 16, "layout");

#endif
