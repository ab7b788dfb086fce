#include "draw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct rect {
  uint32_t x, y, width, height;
};

enum { kRectWords = 7, kPokeWords = 4 };

/** Odd, so that no two frames of a run share a value. */
static uint32_t value_of(uint32_t seed, uint32_t animated, uint32_t frame) {
  return (seed + (animated ? frame : 0)) * 2654435761u;
}

static uint32_t* row_of(const struct picture* picture, uint32_t x, uint32_t y) {
  return (uint32_t*)(picture->pixels + (size_t)y * picture->stride_bytes) + x;
}

static void gradient(const struct picture* picture, struct rect r, uint32_t value) {
  for (uint32_t y = 0; y < r.height; y++) {
    uint32_t* row = row_of(picture, r.x, r.y + y);
    for (uint32_t x = 0; x < r.width; x++) row[x] = value + y * 40503u + x * 0x10307u;
  }
}

static void solid(const struct picture* picture, struct rect r, uint32_t value) {
  for (uint32_t y = 0; y < r.height; y++) {
    uint32_t* row = row_of(picture, r.x, r.y + y);
    for (uint32_t x = 0; x < r.width; x++) row[x] = value;
  }
}

/** The finalizer of MurmurHash3 (public domain, Austin Appleby). */
static uint32_t mix(uint32_t h) {
  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  return h ^ h >> 16;
}

static void text(const struct picture* picture, struct rect r, uint32_t value) {
  for (uint32_t y = 0; y < r.height; y++) {
    uint32_t* row = row_of(picture, r.x, r.y + y);
    for (uint32_t x = 0; x < r.width; x += 8) {
      const uint32_t line = y % 16;
      // Blank above, below and beside each glyph.
      const uint32_t bits = line < 3 || line > 12 ? 0 : mix(value + x / 8 + (y << 12)) & 0x7f;
      for (uint32_t i = 0; i < 8 && x + i < r.width; i++)
        row[x + i] = bits >> i & 1 ? 0xffcccccc : 0xff101010;
    }
  }
}

static void move_up(const struct picture* picture, struct rect r, uint32_t rows) {
  for (uint32_t y = 0; y + rows < r.height; y++) {
    memmove(row_of(picture, r.x, r.y + y), row_of(picture, r.x, r.y + y + rows), r.width * sizeof(uint32_t));
  }
}

enum { kSourceBytes = 1 << 18, kHalf = kSourceBytes / 2 };

/** A file of noise to read(2) from, made once a process. */
static int source(void) {
  static int fd = -1;
  if (fd >= 0) return fd;
  uint32_t* noise = malloc(kSourceBytes);
  if (!noise) abort();
  for (uint32_t i = 0; i < kSourceBytes / sizeof *noise; i++) noise[i] = mix(i + 1);
  fd = memfd_create("umfb-bench-source", MFD_CLOEXEC);
  if (fd < 0 || write(fd, noise, kSourceBytes) != kSourceBytes) abort();
  free(noise);
  return fd;
}

static int read_rows(const struct picture* picture, struct rect r, uint32_t frame) {
  const size_t bytes = r.width * sizeof(uint32_t);
  for (uint32_t y = 0; y < r.height; y++) {
    // The two halves have nothing in common, so every frame changes every pixel.
    const off_t from = (frame & 1) * kHalf + y % 64 * 4;
    if (pread(source(), row_of(picture, r.x, r.y + y), bytes, from) != (ssize_t)bytes) return errno;
  }
  return 0;
}

int draw(const struct picture* picture, const uint32_t* words, size_t count, uint32_t frame) {
  const uint32_t* end = words + count;
  while (words < end) {
    if (words[0] == DRAW_POKE) {
      const uint32_t value = value_of(words[2], words[3], frame);
      const uint32_t pokes = words[1];
      words += kPokeWords;
      for (uint32_t i = 0; i < pokes; i++) *(volatile uint32_t*)(picture->pixels + words[i]) = value;
      words += pokes;
      continue;
    }
    const struct rect r = {words[1], words[2], words[3], words[4]};
    const uint32_t value = value_of(words[5], words[6], frame);
    int error = 0;
    switch (words[0]) {
      case DRAW_GRADIENT:
        gradient(picture, r, value);
        break;
      case DRAW_SOLID:
        solid(picture, r, value);
        break;
      case DRAW_TEXT:
        text(picture, r, value);
        break;
      case DRAW_MOVE_UP:
        move_up(picture, r, words[5]);
        break;
      case DRAW_READ:
        error = read_rows(picture, r, words[6] ? frame : 0);
        break;
      default:
        error = EINVAL;
    }
    if (error) return error;
    words += kRectWords;
  }
  return 0;
}
