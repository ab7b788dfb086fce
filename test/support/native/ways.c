#define _GNU_SOURCE
#include "ways.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixed_buffer.h"

static size_t page_bytes(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static volatile uint32_t* word(const struct ways_target* target, size_t page) {
  return (volatile uint32_t*)(target->mapping + page * page_bytes());
}

static off_t offset_in_file(const struct ways_target* target, size_t page) {
  return (off_t)(target->first_byte + page * page_bytes());
}

static int result(int good) { return good ? 0 : errno; }

static int by_store(const struct ways_target* target, size_t page, uint32_t value) {
  *word(target, page) = value;
  return 0;
}

static int by_load(const struct ways_target* target, size_t page, uint32_t value) {
  (void)value;
  (void)*word(target, page);
  return 0;
}

static int by_load_and_store(const struct ways_target* target, size_t page, uint32_t value) {
  return by_load(target, page, value) || by_store(target, page, value);
}

static int by_second_mapping(const struct ways_target* target, size_t page, uint32_t value) {
  uint32_t* second = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, target->memfd,
                          offset_in_file(target, page));
  if (second == MAP_FAILED) return errno;
  *second = value;
  return result(munmap(second, page_bytes()) == 0);
}

static int by_forked_child(const struct ways_target* target, size_t page, uint32_t value) {
  pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    *word(target, page) = value;
    _exit(0);
  }
  int status;
  if (waitpid(child, &status, 0) < 0) return errno;
  return status == 0 ? 0 : ECHILD;
}

static int by_read(const struct ways_target* target, size_t page, uint32_t value) {
  int ends[2];
  if (pipe(ends) != 0) return errno;
  int error = result(write(ends[1], &value, sizeof value) == sizeof value);
  if (!error) error = result(read(ends[0], (void*)word(target, page), sizeof value) == sizeof value);
  close(ends[0]);
  close(ends[1]);
  return error;
}

static int by_process_vm_writev(const struct ways_target* target, size_t page, uint32_t value) {
  struct iovec from = {&value, sizeof value};
  struct iovec to = {(void*)word(target, page), sizeof value};
  return result(process_vm_writev(getpid(), &from, 1, &to, 1, 0) == sizeof value);
}

static int by_proc_mem(const struct ways_target* target, size_t page, uint32_t value) {
  int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
  if (mem < 0) return errno;
  off_t address = (off_t)(uintptr_t)word(target, page);
  int error = result(pwrite(mem, &value, sizeof value, address) == sizeof value);
  close(mem);
  return error;
}

static int by_pwrite(const struct ways_target* target, size_t page, uint32_t value) {
  return result(pwrite(target->memfd, &value, sizeof value, offset_in_file(target, page)) == sizeof value);
}

static int by_punching_a_hole(const struct ways_target* target, size_t page, uint32_t value) {
  (void)value;
  return result(fallocate(target->memfd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                          offset_in_file(target, page), (off_t)page_bytes()) == 0);
}

static int by_store_after_dontneed(const struct ways_target* target, size_t page, uint32_t value) {
  if (madvise((void*)word(target, page), page_bytes(), MADV_DONTNEED) != 0) return errno;
  return by_store(target, page, value);
}

static int pin(const struct ways_target* target, size_t page) {
  return fixed_buffer_pin((void*)word(target, page), page_bytes());
}

static int by_fixed_buffer(const struct ways_target* target, size_t page, uint32_t value) {
  (void)target;
  (void)page;
  return fixed_buffer_store(value);
}

static const struct way {
  const char* name;
  int (*change)(const struct ways_target*, size_t page, uint32_t value);
  int (*prepare)(const struct ways_target*, size_t page);
} ways[] = {
    {"store", by_store, NULL},
    {"load", by_load, NULL},
    {"load-store", by_load_and_store, NULL},
    {"dontneed-store", by_store_after_dontneed, NULL},
    {"second-mapping", by_second_mapping, NULL},
    {"fork-child", by_forked_child, NULL},
    {"read", by_read, NULL},
    {"process-vm-writev", by_process_vm_writev, NULL},
    {"proc-mem", by_proc_mem, NULL},
    {"pwrite", by_pwrite, NULL},
    {"punch-hole", by_punching_a_hole, NULL},
    {"fixed-buffer", by_fixed_buffer, pin},
};

static const struct way* find(const char* name) {
  for (size_t index = 0; index < sizeof ways / sizeof *ways; index++) {
    if (strcmp(ways[index].name, name) == 0) return &ways[index];
  }
  return NULL;
}

int ways_prepare(const char* name, const struct ways_target* target, size_t page) {
  const struct way* way = find(name);
  if (!way) return -1;
  return way->prepare ? way->prepare(target, page) : 0;
}

int ways_change(const char* name, const struct ways_target* target, size_t page, uint32_t value) {
  const struct way* way = find(name);
  return way ? way->change(target, page, value) : -1;
}
