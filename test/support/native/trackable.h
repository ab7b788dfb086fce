// What a process hands over to have a mapping of device memory tracked, as libumfb does.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Descriptors are -1 where there are none. */
struct trackable {
  /** UMFB_MAP_…: which descriptors there are. */
  uint32_t flags;
  int uffd;
  int pagemap;
  int sync_uffd;
  int zap_agent;
};

/** Features of userfaultfds: UFFD_FEATURE_…. */
extern const uint64_t trackable_async_features;
extern const uint64_t trackable_sync_features;

/** Whatever this system allows, for a mapping of this process. Starts a zap agent's thread. Ends the process
 * on errors.
 * @param sync_features 0: without the handshake, so that nothing can be registered */
void trackable_open(struct trackable* result, void* address, size_t length, uint64_t async_features,
                    uint64_t sync_features);

/** Until then, the agent unmaps pages when asked. */
void trackable_stop_agent(void);

#ifdef __cplusplus
}
#endif
