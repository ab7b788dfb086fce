// mprotect(2) and SIGSEGV. The whole range is protected anew at each harvest: page by page the kernel would
// split the mapping, and slower.
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mechanisms.h"

static struct surface surface;
static uint8_t* is_dirty;
static size_t dirty_pages;

static void on_fault(int signal, siginfo_t* info, void* context) {
  (void)signal, (void)context;
  const size_t at = (size_t)((uint8_t*)info->si_addr - surface.memory);
  if (at >= surface.bytes) abort();
  const size_t page = at / surface.page_bytes;
  if (mprotect(surface.memory + page * surface.page_bytes, surface.page_bytes, PROT_READ | PROT_WRITE))
    abort();
  dirty_pages += !is_dirty[page];
  is_dirty[page] = 1;
}

static void protect(void) {
  if (mprotect(surface.memory, surface.bytes, PROT_READ) != 0) err(1, "mprotect");
}

static void start(const struct surface* watched) {
  surface = *watched;
  is_dirty = calloc(surface.bytes / surface.page_bytes, 1);
  if (!is_dirty) err(1, "calloc");
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  if (sigaction(SIGSEGV, &action, NULL) != 0) err(1, "sigaction");
  protect();
}

static size_t harvest(void) {
  const size_t pages = dirty_pages;
  if (pages == 0) return 0;
  protect();
  memset(is_dirty, 0, surface.bytes / surface.page_bytes);
  dirty_pages = 0;
  return pages;
}

const struct peer mprotect_peer = {"mprotect", start, harvest};
