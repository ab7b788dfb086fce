/* Fill, copy, blit: done on the pixels first, and then told, cut to what was drawn. */
#include <errno.h>
#include <string.h>

#include "device.h"
#include "draw.h"
#include "format.h"

/** @return true where something is left */
static bool clip(int64_t left, int64_t top, int64_t right, int64_t bottom, struct umfb_rect* rect) {
  const int64_t x2 = (int64_t)rect->x + rect->width, y2 = (int64_t)rect->y + rect->height;
  if (left < rect->x) left = rect->x;
  if (top < rect->y) top = rect->y;
  if (right > x2) right = x2;
  if (bottom > y2) bottom = y2;
  if (left >= right || top >= bottom) return false;
  *rect = (struct umfb_rect){(int32_t)left, (int32_t)top, (int32_t)(right - left), (int32_t)(bottom - top)};
  return true;
}

static bool clip_to(const struct umfb_scanout* scanout, struct umfb_rect* rect) {
  return clip(0, 0, scanout->width, scanout->height, rect);
}

/** What an op needs to know of its scanout. @return 0, -ENOENT or -EINVAL */
static int find(const struct umfb_device* device, unsigned number, struct umfb_rect rect,
                const struct umfb_scanout** scanout) {
  *scanout = umfb_scanout(device, number);
  if (!*scanout) return -ENOENT;
  return rect.width < 0 || rect.height < 0 ? -EINVAL : 0;
}

static struct umfb_part part_of(const struct umfb_device* device, const struct umfb_scanout* scanout,
                                struct umfb_rect rect) {
  const unsigned bytes = umfb_format_bytes(scanout->format);
  return (struct umfb_part){
      .pixels = device->memory.pixels + scanout->offset_bytes + (size_t)rect.y * scanout->stride_bytes +
                (size_t)rect.x * bytes,
      .stride_bytes = scanout->stride_bytes,
      .width = (size_t)rect.width,
      .height = (size_t)rect.height,
      .pixel_bytes = bytes,
  };
}

/** Pixels in the rect changed: told by the op's own event, where the backend takes it. */
static void tell(struct umfb_device* device, unsigned number, struct umfb_rect rect,
                 enum umfb_feature feature, const void* event) {
  if (!(device->agreed & UMFB_FEATURE_UPDATE)) return;
  if (device->link.state != UMFB_LINK_UP) {
    umfb_post_all_dirty(device);
  } else if (device->is_watched && event && umfb_is_told(device, feature)) {
    umfb_post(device, event);
  } else if (device->is_watched) {
    umfb_post_update(device, number, rect);
  }
}

int umfb_device_update(struct umfb_device* device, unsigned number, struct umfb_rect rect) {
  const struct umfb_scanout* scanout;
  int error = find(device, number, rect, &scanout);
  if (error || !clip_to(scanout, &rect)) return error;
  tell(device, number, rect, UMFB_FEATURE_UPDATE, NULL);
  return 0;
}

void umfb_device_update_all(struct umfb_device* device) {
  if (device->is_watched) umfb_post_all_dirty(device);
}

int umfb_device_fill(struct umfb_device* device, unsigned number, struct umfb_rect rect, uint32_t colour,
                     unsigned rop) {
  const struct umfb_scanout* scanout;
  int error = find(device, number, rect, &scanout);
  if (error || !clip_to(scanout, &rect)) return error;
  const struct umfb_part part = part_of(device, scanout, rect);
  switch (rop) {
    case UMFB_DEV_ROP_COPY:
      umfb_draw_fill(&part, colour);
      break;
    case UMFB_DEV_ROP_XOR:
      umfb_draw_xor(&part, colour);
      break;
    default:
      return -EINVAL;
  }
  const struct umfb_fill_event event = {
      .type = UMFB_DEV_OUT_FILL,
      .scanout = (uint8_t)number,
      .rop = (uint8_t)rop,
      .x = rect.x,
      .y = rect.y,
      .width = rect.width,
      .height = rect.height,
      .colour = colour,
  };
  tell(device, number, rect, UMFB_FEATURE_FILL, &event);
  return 0;
}

int umfb_device_copy(struct umfb_device* device, unsigned number, struct umfb_rect rect, int32_t from_x,
                     int32_t from_y) {
  const struct umfb_scanout* scanout;
  int error = find(device, number, rect, &scanout);
  if (error) return error;
  const int64_t dx = (int64_t)rect.x - from_x, dy = (int64_t)rect.y - from_y;
  if ((dx == 0 && dy == 0) || !clip_to(scanout, &rect)) return 0;
  // What comes from outside is not drawn.
  if (!clip(dx, dy, dx + scanout->width, dy + scanout->height, &rect)) return 0;
  struct umfb_rect from = {(int32_t)(rect.x - dx), (int32_t)(rect.y - dy), rect.width, rect.height};
  const struct umfb_part part = part_of(device, scanout, rect);
  umfb_draw_copy(&part, part_of(device, scanout, from).pixels, scanout->stride_bytes);
  const struct umfb_copy_event event = {
      .type = UMFB_DEV_OUT_COPY,
      .scanout = (uint8_t)number,
      .x = rect.x,
      .y = rect.y,
      .width = rect.width,
      .height = rect.height,
      .from_x = from.x,
      .from_y = from.y,
  };
  tell(device, number, rect, UMFB_FEATURE_COPY, &event);
  return 0;
}

static void draw_image(const struct umfb_part* part, const struct umfb_image* image, size_t stride_bytes,
                       size_t from_x, size_t from_y) {
  const uint8_t* first_row = (const uint8_t*)image->data + from_y * stride_bytes;
  if (image->kind == UMFB_DEV_BLIT_PIXELS) {
    umfb_draw_copy(part, first_row + from_x * part->pixel_bytes, stride_bytes);
    return;
  }
  const struct umfb_glyph glyph = {
      .bits = first_row,
      .stride_bytes = stride_bytes,
      .first_bit = from_x,
      .foreground = image->foreground,
      .background = image->kind == UMFB_DEV_BLIT_GLYPH ? &image->background : NULL,
  };
  umfb_draw_glyph(part, &glyph);
}

/** Puts the image into the heap, row behind row. @return false: there is no room for it */
static bool store_image(struct umfb_device* device, const struct umfb_image* image, size_t stride_bytes,
                        size_t row_bytes, size_t rows, uint32_t* offset) {
  uint8_t* stored = umfb_heap_take(&device->heap, &device->out, row_bytes * rows, offset);
  if (!stored) return false;
  for (size_t row = 0; row < rows; row++) {
    memcpy(stored + row * row_bytes, (const uint8_t*)image->data + row * stride_bytes, row_bytes);
  }
  return true;
}

int umfb_device_blit(struct umfb_device* device, unsigned number, struct umfb_rect rect,
                     const struct umfb_image* image) {
  const struct umfb_scanout* scanout;
  int error = find(device, number, rect, &scanout);
  if (error) return error;
  if (image->kind > UMFB_DEV_BLIT_TRANSPARENT_GLYPH) return -EINVAL;
  const size_t width = (size_t)rect.width;
  const size_t row_bytes =
      image->kind == UMFB_DEV_BLIT_PIXELS ? width * umfb_format_bytes(scanout->format) : (width + 7) / 8;
  const size_t stride_bytes = image->stride_bytes ? image->stride_bytes : row_bytes;
  if (stride_bytes < row_bytes) return -EINVAL;
  struct umfb_rect shown = rect;
  if (!clip_to(scanout, &shown)) return 0;
  const struct umfb_part part = part_of(device, scanout, shown);
  draw_image(&part, image, stride_bytes, (size_t)((int64_t)shown.x - rect.x),
             (size_t)((int64_t)shown.y - rect.y));

  struct umfb_blit_event event = {
      .type = UMFB_DEV_OUT_BLIT,
      .scanout = (uint8_t)number,
      .kind = (uint8_t)image->kind,
      .x = rect.x,
      .y = rect.y,
      .width = rect.width,
      .height = rect.height,
      .stride_bytes = (uint32_t)row_bytes,
      .foreground = image->foreground,
      .background = image->background,
  };
  // An image that is cut off is told as pixels that changed: its event would name more than was drawn.
  const bool is_whole = shown.width == rect.width && shown.height == rect.height;
  const bool is_op =
      is_whole && device->is_watched && umfb_is_told(device, UMFB_FEATURE_BLIT) &&
      store_image(device, image, stride_bytes, row_bytes, (size_t)rect.height, &event.heap_offset);
  tell(device, number, shown, UMFB_FEATURE_BLIT, is_op ? &event : NULL);
  return 0;
}
