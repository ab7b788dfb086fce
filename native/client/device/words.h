/* Words that both sides use: aligned, read and written whole. */
#ifndef UMFB_DEVICE_WORDS_H
#define UMFB_DEVICE_WORDS_H

#include <stdint.h>

static inline uint32_t umfb_load_word(const uint32_t* word) {
  return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void umfb_store_word(uint32_t* word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/** What was stored before is seen by whoever does the same, or what it stored is seen here. */
static inline void umfb_full_barrier(void) { __sync_synchronize(); }

#endif
