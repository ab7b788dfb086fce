/* Device memory: the one file that frontend and backend share, checked and mapped. */
#ifndef UMFB_DEVICE_MEMORY_H
#define UMFB_DEVICE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "../../ring/layout.h"

struct umfb_memory {
  int fd;
  size_t bytes;
  /** The info page: of what stands there, only the parts that a side may change are read again. */
  struct umfb_info* info;
  uint8_t* framebuffer;
  uint8_t* keyboard;
  uint32_t* colours;
  uint32_t* bitmap;
  uint8_t* heap;
  uint32_t heap_bytes;
  uint8_t* pixels;
  uint64_t pixels_bytes;
};

/** Takes the descriptor over, unless it fails. @return 0, -EPROTO where it is no device memory, or an errno
 */
int umfb_memory_open(struct umfb_memory* memory, int fd);
/** Idempotent. */
void umfb_memory_close(struct umfb_memory* memory);

#endif
