// userfaultfd's asynchronous write protection and PAGEMAP_SCAN, nothing else.
#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mechanisms.h"
#include "pagemap_scan.h"

static struct surface surface;
static int pagemap;
static struct scan_region regions[256];

static size_t harvest(void) {
  const uint64_t end = (uint64_t)surface.memory + surface.bytes;
  size_t bytes = 0;
  for (uint64_t at = (uint64_t)surface.memory; at < end;) {
    struct scan_arg argument = {.size = sizeof argument,
                                .flags = kScanWpMatching | kScanCheckWpAsync,
                                .start = at,
                                .end = end,
                                .vec = (uint64_t)regions,
                                .vec_len = sizeof regions / sizeof *regions,
                                .category_mask = kPageIsWritten,
                                .return_mask = kPageIsWritten};
    const int count = ioctl(pagemap, PAGEMAP_SCAN_IOCTL, &argument);
    if (count < 0) err(1, "PAGEMAP_SCAN");
    for (int i = 0; i < count; i++) bytes += regions[i].end - regions[i].start;
    at = argument.walk_end;
  }
  return bytes / surface.page_bytes;
}

static void start(const struct surface* watched) {
  surface = *watched;
  const int uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
  if (uffd < 0) err(1, "userfaultfd");
  struct uffdio_api api = {.api = UFFD_API,
                           .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM |
                                       kWpUnpopulated | kWpAsync};
  if (ioctl(uffd, UFFDIO_API, &api) != 0) err(1, "UFFDIO_API");
  struct uffdio_register registration = {.range = {(uint64_t)surface.memory, surface.bytes},
                                         .mode = UFFDIO_REGISTER_MODE_WP};
  if (ioctl(uffd, UFFDIO_REGISTER, &registration) != 0) err(1, "UFFDIO_REGISTER");
  pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) err(1, "/proc/self/pagemap");
  harvest();
}

const struct peer wp_async_peer = {"wp-async", start, harvest};
