// Generated from src/guests/wire.ts by tools/gen-layout.ts: change it there. clang-format off
#ifndef UMFB_WIRE_H
#define UMFB_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum {
  UMFB_WIRE_PROTOCOL_VERSION = 1,
  UMFB_WIRE_MAX_INPUT_EVENTS = 64,
  UMFB_WIRE_WANT_INPUT = 1,
  UMFB_WIRE_WANT_MODE = 2,
  UMFB_WIRE_SCREEN_TEST = 1,
  UMFB_WIRE_MAP_UNTRACKED = 1,
};

enum {
  UMFB_WIRE_OP_HELLO = 1,
  UMFB_WIRE_OP_GET_SCREEN = 2,
  UMFB_WIRE_OP_SET_SCREEN = 3,
  UMFB_WIRE_OP_PAN = 4,
  UMFB_WIRE_OP_GET_PALETTE = 5,
  UMFB_WIRE_OP_SET_PALETTE = 6,
  UMFB_WIRE_OP_BLANK = 7,
  UMFB_WIRE_OP_MAP = 8,
  UMFB_WIRE_OP_UNMAP = 9,
  UMFB_WIRE_OP_KICK = 10,
  UMFB_WIRE_OP_DIRTY = 11,
  UMFB_WIRE_OP_ADOPT = 12,
  UMFB_WIRE_OP_INPUT = 128,
  UMFB_WIRE_OP_SCREEN = 129,
};

struct umfb_wire_header {
  uint32_t op;
  uint32_t serial;
  int32_t status;
  uint32_t reserved;
};
_Static_assert(offsetof(struct umfb_wire_header, op) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_header, serial) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_header, status) == 8, "layout");
_Static_assert(offsetof(struct umfb_wire_header, reserved) == 12, "layout");
_Static_assert(sizeof(struct umfb_wire_header) == 16, "layout");

struct umfb_wire_screen {
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
  uint32_t reserved;
};
_Static_assert(offsetof(struct umfb_wire_screen, width) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, height) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, virtual_width) == 8, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, virtual_height) == 12, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, x_offset) == 16, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, y_offset) == 20, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, bits_per_pixel) == 24, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, stride_bytes) == 28, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, red_shift) == 32, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, red_bits) == 36, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, green_shift) == 40, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, green_bits) == 44, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, blue_shift) == 48, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, blue_bits) == 52, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, indexed) == 56, "layout");
_Static_assert(offsetof(struct umfb_wire_screen, reserved) == 60, "layout");
_Static_assert(sizeof(struct umfb_wire_screen) == 64, "layout");

struct umfb_wire_input_event {
  uint16_t type;
  uint16_t code;
  int32_t value;
};
_Static_assert(offsetof(struct umfb_wire_input_event, type) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_input_event, code) == 2, "layout");
_Static_assert(offsetof(struct umfb_wire_input_event, value) == 4, "layout");
_Static_assert(sizeof(struct umfb_wire_input_event) == 8, "layout");

struct umfb_wire_hello {
  uint32_t version;
  uint32_t wanted;
  uint64_t token;
  uint32_t width;
  uint32_t height;
  uint32_t bits_per_pixel;
  uint32_t reserved;
  char program[64];
};
_Static_assert(offsetof(struct umfb_wire_hello, version) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, wanted) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, token) == 8, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, width) == 16, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, height) == 20, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, bits_per_pixel) == 24, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, reserved) == 28, "layout");
_Static_assert(offsetof(struct umfb_wire_hello, program) == 32, "layout");
_Static_assert(sizeof(struct umfb_wire_hello) == 96, "layout");

struct umfb_wire_welcome {
  uint32_t version;
  uint32_t frames_per_second;
  uint64_t token;
  uint64_t capacity_bytes;
  struct umfb_wire_screen screen;
};
_Static_assert(offsetof(struct umfb_wire_welcome, version) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_welcome, frames_per_second) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_welcome, token) == 8, "layout");
_Static_assert(offsetof(struct umfb_wire_welcome, capacity_bytes) == 16, "layout");
_Static_assert(offsetof(struct umfb_wire_welcome, screen) == 24, "layout");
_Static_assert(sizeof(struct umfb_wire_welcome) == 88, "layout");

struct umfb_wire_set_screen {
  uint32_t flags;
  uint32_t reserved;
  struct umfb_wire_screen screen;
};
_Static_assert(offsetof(struct umfb_wire_set_screen, flags) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_set_screen, reserved) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_set_screen, screen) == 8, "layout");
_Static_assert(sizeof(struct umfb_wire_set_screen) == 72, "layout");

struct umfb_wire_pan {
  uint32_t x_offset;
  uint32_t y_offset;
};
_Static_assert(offsetof(struct umfb_wire_pan, x_offset) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_pan, y_offset) == 4, "layout");
_Static_assert(sizeof(struct umfb_wire_pan) == 8, "layout");

struct umfb_wire_palette {
  uint32_t first;
  uint32_t count;
  uint8_t colours[768];
};
_Static_assert(offsetof(struct umfb_wire_palette, first) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_palette, count) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_palette, colours) == 8, "layout");
_Static_assert(sizeof(struct umfb_wire_palette) == 776, "layout");

struct umfb_wire_blank {
  uint32_t level;
  uint32_t reserved;
};
_Static_assert(offsetof(struct umfb_wire_blank, level) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_blank, reserved) == 4, "layout");
_Static_assert(sizeof(struct umfb_wire_blank) == 8, "layout");

struct umfb_wire_map {
  uint32_t flags;
  uint32_t first_page;
  uint32_t page_count;
  uint32_t reserved;
  uint64_t address;
};
_Static_assert(offsetof(struct umfb_wire_map, flags) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_map, first_page) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_map, page_count) == 8, "layout");
_Static_assert(offsetof(struct umfb_wire_map, reserved) == 12, "layout");
_Static_assert(offsetof(struct umfb_wire_map, address) == 16, "layout");
_Static_assert(sizeof(struct umfb_wire_map) == 24, "layout");

struct umfb_wire_mapping {
  uint32_t id;
  uint32_t reserved;
};
_Static_assert(offsetof(struct umfb_wire_mapping, id) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_mapping, reserved) == 4, "layout");
_Static_assert(sizeof(struct umfb_wire_mapping) == 8, "layout");

struct umfb_wire_pages {
  uint32_t first_page;
  uint32_t page_count;
};
_Static_assert(offsetof(struct umfb_wire_pages, first_page) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_pages, page_count) == 4, "layout");
_Static_assert(sizeof(struct umfb_wire_pages) == 8, "layout");

struct umfb_wire_input {
  uint32_t count;
  uint32_t reserved;
  struct umfb_wire_input_event events[64];
};
_Static_assert(offsetof(struct umfb_wire_input, count) == 0, "layout");
_Static_assert(offsetof(struct umfb_wire_input, reserved) == 4, "layout");
_Static_assert(offsetof(struct umfb_wire_input, events) == 8, "layout");
_Static_assert(sizeof(struct umfb_wire_input) == 520, "layout");

#endif
