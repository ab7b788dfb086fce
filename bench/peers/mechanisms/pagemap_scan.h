// Newer than Debian 12's headers: include/uapi/linux/{fs,userfaultfd}.h of Linux 6.7.
#ifndef UMFB_BENCH_PAGEMAP_SCAN_H
#define UMFB_BENCH_PAGEMAP_SCAN_H

#include <stdint.h>
#include <sys/ioctl.h>

enum { kWpUnpopulated = 1 << 13, kWpAsync = 1 << 15 };
enum { kPageIsWritten = 1 << 1, kScanWpMatching = 1 << 0, kScanCheckWpAsync = 1 << 1 };
struct scan_arg {
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct scan_region {
  uint64_t start, end, categories;
};
#define PAGEMAP_SCAN_IOCTL _IOWR('f', 16, struct scan_arg)

#endif
