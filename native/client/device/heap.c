#include "heap.h"

#include <stddef.h>

enum { image_alignment = 8 };

uint8_t* umfb_heap_take(struct umfb_heap* heap, const struct umfb_ring* ring, uint64_t bytes,
                        uint32_t* offset) {
  if (bytes == 0 || bytes > heap->bytes) return NULL;
  // Images of events that were not taken yet stay as they are.
  const uint32_t filled = umfb_ring_filled(ring);
  const uint64_t tail =
      filled ? heap->head_before[(ring->index - filled) % UMFB_DEV_FRAMEBUFFER_OUT_SLOTS] : heap->head;
  uint64_t start = (heap->head + image_alignment - 1) / image_alignment * image_alignment;
  // In one piece: what is left before the end is passed over.
  if (start % heap->bytes + bytes > heap->bytes) start += heap->bytes - start % heap->bytes;
  if (start + bytes - tail > heap->bytes) return NULL;
  heap->next_head = start + bytes;
  *offset = (uint32_t)(start % heap->bytes);
  return heap->memory + *offset;
}

void umfb_heap_commit(struct umfb_heap* heap, uint32_t index) {
  heap->head_before[index % UMFB_DEV_FRAMEBUFFER_OUT_SLOTS] = heap->head;
  heap->head = heap->next_head;
}

void umfb_heap_abandon(struct umfb_heap* heap) { heap->next_head = heap->head; }
