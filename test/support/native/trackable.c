#define _GNU_SOURCE
#include "trackable.h"

#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <unistd.h>

#include "../../../native/client/internal.h"

// Newer than the headers of Debian 12 (Linux 6.7's include/uapi/linux/userfaultfd.h).
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15)
#endif

const uint64_t trackable_async_features = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM |
                                          UFFD_FEATURE_WP_UNPOPULATED | UFFD_FEATURE_WP_ASYNC;
const uint64_t trackable_sync_features =
    UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM | UFFD_FEATURE_MINOR_SHMEM;

static struct umfb_tracked tracked;

static void open_synchronous(struct trackable* result, uint64_t features) {
  const int flags = O_CLOEXEC | O_NONBLOCK;
  if (features == 0) {
    result->sync_uffd = (int)syscall(SYS_userfaultfd, flags | UFFD_USER_MODE_ONLY);
    if (result->sync_uffd >= 0) result->flags |= UMFB_MAP_SYNC;
    return;
  }
  result->sync_uffd = umfb_open_userfaultfd(flags, features);
  if (result->sync_uffd < 0) {
    result->sync_uffd = umfb_open_userfaultfd(flags | UFFD_USER_MODE_ONLY, features);
    if (result->sync_uffd >= 0) result->flags |= UMFB_MAP_SYNC_USER_ONLY;
  }
  if (result->sync_uffd >= 0) result->flags |= UMFB_MAP_SYNC;
}

void trackable_open(struct trackable* result, void* address, size_t length, uint64_t async_features,
                    uint64_t sync_features) {
  *result = (struct trackable){.uffd = -1, .pagemap = -1, .sync_uffd = -1, .zap_agent = -1};
  result->uffd = umfb_open_userfaultfd(O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY, async_features);
  if (result->uffd >= 0) {
    result->flags |= UMFB_MAP_ASYNC;
    result->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (result->pagemap < 0) err(1, "pagemap");
  }
  open_synchronous(result, sync_features);
  if (result->sync_uffd < 0) return;
  tracked = (struct umfb_tracked){.address = (uintptr_t)address, .length = length};
  result->zap_agent = umfb_start_zap_agent(&tracked);
  if (result->zap_agent < 0) errx(1, "the zap agent: %s", strerrorname_np(-result->zap_agent));
  result->flags |= UMFB_MAP_ZAP;
}

void trackable_stop_agent(void) { umfb_stop_zap_agent(&tracked); }
