/* One end of a ring of 40-byte events. It keeps its own index; the other side's is read once a call. */
#ifndef UMFB_DEVICE_RING_H
#define UMFB_DEVICE_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ring/layout.h"

struct umfb_ring {
  /** The index of this side, and of the other one. */
  uint32_t* own;
  const uint32_t* other;
  uint8_t* events;
  uint32_t slots;
  /** What was last stored to `own`. */
  uint32_t index;
};

/** @param own,other,events where they are in the ring's page */
void umfb_ring_open(struct umfb_ring* ring, uint8_t* page, unsigned own, unsigned other, unsigned events,
                    uint32_t slots);

/** Of a producer: events that the consumer has not taken; a claim that cannot be is a full ring. */
uint32_t umfb_ring_filled(const struct umfb_ring* ring);
/**
 * @param bell set to true where the consumer may sleep
 * @return false: there was no room
 */
bool umfb_ring_post(struct umfb_ring* ring, const void* event, bool* bell);

/**
 * Of a consumer. An event that is taken may be overwritten from then on.
 * @return false: there is none; the producer will ring for the next one
 */
bool umfb_ring_take(struct umfb_ring* ring, void* event);

#endif
