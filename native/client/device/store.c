#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

/** Reads of a store that changes meanwhile. */
enum { read_attempts = 100 };

/** What comes behind the text's beginning; NULL: it begins with something else. */
static const char* after(const char* text, const char* beginning) {
  size_t length = strlen(beginning);
  return strncmp(text, beginning, length) == 0 ? text + length : NULL;
}

uint32_t umfb_store_get(const struct umfb_store* store, const char* prefix, const char* key) {
  const char* line = store->text;
  while (line) {
    const char* rest = after(line, prefix);
    if (rest) rest = after(rest, key);
    if (rest) rest = after(rest, "=");
    if (rest) return (uint32_t)strtoul(rest, NULL, 10);
    line = strchr(line, '\n');
    if (line) line++;
  }
  return 0;
}

void umfb_store_add(struct umfb_store* store, const char* prefix, const char* key, uint32_t value) {
  size_t length = strlen(store->text);
  snprintf(store->text + length, sizeof store->text - length, "%s%s=%u\n", prefix, key, value);
}

bool umfb_store_read(struct umfb_store* store, const struct umfb_peer* peer, const char* shared) {
  for (int attempt = 0; attempt < read_attempts; attempt++) {
    uint32_t serial = umfb_load_word(&peer->store_serial);
    memcpy(store->text, shared, sizeof store->text - 1);
    store->text[sizeof store->text - 1] = 0;
    umfb_full_barrier();
    if (serial % 2 == 0 && umfb_load_word(&peer->store_serial) == serial) return true;
  }
  return false;
}

void umfb_store_write(const struct umfb_store* store, struct umfb_peer* peer, char* shared) {
  uint32_t writing = umfb_load_word(&peer->store_serial) | 1;
  umfb_store_word(&peer->store_serial, writing);
  umfb_full_barrier();
  memcpy(shared, store->text, sizeof store->text);
  umfb_store_word(&peer->store_serial, writing + 1);
}
