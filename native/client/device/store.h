/* Stores: text of lines "key=value", by which each side says what it can do. */
#ifndef UMFB_DEVICE_STORE_H
#define UMFB_DEVICE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ring/layout.h"

/** A copy that nobody else writes to; ends with a zero. */
struct umfb_store {
  char text[UMFB_DEV_STORE_BYTES];
};

/** A number that the key has; 0 where there is none, or no such key. @param prefix what the key begins with
 */
uint32_t umfb_store_get(const struct umfb_store* store, const char* prefix, const char* key);
/** Adds a line. The store has room for all that a frontend says. */
void umfb_store_add(struct umfb_store* store, const char* prefix, const char* key, uint32_t value);

/** @return false: it was written all the time, as by one that died while it wrote */
bool umfb_store_read(struct umfb_store* store, const struct umfb_peer* peer, const char* shared);
void umfb_store_write(const struct umfb_store* store, struct umfb_peer* peer, char* shared);

#endif
