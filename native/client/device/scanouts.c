/* What is shown: the table of scanouts, and colours. */
#include <errno.h>

#include "device.h"
#include "format.h"
#include "words.h"

enum {
  max_side = 16384,
  max_stride_bytes = 131072,
  deepest_blank = 4,
};

const struct umfb_scanout* umfb_scanout(const struct umfb_device* device, unsigned number) {
  if (number >= UMFB_DEV_MAX_SCANOUTS || !device->scanouts[number].enabled) return NULL;
  return &device->scanouts[number];
}

/** Each word whole: the backend may be reading. */
static void write_entry(struct umfb_device* device, unsigned number) {
  const struct umfb_scanout* from = &device->scanouts[number];
  struct umfb_scanout* to = &device->memory.info->scanouts[number];
  umfb_store_word(&to->width, from->width);
  umfb_store_word(&to->height, from->height);
  umfb_store_word(&to->stride_bytes, from->stride_bytes);
  __atomic_store_n(&to->offset_bytes, from->offset_bytes, __ATOMIC_RELEASE);
  umfb_store_word(&to->format, from->format);
  umfb_store_word(&to->blank, from->blank);
  umfb_store_word((uint32_t*)&to->x, (uint32_t)from->x);
  umfb_store_word((uint32_t*)&to->y, (uint32_t)from->y);
  umfb_store_word(&to->enabled, from->enabled);
}

static bool is_resize(const struct umfb_device* device, unsigned number) {
  return number == 0 && umfb_is_told(device, UMFB_FEATURE_RESIZE);
}

/** True where the backend that is there can be told of an entry; of a mode by RESIZE, too. */
static bool can_tell(const struct umfb_device* device, unsigned number, bool is_mode) {
  if (device->link.state != UMFB_LINK_UP) return true;
  return (is_mode && is_resize(device, number)) || umfb_is_told(device, UMFB_FEATURE_SCANOUTS);
}

static void tell(struct umfb_device* device, unsigned number, bool is_mode) {
  if (device->link.state != UMFB_LINK_UP) return;
  if (is_mode && is_resize(device, number)) {
    const struct umfb_scanout* scanout = &device->scanouts[0];
    const struct umfb_resize_event event = {
        .type = UMFB_DEV_OUT_RESIZE,
        .width = (int32_t)scanout->width,
        .height = (int32_t)scanout->height,
        .stride_bytes = (int32_t)scanout->stride_bytes,
        .depth = (int32_t)umfb_format_bytes(scanout->format) * 8,
        .offset_bytes = (int32_t)scanout->offset_bytes,
    };
    umfb_post(device, &event);
  } else {
    const struct umfb_plain_event event = {.type = UMFB_DEV_OUT_SCANOUT, .scanout = (uint8_t)number};
    umfb_post(device, &event);
  }
}

/** As few bytes as can be, in whole words. */
static uint64_t tight_stride(const struct umfb_mode* mode) {
  return ((uint64_t)mode->width * umfb_format_bytes(mode->format) + 3) / 4 * 4;
}

/** @return 0, -EINVAL or -ENOSPC */
static int check(const struct umfb_device* device, const struct umfb_mode* mode) {
  const uint64_t row_bytes = (uint64_t)mode->width * umfb_format_bytes(mode->format);
  if (row_bytes == 0 || mode->width > max_side || mode->height < 1 || mode->height > max_side) return -EINVAL;
  if (mode->stride_bytes < row_bytes || mode->stride_bytes > max_stride_bytes) return -EINVAL;
  const uint64_t bytes = (uint64_t)mode->stride_bytes * (mode->height - 1) + row_bytes;
  const uint64_t room = device->memory.pixels_bytes;
  return bytes > room || mode->offset_bytes > room - bytes ? -ENOSPC : 0;
}

int umfb_scanout_enable(struct umfb_device* device, unsigned number, const struct umfb_mode* wanted) {
  struct umfb_mode mode = *wanted;
  if (mode.stride_bytes == 0 && mode.width <= max_side) mode.stride_bytes = (uint32_t)tight_stride(&mode);
  int error = check(device, &mode);
  if (error) return error;
  struct umfb_scanout* scanout = &device->scanouts[number];
  scanout->enabled = 1;
  scanout->width = mode.width;
  scanout->height = mode.height;
  scanout->stride_bytes = mode.stride_bytes;
  scanout->format = mode.format;
  scanout->offset_bytes = mode.offset_bytes;
  write_entry(device, number);
  return 0;
}

int umfb_device_set_mode(struct umfb_device* device, unsigned number, const struct umfb_mode* mode) {
  if (number >= UMFB_DEV_MAX_SCANOUTS) return -EINVAL;
  if (!can_tell(device, number, true)) return -EOPNOTSUPP;
  int error = umfb_scanout_enable(device, number, mode);
  if (!error) tell(device, number, true);
  return error;
}

int umfb_device_get_mode(const struct umfb_device* device, unsigned number, struct umfb_mode* mode) {
  const struct umfb_scanout* scanout = umfb_scanout(device, number);
  if (!scanout) return -ENOENT;
  *mode = (struct umfb_mode){scanout->width, scanout->height, scanout->stride_bytes, scanout->format,
                             scanout->offset_bytes};
  return 0;
}

int umfb_device_pan(struct umfb_device* device, unsigned number, uint64_t offset_bytes) {
  struct umfb_mode mode;
  int error = umfb_device_get_mode(device, number, &mode);
  if (error) return error;
  mode.offset_bytes = offset_bytes;
  return umfb_device_set_mode(device, number, &mode);
}

int umfb_device_place(struct umfb_device* device, unsigned number, int32_t x, int32_t y) {
  if (!umfb_scanout(device, number)) return -ENOENT;
  if (!can_tell(device, number, false)) return -EOPNOTSUPP;
  device->scanouts[number].x = x;
  device->scanouts[number].y = y;
  write_entry(device, number);
  tell(device, number, false);
  return 0;
}

int umfb_device_blank(struct umfb_device* device, unsigned number, unsigned level) {
  if (!umfb_scanout(device, number)) return -ENOENT;
  if (level > deepest_blank) return -EINVAL;
  if (!can_tell(device, number, false)) return -EOPNOTSUPP;
  device->scanouts[number].blank = level;
  write_entry(device, number);
  tell(device, number, false);
  return 0;
}

int umfb_device_disable(struct umfb_device* device, unsigned number) {
  if (!umfb_scanout(device, number)) return -ENOENT;
  if (!can_tell(device, number, false)) return -EOPNOTSUPP;
  device->scanouts[number].enabled = 0;
  write_entry(device, number);
  tell(device, number, false);
  return 0;
}

int umfb_device_set_colours(struct umfb_device* device, unsigned number, unsigned first, unsigned count,
                            const uint32_t* colours) {
  if (number >= UMFB_DEV_MAX_SCANOUTS || first > UMFB_DEV_PALETTE_COLOURS ||
      count > UMFB_DEV_PALETTE_COLOURS - first) {
    return -EINVAL;
  }
  const bool is_up = device->link.state == UMFB_LINK_UP;
  if (is_up && !umfb_is_told(device, UMFB_FEATURE_COLOURS)) return -EOPNOTSUPP;
  uint32_t* page = device->memory.colours + number * UMFB_DEV_PALETTE_COLOURS;
  for (unsigned index = 0; index < count; index++)
    umfb_store_word(&page[first + index], colours[index] & 0xffffff);
  const struct umfb_plain_event event = {.type = UMFB_DEV_OUT_COLOURS, .scanout = (uint8_t)number};
  if (is_up) umfb_post(device, &event);
  return 0;
}
