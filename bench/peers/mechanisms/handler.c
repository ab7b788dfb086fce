#include "handler.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct surface surface;
static int uffd = -1;
static void (*resolve_fault)(int, uint64_t);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t* is_dirty;
static size_t dirty_pages;

static void* handle(void* unused) {
  (void)unused;
  struct uffd_msg message;
  while (read(uffd, &message, sizeof message) == sizeof message) {
    if (message.event != UFFD_EVENT_PAGEFAULT) continue;
    const uint64_t address = message.arg.pagefault.address & ~(surface.page_bytes - 1);
    const size_t page = (address - (uint64_t)surface.memory) / surface.page_bytes;
    pthread_mutex_lock(&lock);
    // In this order: a page that is recorded first may be taken, re-armed, and then be made writable for
    // good.
    resolve_fault(uffd, address);
    dirty_pages += !is_dirty[page];
    is_dirty[page] = 1;
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int start_handler(const struct surface* watched, uint64_t features, uint64_t mode,
                  void (*resolve)(int, uint64_t)) {
  surface = *watched;
  resolve_fault = resolve;
  is_dirty = calloc(surface.bytes / surface.page_bytes, 1);
  // Without the flag, read(2) into the memory works too; that takes a privilege.
  uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
  if (uffd < 0) uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
  if (!is_dirty || uffd < 0) err(1, "userfaultfd");
  struct uffdio_api api = {.api = UFFD_API, .features = features};
  if (ioctl(uffd, UFFDIO_API, &api) != 0) err(1, "UFFDIO_API");
  struct uffdio_register registration = {.range = {(uint64_t)surface.memory, surface.bytes}, .mode = mode};
  if (ioctl(uffd, UFFDIO_REGISTER, &registration) != 0) err(1, "UFFDIO_REGISTER");
  pthread_t thread;
  if ((errno = pthread_create(&thread, NULL, handle, NULL)) != 0) err(1, "pthread_create");
  return uffd;
}

size_t take_recorded(void (*rearm)(int, uint64_t, size_t)) {
  const size_t count = surface.bytes / surface.page_bytes;
  pthread_mutex_lock(&lock);
  const size_t pages = dirty_pages;
  for (size_t first = 0; pages > 0 && first < count;) {
    size_t end = first;
    while (end < count && is_dirty[end]) end++;
    if (end > first) {
      rearm(uffd, (uint64_t)surface.memory + first * surface.page_bytes, (end - first) * surface.page_bytes);
    }
    first = end + 1;
  }
  if (pages > 0) memset(is_dirty, 0, count);
  dirty_pages = 0;
  pthread_mutex_unlock(&lock);
  return pages;
}
