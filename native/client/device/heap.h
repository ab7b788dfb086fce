/* The blit heap as a ring: images lie in the order of the events that name them, and are freed in that order.
 */
#ifndef UMFB_DEVICE_HEAP_H
#define UMFB_DEVICE_HEAP_H

#include <stdint.h>

#include "ring.h"

struct umfb_heap {
  uint8_t* memory;
  uint32_t bytes;
  /** Bytes that were ever given: where they lie is the remainder by `bytes`. */
  uint64_t head;
  /** The head with the image that the next event names. */
  uint64_t next_head;
  /** The head before each event that was posted, by its slot in the ring. */
  uint64_t head_before[UMFB_DEV_FRAMEBUFFER_OUT_SLOTS];
};

/**
 * Room for an image that the next event of the ring will name.
 * @param offset set to where it is in the heap
 * @return NULL: there is no room
 */
uint8_t* umfb_heap_take(struct umfb_heap* heap, const struct umfb_ring* ring, uint64_t bytes,
                        uint32_t* offset);

/** The event with this index was posted, with the image that was taken, or without one. */
void umfb_heap_commit(struct umfb_heap* heap, uint32_t index);
/** It was not. */
void umfb_heap_abandon(struct umfb_heap* heap);

#endif
