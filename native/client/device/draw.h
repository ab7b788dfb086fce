/* 2D ops on pixels in memory. Colours are pixels' values, of which as many low bytes count as a pixel has. */
#ifndef UMFB_DEVICE_DRAW_H
#define UMFB_DEVICE_DRAW_H

#include <stddef.h>
#include <stdint.h>

/** A rect of a picture, not empty. */
struct umfb_part {
  /** Its first pixel. */
  uint8_t* pixels;
  size_t stride_bytes;
  size_t width, height;
  /** 1 to 4. */
  unsigned pixel_bytes;
};

/** Images of a bit a pixel. */
struct umfb_glyph {
  const uint8_t* bits;
  size_t stride_bytes;
  /** The column of the image that is the part's first one. */
  size_t first_bit;
  uint32_t foreground;
  /** Where NULL, bits that are not set leave the pixel as it is. */
  const uint32_t* background;
};

void umfb_draw_fill(const struct umfb_part* part, uint32_t colour);
void umfb_draw_xor(const struct umfb_part* part, uint32_t colour);
/** From pixels of the same size, which may be of the same picture, and overlap. */
void umfb_draw_copy(const struct umfb_part* part, const uint8_t* from, size_t from_stride_bytes);
void umfb_draw_glyph(const struct umfb_part* part, const struct umfb_glyph* glyph);

#endif
