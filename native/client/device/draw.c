#include "draw.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "pixels are little-endian values");

static void put(uint8_t* pixel, uint32_t value, unsigned bytes) { memcpy(pixel, &value, bytes); }

void umfb_draw_fill(const struct umfb_part* part, uint32_t colour) {
  const size_t row_bytes = part->width * part->pixel_bytes;
  put(part->pixels, colour, part->pixel_bytes);
  // The first row, each half from the half before it; then all the others from the first.
  for (size_t done = part->pixel_bytes; done < row_bytes; done *= 2) {
    memcpy(part->pixels + done, part->pixels, done < row_bytes - done ? done : row_bytes - done);
  }
  for (size_t y = 1; y < part->height; y++) {
    memcpy(part->pixels + y * part->stride_bytes, part->pixels, row_bytes);
  }
}

void umfb_draw_xor(const struct umfb_part* part, uint32_t colour) {
  for (size_t y = 0; y < part->height; y++) {
    uint8_t* pixel = part->pixels + y * part->stride_bytes;
    for (size_t x = 0; x < part->width; x++, pixel += part->pixel_bytes) {
      uint32_t value = 0;
      memcpy(&value, pixel, part->pixel_bytes);
      put(pixel, value ^ colour, part->pixel_bytes);
    }
  }
}

void umfb_draw_copy(const struct umfb_part* part, const uint8_t* from, size_t from_stride_bytes) {
  const size_t row_bytes = part->width * part->pixel_bytes;
  // A row that is written may be one that is still to be read only on the side that was read already.
  const int is_downwards = (uintptr_t)part->pixels > (uintptr_t)from;
  for (size_t row = 0; row < part->height; row++) {
    const size_t y = is_downwards ? part->height - 1 - row : row;
    memmove(part->pixels + y * part->stride_bytes, from + y * from_stride_bytes, row_bytes);
  }
}

void umfb_draw_glyph(const struct umfb_part* part, const struct umfb_glyph* glyph) {
  for (size_t y = 0; y < part->height; y++) {
    const uint8_t* bits = glyph->bits + y * glyph->stride_bytes;
    uint8_t* pixel = part->pixels + y * part->stride_bytes;
    for (size_t x = 0; x < part->width; x++, pixel += part->pixel_bytes) {
      const size_t bit = glyph->first_bit + x;
      if (bits[bit / 8] & 0x80 >> bit % 8) {
        put(pixel, glyph->foreground, part->pixel_bytes);
      } else if (glyph->background) {
        put(pixel, *glyph->background, part->pixel_bytes);
      }
    }
  }
}
