// userfaultfd write protection with a handler thread, one fault after another.
#include <err.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>

#include "handler.h"
#include "mechanisms.h"

// Newer than Debian 12's headers: include/uapi/linux/userfaultfd.h of Linux 6.4.
enum { kWpUnpopulated = 1 << 13 };

static size_t page_bytes;

static void write_protect(int uffd, uint64_t address, size_t bytes, uint64_t mode) {
  struct uffdio_writeprotect argument = {.range = {address, bytes}, .mode = mode};
  if (ioctl(uffd, UFFDIO_WRITEPROTECT, &argument) != 0) err(1, "UFFDIO_WRITEPROTECT");
}

static void resolve(int uffd, uint64_t address) { write_protect(uffd, address, page_bytes, 0); }

static void rearm(int uffd, uint64_t address, size_t bytes) {
  write_protect(uffd, address, bytes, UFFDIO_WRITEPROTECT_MODE_WP);
}

static void start(const struct surface* surface) {
  page_bytes = surface->page_bytes;
  const uint64_t features = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM | kWpUnpopulated;
  const int uffd = start_handler(surface, features, UFFDIO_REGISTER_MODE_WP, resolve);
  rearm(uffd, (uint64_t)surface->memory, surface->bytes);
}

static size_t harvest(void) { return take_recorded(rearm); }

const struct peer wp_sync_peer = {"wp-sync", start, harvest};
