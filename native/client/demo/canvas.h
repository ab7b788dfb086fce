/* A frame buffer device as something to draw on, whatever its pixel format is. */
#ifndef UMFB_DEMO_CANVAS_H
#define UMFB_DEMO_CANVAS_H

#include <linux/fb.h>
#include <stdbool.h>
#include <stdint.h>

/** Each from 0 to 1. */
struct colour {
  float red, green, blue;
};

struct canvas {
  int width, height;
  int stride_bytes;
  int bytes_per_pixel;
  bool indexed;
  struct fb_bitfield red, green, blue;
  uint8_t* pixels;
};

/** @return false, with a message on standard error, where there is no usable device */
bool canvas_open(struct canvas* canvas, const char* device);

void canvas_put(const struct canvas* canvas, int x, int y, struct colour colour);

#endif
