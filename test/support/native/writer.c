// A process that writes to device memory on command, as a guest does: the tests' hand in another address
// space.
//
// umfb-test-writer SOCKET
//
// Connects, and obeys messages of text, one at a time; test/support/writer.ts lists them. Each is answered by
// one message: "ok", or for "map" the mapping's address, with what it can be tracked by, if this system has
// such, and for a way that the kernel refuses the error's name.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "trackable.h"
#include "ways.h"

static int channel = -1, memfd = -1;
static struct trackable trackable;
static volatile uint8_t* mapping;
static size_t length, first_byte, page_bytes;

static volatile uint32_t* word(size_t page) { return (volatile uint32_t*)(mapping + page * page_bytes); }

// Receives one message of text and at most one descriptor, which becomes `memfd`. False: the host is gone.
static int receive(char* text, size_t size) {
  char control[CMSG_SPACE(sizeof(int))];
  struct iovec data = {text, size - 1};
  struct msghdr header = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
  if (count <= 0) return 0;
  text[count] = 0;
  struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
  if (rights && rights->cmsg_type == SCM_RIGHTS) memcpy(&memfd, CMSG_DATA(rights), sizeof memfd);
  return 1;
}

/** One message; with `fd_count` descriptors where that is not 0. */
static void send_message(const void* bytes, size_t size, const int* fds, size_t fd_count) {
  char control[CMSG_SPACE(5 * sizeof *fds)] = {0};
  struct iovec data = {(void*)bytes, size};
  struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1};
  if (fd_count > 0) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(fd_count * sizeof *fds);
    struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fd_count * sizeof *fds);
    memcpy(CMSG_DATA(rights), fds, fd_count * sizeof *fds);
  }
  if (sendmsg(channel, &header, MSG_NOSIGNAL) < 0) err(1, "sendmsg");
}

static void answer(const char* text) { send_message(text, strlen(text), NULL, 0); }

// The end of a socket that stands for the agent's, and that nobody reads.
static int deaf_agent = -1;

static void replace_agent(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) err(1, "socketpair");
  trackable_stop_agent();
  close(trackable.zap_agent);
  deaf_agent = ends[0];
  trackable.zap_agent = ends[1];
}

// Answers with the mapping's address and with UMFB_MAP_… that tell which descriptors come along.
static void map(size_t first_page, size_t page_count, uint64_t async_features, uint64_t sync_features,
                int is_deaf) {
  first_byte = first_page * page_bytes;
  length = page_count * page_bytes;
  mapping = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, (off_t)first_byte);
  if (mapping == MAP_FAILED) err(1, "mmap");
  trackable_open(&trackable, (void*)mapping, length, async_features, sync_features);
  if (is_deaf && trackable.zap_agent >= 0) replace_agent();
  const int all[] = {trackable.uffd, trackable.pagemap, trackable.sync_uffd, trackable.zap_agent};
  int fds[4];
  size_t count = 0;
  for (size_t index = 0; index < 4; index++) {
    if (all[index] >= 0) fds[count++] = all[index];
  }
  char text[64];
  snprintf(text, sizeof text, "%#lx %u", (unsigned long)mapping, trackable.flags);
  send_message(text, strlen(text), fds, count);
  if (trackable.zap_agent >= 0) close(trackable.zap_agent);
}

// Breaks the bounds of a message: 64 KiB, not empty, 4 descriptors.
static void misbehave(const char* how) {
  static char bytes[64 * 1024 + 1];
  const int fds[5] = {0, 0, 0, 0, 0};
  const size_t size = strcmp(how, "send-too-long") == 0 ? sizeof bytes : strcmp(how, "send-nothing") != 0;
  send_message(bytes, size, fds, strcmp(how, "send-5-descriptors") == 0 ? 5 : 0);
}

// Stamps pages in a pseudo-random order (xorshift32), then falls silent.
static void burst(size_t count, uint32_t seed) {
  uint32_t state = seed | 1;
  size_t pages = length / page_bytes;
  for (size_t i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    size_t page = state % pages;
    word(page)[(state >> 8) % (page_bytes / sizeof(uint32_t))] = state;
  }
}

int main(int argc, char** argv) {
  if (argc != 2) errx(2, "usage: umfb-test-writer SOCKET");
  page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  channel = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (connect(channel, (struct sockaddr*)&address, sizeof address) != 0) err(1, "connect %s", argv[1]);

  char text[128], name[32], way[32];
  while (receive(text, sizeof text)) {
    unsigned long a = 0, b = 0;
    if (sscanf(text, "%31s %lu %lu", name, &a, &b) < 2) sscanf(text, "%31s %31s %lu %lu", name, way, &a, &b);
#define IS(command) (strcmp(name, command) == 0)
    if (strncmp(name, "map", 3) == 0) {
      const int whole = !IS("map-without-features");
      const uint64_t forks = IS("map-with-forks") ? UFFD_FEATURE_EVENT_FORK : 0;
      map(a, b, whole ? trackable_async_features : 0, whole ? trackable_sync_features | forks : 0,
          IS("map-with-deaf-agent"));
      continue;
    }
    if (strncmp(name, "send-", 5) == 0) {
      misbehave(name);
      continue;
    }
    const struct ways_target target = {memfd, (uint8_t*)mapping, first_byte, length};
    if (IS("prepare") || IS("change")) {
      int error = IS("change") ? ways_change(way, &target, a, (uint32_t)b) : ways_prepare(way, &target, a);
      if (error < 0) errx(2, "no such way: %s", way);
      answer(error ? strerrorname_np(error) : "ok");
      continue;
    }
    if (IS("store") || IS("store-and-exit")) *word(a) = (uint32_t)b;
    if (IS("store-and-exit")) return 0;
    if (IS("burst")) burst(a, (uint32_t)b);
    if (IS("unregister")) {
      struct uffdio_range range = {(uintptr_t)mapping, length};
      if (ioctl(trackable.uffd, UFFDIO_UNREGISTER, &range) != 0) err(1, "UFFDIO_UNREGISTER");
    }
    if (IS("close-descriptors")) {
      close(trackable.uffd);
      close(trackable.pagemap);
      close(trackable.sync_uffd);
    }
    if (IS("make-blocking") && fcntl(trackable.sync_uffd, F_SETFL, 0) != 0) err(1, "fcntl");
    if (IS("agent-lies") && send(deaf_agent, "yes", 3, 0) != 3) err(1, "send");
    if (IS("stop-agent")) trackable_stop_agent();
    if (IS("unmap")) munmap((void*)mapping, length);
    answer("ok");
  }
  return 0;
}
