#include "ring.h"

#include <string.h>

#include "words.h"

void umfb_ring_open(struct umfb_ring* ring, uint8_t* page, unsigned own, unsigned other, unsigned events,
                    uint32_t slots) {
  *ring = (struct umfb_ring){
      .own = (uint32_t*)(page + own),
      .other = (const uint32_t*)(page + other),
      .events = page + events,
      .slots = slots,
  };
  ring->index = umfb_load_word(ring->own);
}

static uint8_t* slot(const struct umfb_ring* ring) {
  return ring->events + ring->index % ring->slots * UMFB_DEV_EVENT_BYTES;
}

uint32_t umfb_ring_filled(const struct umfb_ring* ring) {
  uint32_t filled = ring->index - umfb_load_word(ring->other);
  return filled < ring->slots ? filled : ring->slots;
}

bool umfb_ring_post(struct umfb_ring* ring, const void* event, bool* bell) {
  *bell = false;
  const uint32_t filled = umfb_ring_filled(ring);
  // Index 0 may have the slot of an event before the wrap that was not taken yet: 2^32 is no multiple of the
  // slots.
  if (filled == ring->slots || (ring->index == 0 && filled > 0)) return false;
  memcpy(slot(ring), event, UMFB_DEV_EVENT_BYTES);
  uint32_t before = ring->index++;
  umfb_store_word(ring->own, ring->index);
  umfb_full_barrier();
  *bell = umfb_load_word(ring->other) == before;
  return true;
}

bool umfb_ring_take(struct umfb_ring* ring, void* event) {
  // Between the last store to `own` and this load: or both sides could miss each other, and sleep.
  umfb_full_barrier();
  uint32_t producer = umfb_load_word(ring->other);
  uint32_t waiting = producer - ring->index;
  if (waiting == 0) return false;
  if (waiting > ring->slots) {
    ring->index = producer;
    umfb_store_word(ring->own, producer);
    return false;
  }
  memcpy(event, slot(ring), UMFB_DEV_EVENT_BYTES);
  umfb_store_word(ring->own, ++ring->index);
  return true;
}
