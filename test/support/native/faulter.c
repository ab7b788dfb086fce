// A process that touches memory on command, whose faults the tests handle from outside.
//
// umfb-test-faulter SOCKET
//
// Connects, and obeys messages of text, one at a time; test/support/faulter.ts lists them. Each is answered
// by one message of text: a value, "ok", or the name of an errno.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int channel = -1, uffd = -1;
static volatile uint8_t* mapping;
static size_t length, page_bytes;

static volatile uint32_t* word(size_t page) { return (volatile uint32_t*)(mapping + page * page_bytes); }

static int receive(char* text, size_t size) {
  ssize_t count = recv(channel, text, size - 1, 0);
  if (count <= 0) return 0;
  text[count] = 0;
  return 1;
}

/** With the descriptors that are not -1. */
static void answer(const char* text, const int* fds, size_t fd_count) {
  char control[CMSG_SPACE(4 * sizeof *fds)] = {0};
  struct iovec data = {(void*)text, strlen(text)};
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
  if (sendmsg(channel, &header, 0) < 0) err(1, "sendmsg");
}

static void answer_number(unsigned long number) {
  char text[32];
  snprintf(text, sizeof text, "%lu", number);
  answer(text, NULL, 0);
}

/** Its own userfaultfd is closed on fork: the parent is not to hold on to what the host closes. */
static void map(int shared, size_t pages, int flags) {
  length = pages * page_bytes;
  int memfd = -1;
  if (shared) {
    memfd = memfd_create("umfb-test-faulter", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memfd < 0 || ftruncate(memfd, (off_t)length) < 0) err(1, "memfd");
    if (fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0) err(1, "F_ADD_SEALS");
  }
  void* address =
      mmap(NULL, length, PROT_READ | PROT_WRITE, shared ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, memfd, 0);
  if (address == MAP_FAILED) err(1, "mmap");
  mapping = address;
  uffd = (int)syscall(SYS_userfaultfd, flags);
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (uffd < 0 || pagemap < 0) err(1, "userfaultfd, pagemap");
  char text[32];
  snprintf(text, sizeof text, "%lu", (unsigned long)(uintptr_t)address);
  answer(text, (int[]){uffd, pagemap, memfd}, shared ? 3 : 2);
  close(pagemap);
  if (memfd >= 0) close(memfd);
}

static void read_into(size_t page) {
  int ends[2];
  if (pipe(ends) < 0 || write(ends[1], "text", 4) != 4) err(1, "pipe");
  const int failed = read(ends[0], (void*)word(page), 4) < 0;
  answer(failed ? strerrorname_np(errno) : "ok", NULL, 0);
  close(ends[0]);
  close(ends[1]);
}

static void store_in_child(size_t page, uint32_t value) {
  const pid_t child = fork();
  if (child < 0) err(1, "fork");
  if (child == 0) {
    *word(page) = value;
    _exit(*word(page) == value ? 0 : 1);
  }
  int status;
  if (waitpid(child, &status, 0) < 0) err(1, "waitpid");
  answer_number((unsigned long)status);
}

static void remap(void) {
  void* there = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  void* moved = mremap((void*)mapping, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, there);
  if (moved == MAP_FAILED) err(1, "mremap");
  mapping = moved;
  answer_number((unsigned long)(uintptr_t)moved);
}

static void obey(const char* name, size_t first, unsigned long second) {
  if (!strcmp(name, "map-private")) return map(0, first, (int)second);
  if (!strcmp(name, "map-shared")) return map(1, first, (int)second);
  if (!strcmp(name, "load")) return answer_number(*word(first));
  if (!strcmp(name, "thread")) return answer_number((unsigned long)gettid());
  if (!strcmp(name, "read")) return read_into(first);
  if (!strcmp(name, "child")) return store_in_child(first, (uint32_t)second);
  if (!strcmp(name, "remap")) return remap();
  int failed = 0;
  if (!strcmp(name, "store"))
    *word(first) = (uint32_t)second;
  else if (!strcmp(name, "discard"))
    failed = madvise((void*)word(first), second * page_bytes, MADV_DONTNEED);
  else if (!strcmp(name, "unmap"))
    failed = munmap((void*)word(first), second * page_bytes);
  else if (!strcmp(name, "block"))
    failed = fcntl(uffd, F_SETFL, fcntl(uffd, F_GETFL) & ~O_NONBLOCK);
  else if (!strcmp(name, "close-userfaultfd"))
    failed = close(uffd);
  else
    errx(1, "unknown command: %s", name);
  answer(failed ? strerrorname_np(errno) : "ok", NULL, 0);
}

int main(int count, char** arguments) {
  if (count != 2) errx(2, "usage: umfb-test-faulter SOCKET");
  page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(arguments[1]) >= sizeof address.sun_path) errx(2, "the path is too long");
  strcpy(address.sun_path, arguments[1]);
  channel = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (connect(channel, (struct sockaddr*)&address, sizeof address) < 0) err(1, "connect");

  char text[128], name[32];
  while (receive(text, sizeof text)) {
    size_t first = 0;
    unsigned long second = 0;
    if (sscanf(text, "%31s %zu %lu", name, &first, &second) < 1) errx(1, "not a command: %s", text);
    obey(name, first, second);
  }
  return 0;
}
