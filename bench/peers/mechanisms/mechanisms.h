// Each mechanism as a loop in plain C: no policy, no shadow, nothing that a device needs around it.
#ifndef UMFB_BENCH_MECHANISMS_H
#define UMFB_BENCH_MECHANISMS_H

#include "../peer.h"

extern const struct peer wp_async_peer, wp_sync_peer, zap_peer, mprotect_peer, memcmp_peer;

#endif
