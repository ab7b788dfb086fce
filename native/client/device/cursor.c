/* The cursor, and the bell. No other event repeats what a full ring lost of the cursor: it is said again. */
#include <errno.h>
#include <string.h>

#include "device.h"
#include "words.h"

static void tell_shape(struct umfb_device* device, struct umfb_cursor_event* event) {
  const struct umfb_cursor_state* cursor = &device->cursor;
  const size_t bytes = (size_t)cursor->width * cursor->height * sizeof cursor->pixels[0];
  uint8_t* image = umfb_heap_take(&device->heap, &device->out, bytes, &event->heap_offset);
  if (!image) return;
  memcpy(image, cursor->pixels, bytes);
  event->kind = UMFB_DEV_CURSOR_SHAPE;
  if (umfb_post(device, event)) device->cursor.is_news = device->cursor.is_shape_news = false;
}

void umfb_cursor_tell(struct umfb_device* device) {
  struct umfb_cursor_state* cursor = &device->cursor;
  if (!cursor->is_news || !device->is_watched || !umfb_is_told(device, UMFB_FEATURE_CURSOR)) return;
  // Until the backend says so, it passes events over: it takes all for dirty, but no picture tells of a
  // cursor.
  const struct umfb_info* info = device->memory.info;
  if (umfb_load_word(&info->backend.state) != UMFB_DEV_STATE_CONNECTED) return;
  // It finds room sooner or later; nothing else is lost for it until then.
  if (umfb_ring_filled(&device->out) == device->out.slots) return;
  struct umfb_cursor_event event = {
      .type = UMFB_DEV_OUT_CURSOR,
      .scanout = cursor->scanout,
      .kind = cursor->is_shown ? UMFB_DEV_CURSOR_MOVED : UMFB_DEV_CURSOR_HIDDEN,
      .x = cursor->x,
      .y = cursor->y,
      .hot_x = cursor->hot_x,
      .hot_y = cursor->hot_y,
      .width = cursor->width,
      .height = cursor->height,
  };
  if (cursor->is_shown && cursor->is_shape_news) {
    tell_shape(device, &event);
  } else if (umfb_post(device, &event)) {
    cursor->is_news = false;
  }
}

void umfb_cursor_repeat(struct umfb_device* device) {
  struct umfb_cursor_state* cursor = &device->cursor;
  cursor->is_news |= cursor->is_shown;
  cursor->is_shape_news |= cursor->is_shown;
  umfb_cursor_tell(device);
}

/** Remembered in any case, for a backend that comes later. */
static int say(struct umfb_device* device) {
  device->cursor.is_news = true;
  if (device->link.state == UMFB_LINK_UP && !umfb_is_told(device, UMFB_FEATURE_CURSOR)) return -EOPNOTSUPP;
  umfb_cursor_tell(device);
  return 0;
}

int umfb_device_set_cursor(struct umfb_device* device, unsigned scanout, int32_t x, int32_t y,
                           const struct umfb_cursor* shape) {
  if (scanout >= UMFB_DEV_MAX_SCANOUTS || shape->width < 1 || shape->height < 1 ||
      shape->width > UMFB_DEV_MAX_CURSOR_SIDE || shape->height > UMFB_DEV_MAX_CURSOR_SIDE) {
    return -EINVAL;
  }
  struct umfb_cursor_state* cursor = &device->cursor;
  cursor->is_shown = true;
  cursor->is_shape_news = true;
  cursor->scanout = (uint8_t)scanout;
  cursor->x = x;
  cursor->y = y;
  cursor->hot_x = shape->hot_x;
  cursor->hot_y = shape->hot_y;
  cursor->width = shape->width;
  cursor->height = shape->height;
  memcpy(cursor->pixels, shape->pixels, (size_t)shape->width * shape->height * sizeof shape->pixels[0]);
  return say(device);
}

int umfb_device_move_cursor(struct umfb_device* device, int32_t x, int32_t y) {
  device->cursor.x = x;
  device->cursor.y = y;
  return say(device);
}

int umfb_device_hide_cursor(struct umfb_device* device) {
  device->cursor.is_shown = false;
  return say(device);
}

int umfb_device_ring_bell(struct umfb_device* device) {
  if (!umfb_is_told(device, UMFB_FEATURE_BELL)) return -EOPNOTSUPP;
  const struct umfb_plain_event event = {.type = UMFB_DEV_OUT_BELL};
  if (device->is_watched) umfb_post(device, &event);
  return 0;
}
