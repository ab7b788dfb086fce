// The way of User-mode Linux's frame buffer: pages are unmapped, and a fault of either kind, a read's too,
// maps one again.
#include <err.h>
#include <errno.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "handler.h"
#include "mechanisms.h"

static size_t page_bytes;

static void resolve(int uffd, uint64_t address) {
  struct uffdio_continue argument = {.range = {address, page_bytes}};
  if (ioctl(uffd, UFFDIO_CONTINUE, &argument) != 0 && errno != EEXIST) err(1, "UFFDIO_CONTINUE");
}

static void rearm(int uffd, uint64_t address, size_t bytes) {
  (void)uffd;
  if (madvise((void*)address, bytes, MADV_DONTNEED) != 0) err(1, "MADV_DONTNEED");
}

static void start(const struct surface* surface) {
  page_bytes = surface->page_bytes;
  start_handler(surface, UFFD_FEATURE_MINOR_SHMEM, UFFDIO_REGISTER_MODE_MINOR, resolve);
  rearm(-1, (uint64_t)surface->memory, surface->bytes);
}

static size_t harvest(void) { return take_recorded(rearm); }

const struct peer zap_peer = {"zap", start, harvest};
