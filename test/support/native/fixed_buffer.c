#define _GNU_SOURCE
#include "fixed_buffer.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
  int fd;
  struct io_uring_params params;
  uint8_t* rings;
  struct io_uring_sqe* entries;
  void* buffer;
} ring = {.fd = -1};

static uint32_t* ring_word(uint32_t offset) { return (uint32_t*)(ring.rings + offset); }

static void close_ring(void) {
  if (ring.fd >= 0) close(ring.fd);
  ring.fd = -1;
}

static int open_ring(void) {
  memset(&ring.params, 0, sizeof ring.params);
  ring.fd = (int)syscall(SYS_io_uring_setup, 1, &ring.params);
  if (ring.fd < 0) return errno;
  // One mapping for both rings (IORING_FEAT_SINGLE_MMAP, Linux 5.4); its larger half is the completions'.
  size_t length = ring.params.cq_off.cqes + ring.params.cq_entries * sizeof(struct io_uring_cqe);
  ring.rings =
      mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
  ring.entries = mmap(NULL, sizeof *ring.entries, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd,
                      IORING_OFF_SQES);
  if (ring.rings != MAP_FAILED && ring.entries != MAP_FAILED) return 0;
  int error = errno;
  close_ring();
  return error;
}

int fixed_buffer_pin(void* address, size_t length) {
  close_ring();
  int error = open_ring();
  if (error) return error;
  struct iovec buffer = {address, length};
  ring.buffer = address;
  if (syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, &buffer, 1) == 0) return 0;
  error = errno;
  close_ring();
  return error;
}

/** Submits one read into the buffer, and waits for it. Returns 0 or an errno. */
static int read_fixed(int from, size_t length) {
  ring.entries[0] = (struct io_uring_sqe){
      .opcode = IORING_OP_READ_FIXED, .fd = from, .addr = (uintptr_t)ring.buffer, .len = (uint32_t)length};
  ring_word(ring.params.sq_off.array)[0] = 0;
  __atomic_fetch_add(ring_word(ring.params.sq_off.tail), 1, __ATOMIC_RELEASE);
  if (syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1) return errno;
  uint32_t* head = ring_word(ring.params.cq_off.head);
  uint32_t index = *head & *ring_word(ring.params.cq_off.ring_mask);
  const struct io_uring_cqe* completions = (void*)(ring.rings + ring.params.cq_off.cqes);
  int count = completions[index].res;
  __atomic_fetch_add(head, 1, __ATOMIC_RELEASE);
  return count == (int)length ? 0 : count < 0 ? -count : EIO;
}

int fixed_buffer_store(uint32_t value) {
  if (ring.fd < 0) return EBADF;
  int ends[2];
  if (pipe(ends) != 0) return errno;
  int error =
      write(ends[1], &value, sizeof value) == sizeof value ? read_fixed(ends[0], sizeof value) : errno;
  close(ends[0]);
  close(ends[1]);
  return error;
}
