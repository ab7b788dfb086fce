// A thread that answers the faults of a userfaultfd, and the pages that it has seen: what wp-sync and zap
// share.
#ifndef UMFB_BENCH_HANDLER_H
#define UMFB_BENCH_HANDLER_H

#include "../peer.h"

/**
 * Opens a userfaultfd, registers the surface and starts the thread.
 * @param resolve lets the writer go on: the page may be stored to when it returns. Recorded after it
 */
int start_handler(const struct surface* surface, uint64_t features, uint64_t mode,
                  void (*resolve)(int uffd, uint64_t address));

/**
 * Hands each run of recorded pages to `rearm`, then forgets them, all under the handler's lock.
 * @return pages
 */
size_t take_recorded(void (*rearm)(int uffd, uint64_t address, size_t bytes));

#endif
