// The floor that umfb is measured against: the same ioctl in plain C, without N-API, bitmap or JavaScript,
// and memcmp of the whole surface, which is what a tracker has to beat.
//
// raw_wp_async SIZE_BYTES ROUNDS prints one JSON object; times are nanoseconds, medians over ROUNDS.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Newer than Debian 12's headers: include/uapi/linux/{fs,userfaultfd}.h of Linux 6.7.
enum { kWpAsync = 1 << 15, kWpUnpopulated = 1 << 13, kUserModeOnly = 1, kPageIsWritten = 1 << 1 };
enum { kScanWpMatching = 1 << 0, kScanCheckWpAsync = 1 << 1 };
struct scan_arg {
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct scan_region {
  uint64_t start, end, categories;
};
#define PAGEMAP_SCAN_IOCTL _IOWR('f', 16, struct scan_arg)

static struct scan_region regions[1 << 16];

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void die(const char* what) {
  perror(what);
  exit(1);
}

static int by_value(const void* a, const void* b) {
  double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static double median(double* values, int count) {
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}

static void scan(int pagemap, uint8_t* memory, size_t bytes) {
  uint64_t at = (uint64_t)memory, end = at + bytes;
  while (at < end) {
    struct scan_arg arg = {.size = sizeof arg,
                           .flags = kScanWpMatching | kScanCheckWpAsync,
                           .start = at,
                           .end = end,
                           .vec = (uint64_t)regions,
                           .vec_len = sizeof regions / sizeof *regions,
                           .category_mask = kPageIsWritten,
                           .return_mask = kPageIsWritten};
    if (ioctl(pagemap, PAGEMAP_SCAN_IOCTL, &arg) < 0) die("PAGEMAP_SCAN");
    at = arg.walk_end;
  }
}

static void arm(int uffd, uint8_t* memory, size_t bytes) {
  struct uffdio_api api = {.api = UFFD_API,
                           .features = kWpAsync | kWpUnpopulated | UFFD_FEATURE_PAGEFAULT_FLAG_WP | 1 << 12};
  if (ioctl(uffd, UFFDIO_API, &api) < 0) die("UFFDIO_API");
  struct uffdio_register reg = {.range = {(uint64_t)memory, bytes}, .mode = UFFDIO_REGISTER_MODE_WP};
  if (ioctl(uffd, UFFDIO_REGISTER, &reg) < 0) die("UFFDIO_REGISTER");
}

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s SIZE_BYTES ROUNDS\n", argv[0]);
    return 2;
  }
  size_t page = sysconf(_SC_PAGESIZE);
  size_t bytes = (strtoul(argv[1], NULL, 10) + page - 1) / page * page;
  int rounds = atoi(argv[2]);
  int memfd = memfd_create("raw-wp-async", MFD_CLOEXEC);
  if (memfd < 0 || ftruncate(memfd, bytes) < 0) die("memfd");
  uint8_t* memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
  uint8_t* shadow = malloc(bytes);
  if (memory == MAP_FAILED || !shadow) die("memory");
  memset(memory, 1, bytes);
  memset(shadow, 1, bytes);
  memset(regions, 0, sizeof regions);
  int uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | kUserModeOnly);
  if (uffd < 0) die("userfaultfd");
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) die("/proc/self/pagemap");
  arm(uffd, memory, bytes);
  scan(pagemap, memory, bytes);

  size_t pages = bytes / page;
  double* times = calloc(rounds, sizeof *times);
  printf("{\"pages\":%zu", pages);

  for (int i = 0; i < rounds; i++) {
    double start = now_ns();
    scan(pagemap, memory, bytes);
    times[i] = now_ns() - start;
  }
  printf(",\"idleScanNs\":%.0f", median(times, rounds));

  for (int i = 0; i < rounds; i++) {
    memory[pages / 2 * page] = (uint8_t)i;
    double start = now_ns();
    scan(pagemap, memory, bytes);
    times[i] = now_ns() - start;
  }
  printf(",\"onePageScanNs\":%.0f", median(times, rounds));

  double* stores = calloc(rounds, sizeof *stores);
  for (int i = 0; i < rounds; i++) {
    double start = now_ns();
    for (size_t p = 0; p < pages; p++) ((volatile uint8_t*)memory)[p * page] = (uint8_t)i;
    double stored = now_ns();
    scan(pagemap, memory, bytes);
    times[i] = now_ns() - stored;
    stores[i] = (stored - start) / pages;
  }
  printf(",\"allDirtyScanNs\":%.0f", median(times, rounds));
  printf(",\"firstStoreNs\":%.1f", median(stores, rounds));

  memcpy(shadow, memory, bytes);
  volatile int sum = 0;
  for (int i = 0; i < rounds; i++) {
    double start = now_ns();
    sum += memcmp(memory, shadow, bytes);
    times[i] = now_ns() - start;
  }
  printf(",\"memcmpNs\":%.0f}\n", median(times, rounds));
  return sum != 0;
}
