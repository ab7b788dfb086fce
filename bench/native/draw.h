// The stores of a workload's frame: words of 32 bits that bench/tracking/frame.ts makes, executed by whoever
// is the writer, so that his own cost is the stores and nothing else.
#ifndef UMFB_BENCH_DRAW_H
#define UMFB_BENCH_DRAW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The first word of an operation. Those on a rect go on with x, y, width, height, seed, animated; an animated
 * one has another content in each frame. The rects are inside the picture: frame.ts sees to it.
 */
enum draw_operation {
  /** Every pixel another value, counted from the rect's corner: moved, it changes throughout. */
  DRAW_GRADIENT = 1,
  DRAW_SOLID = 2,
  /** Cells of 8 x 16 with something like glyphs: a third of the pixels set. */
  DRAW_TEXT = 3,
  /** `seed` rows of the rect go out at its top, all others move up; what is below stays. */
  DRAW_MOVE_UP = 4,
  /** The gradient's size, but stored by the kernel: read(2) of a file into each row. */
  DRAW_READ = 5,
  /** count, seed, animated, then `count` byte offsets: one store of 4 bytes each. */
  DRAW_POKE = 6,
};

/** 32 bits a pixel. */
struct picture {
  uint8_t* pixels;
  uint32_t stride_bytes;
};

/** @return 0, or the errno of a DRAW_READ that the kernel refused */
int draw(const struct picture* picture, const uint32_t* words, size_t count, uint32_t frame);

#ifdef __cplusplus
}
#endif
#endif
