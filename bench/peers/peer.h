// What a peer has of its own: a way to find the dirty pages of memory. The rest (bench/peers/main.c) is the
// same for all.
#ifndef UMFB_BENCH_PEER_H
#define UMFB_BENCH_PEER_H

#include <stddef.h>
#include <stdint.h>

struct surface {
  uint8_t* memory;
  /** Whole pages. */
  size_t bytes, page_bytes;
  uint32_t width, height;
};

struct peer {
  const char* name;
  /** From its return on, stores are found. Ends the program with a reason where it cannot work. */
  void (*start)(const struct surface* surface);
  /** Takes what was stored to since the last call, and watches it again. @return pages */
  size_t (*harvest)(void);
};

/** One table a program, the last entry all zero. */
extern const struct peer* const peers[];

#endif
