/*
 * The device API, a line on standard input a call: a word and its numbers. Each is answered by "= RESULT";
 * events are lines "event KIND NUMBERS". Images are made of a number: see image_byte.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../umfb_device.h"
#include "guest.h"

enum { max_arguments = 12, image_bytes = 1 << 20, patience_ms = 500 };

static struct umfb_device* device;

/** The numbers of a line. */
struct call {
  const char* name;
  long long values[max_arguments];
};

static uint8_t image_byte(long long seed, size_t index) {
  return (uint8_t)(seed + index * 37 + index / 256 * 11);
}

static const void* make_image(long long seed) {
  static uint8_t image[image_bytes];
  for (size_t index = 0; index < image_bytes; index++) image[index] = image_byte(seed, index);
  return image;
}

static struct umfb_rect rect_of(const struct call* call) {
  return (struct umfb_rect){(int32_t)call->values[1], (int32_t)call->values[2], (int32_t)call->values[3],
                            (int32_t)call->values[4]};
}

static long long open_device_api(const long long* v) {
  const struct umfb_device_wish wish = {
      .program = "device",
      .width = (uint32_t)v[0],
      .height = (uint32_t)v[1],
      .format = (uint32_t)v[2],
      .pixels_bytes = (uint64_t)v[3],
      .features = (uint32_t)v[4],
      .tracks_pages = v[5] != 0,
  };
  return umfb_device_open(NULL, &wish, &device);
}

static long long set_mode(unsigned scanout, const long long* v) {
  const struct umfb_mode mode = {.width = (uint32_t)v[1],
                                 .height = (uint32_t)v[2],
                                 .stride_bytes = (uint32_t)v[3],
                                 .format = (uint32_t)v[4],
                                 .offset_bytes = (uint64_t)v[5]};
  return umfb_device_set_mode(device, scanout, &mode);
}

static long long blit(unsigned scanout, const struct call* call) {
  const long long* v = call->values;
  const struct umfb_image image = {.kind = (unsigned)v[5],
                                   .data = make_image(v[9]),
                                   .stride_bytes = (uint32_t)v[6],
                                   .foreground = (uint32_t)v[7],
                                   .background = (uint32_t)v[8]};
  return umfb_device_blit(device, scanout, rect_of(call), &image);
}

static long long set_cursor(unsigned scanout, const long long* v) {
  const struct umfb_cursor cursor = {.width = (uint16_t)v[3],
                                     .height = (uint16_t)v[4],
                                     .hot_x = (uint16_t)v[5],
                                     .hot_y = (uint16_t)v[6],
                                     .pixels = make_image(v[7])};
  return umfb_device_set_cursor(device, scanout, (int32_t)v[1], (int32_t)v[2], &cursor);
}

static long long set_colours(unsigned scanout, const long long* v) {
  return umfb_device_set_colours(device, scanout, (unsigned)v[1], (unsigned)v[2], make_image(v[3]));
}

static void print_event(const struct umfb_device_event* event) {
  switch (event->kind) {
    case UMFB_DEVICE_KEY:
      printf("event key %u %d\n", event->key.code, event->key.pressed);
      break;
    case UMFB_DEVICE_MOTION:
      printf("event motion %d %d %d\n", event->motion.x, event->motion.y, event->motion.z);
      break;
    case UMFB_DEVICE_POSITION:
      printf("event position %d %d %d\n", event->position.x, event->position.y, event->position.z);
      break;
    case UMFB_DEVICE_TOUCH:
      printf("event touch %d %d %d %d %d\n", event->touch.type, event->touch.contact, event->touch.x,
             event->touch.y, event->touch.orientation);
      break;
    case UMFB_DEVICE_REFRESH_PERIOD:
      printf("event period %u\n", event->refresh_period.ms);
      break;
    case UMFB_DEVICE_MODE_WANTED:
      printf("event mode %u %u\n", event->mode_wanted.width, event->mode_wanted.height);
      break;
    case UMFB_DEVICE_DIRTY_WANTED:
      printf("event dirty %u\n", event->dirty_wanted.serial);
      break;
    case UMFB_DEVICE_CONNECTED:
      printf("event connected\n");
      break;
    case UMFB_DEVICE_DISCONNECTED:
      printf("event disconnected\n");
      break;
  }
}

/** @return how many events there were */
static long long take_events(void) {
  struct umfb_device_event event;
  int count = 0;
  for (; umfb_device_next_event(device, &event) > 0; count++) print_event(&event);
  return count;
}

/** Waits until there is something to do, and does it. @return how many events there were */
static long long take_turn(void) {
  struct pollfd polled = {.fd = umfb_device_fd(device), .events = POLLIN};
  poll(&polled, 1, patience_ms);
  return take_events();
}

/** Many rects, each in another colour, and nobody looks after the connection: as a program that is busy. */
static long long draw_many(const long long* v) {
  uint32_t state = (uint32_t)v[1];
  for (long long count = v[0]; count > 0; count--) {
    state = state * 1664525 + 1013904223;
    const struct umfb_rect rect = {(int32_t)(state >> 8 & 127), (int32_t)(state >> 16 & 63),
                                   (int32_t)(state >> 20 & 31), (int32_t)(state >> 24 & 15)};
    umfb_device_fill(device, 0, rect, state, UMFB_DEV_ROP_COPY);
  }
  return 0;
}

static long long poke(const long long* v) {
  memset(umfb_device_pixels(device) + v[0], (int)v[2], (size_t)v[1]);
  return 0;
}

static long long print_mode(unsigned scanout) {
  struct umfb_mode mode;
  int error = umfb_device_get_mode(device, scanout, &mode);
  if (error) return error;
  printf("mode %u %u %u %u %llu\n", mode.width, mode.height, mode.stride_bytes, mode.format,
         (unsigned long long)mode.offset_bytes);
  return 0;
}

static bool is(const struct call* call, const char* name) { return strcmp(call->name, name) == 0; }

static long long draw(const struct call* call) {
  const long long* v = call->values;
  const unsigned scanout = (unsigned)v[0];
  if (is(call, "fill"))
    return umfb_device_fill(device, scanout, rect_of(call), (uint32_t)v[5], (unsigned)v[6]);
  if (is(call, "copy")) return umfb_device_copy(device, scanout, rect_of(call), (int32_t)v[5], (int32_t)v[6]);
  if (is(call, "blit")) return blit(scanout, call);
  if (is(call, "update")) return umfb_device_update(device, scanout, rect_of(call));
  if (is(call, "all")) return umfb_device_update_all(device), 0;
  if (is(call, "mark")) return umfb_device_mark_dirty(device, (uint64_t)v[0], (uint64_t)v[1]);
  if (is(call, "set")) return umfb_device_set_dirty(device, (uint64_t)v[0], (uint64_t)v[1]);
  if (is(call, "dirty")) return umfb_device_tell_dirty(device, (uint32_t)v[0]), 0;
  if (is(call, "poke")) return poke(v);
  if (is(call, "many")) return draw_many(v);
  fprintf(stderr, "no call %s\n", call->name);
  exit(2);
}

static long long perform(const struct call* call) {
  const long long* v = call->values;
  const unsigned scanout = (unsigned)v[0];
  if (is(call, "open")) return open_device_api(v);
  if (is(call, "close")) return umfb_device_close(device), device = NULL, 0;
  if (is(call, "features")) return umfb_device_features(device);
  if (is(call, "connected")) return umfb_device_connected(device);
  if (is(call, "memory")) return umfb_device_memory_fd(device);
  if (is(call, "events")) return take_events();
  if (is(call, "turn")) return take_turn();
  if (is(call, "mode")) return set_mode(scanout, v);
  if (is(call, "get")) return print_mode(scanout);
  if (is(call, "pan")) return umfb_device_pan(device, scanout, (uint64_t)v[1]);
  if (is(call, "place")) return umfb_device_place(device, scanout, (int32_t)v[1], (int32_t)v[2]);
  if (is(call, "blank")) return umfb_device_blank(device, scanout, (unsigned)v[1]);
  if (is(call, "disable")) return umfb_device_disable(device, scanout);
  if (is(call, "colours")) return set_colours(scanout, v);
  if (is(call, "cursor")) return set_cursor(scanout, v);
  if (is(call, "move")) return umfb_device_move_cursor(device, (int32_t)v[0], (int32_t)v[1]);
  if (is(call, "hide")) return umfb_device_hide_cursor(device);
  if (is(call, "bell")) return umfb_device_ring_bell(device);
  return draw(call);
}

static void use_device(char** arguments) {
  (void)arguments;
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    struct call call = {.name = strtok(line, " \n")};
    if (!call.name) continue;
    const char* word;
    for (int index = 0; index < max_arguments && (word = strtok(NULL, " \n")); index++) {
      call.values[index] = strtoll(word, NULL, 10);
    }
    long long result = perform(&call);
    printf("= %lld\n", result);
    fflush(stdout);
  }
  umfb_device_close(device);
}

const struct test_case device_cases[] = {{"device", use_device}, {0}};
