/* A frame buffer as something to draw on, whatever its pixel format is. */
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
  /** Of canvas_connect; else NULL. */
  struct umfb* fb;
  uint8_t* memory;
};

/** Levels of each component in the palette of an indexed format: a cube of 6×6×6 colours. */
enum { canvas_cube_levels = 6, canvas_cube_colours = 6 * 6 * 6 };

/** Red, green and blue of a colour of the cube. */
void canvas_cube_colour(int index, uint8_t colour[3]);

/** @return false, with a message on standard error, where there is no usable device */
bool canvas_open(struct canvas* canvas, const char* device);

/** The same with a device of one's own, at the socket of `umfb serve`. */
bool canvas_connect(struct canvas* canvas, const char* path);

enum canvas_news {
  CANVAS_SAME,
  /** Another size: nothing is drawn yet. */
  CANVAS_RESIZED,
  /** The host has ended. */
  CANVAS_GONE,
};

/** Gives the viewer the size that it wishes for, where there is one to ask: with canvas_connect. */
enum canvas_news canvas_follow(struct canvas* canvas);

void canvas_put(const struct canvas* canvas, int x, int y, struct colour colour);

#endif
