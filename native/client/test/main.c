#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

void wait_for_host(const char* name) {
  char line[64];
  size_t length = 0;
  dprintf(STDOUT_FILENO, "sync %s\n", name);
  // By bytes: a child that shares standard input must find its own lines.
  do {
    if (read(STDIN_FILENO, &line[length], 1) != 1) exit(3);
  } while (line[length++] != '\n' && length < sizeof line);
}

void told(size_t offset, uint32_t value) { dprintf(STDOUT_FILENO, "wrote %zu %u\n", offset, value); }

void store(void* pixels, size_t offset, size_t at, uint32_t value) {
  *(volatile uint32_t*)((char*)pixels + at) = value;
  told(offset + at, value);
}

void expect(bool holds, const char* text) {
  if (!holds) dprintf(STDOUT_FILENO, "failed %s (errno %s)\n", text, strerrorname_np(errno));
}

void require(bool holds, const char* text) {
  if (holds) return;
  expect(false, text);
  exit(4);
}

int open_device(void) {
  int fd = open("/dev/fb0", O_RDWR);
  require(fd >= 0, "open /dev/fb0");
  return fd;
}

uint8_t* map_device(int fd, size_t offset, size_t length) {
  void* pixels = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
  require(pixels != MAP_FAILED, "mmap");
  return pixels;
}

int main(int argc, char** argv) {
  const struct test_case* const tables[] = {drawing_cases, process_cases, call_cases,    client_cases,
                                            input_cases,   device_cases,  scribble_cases};
  for (size_t table = 0; table < sizeof tables / sizeof tables[0]; table++) {
    for (const struct test_case* test = tables[table]; test->name; test++) {
      if (argc < 2 || strcmp(test->name, argv[1]) != 0) continue;
      test->run(argv + 2);
      return 0;
    }
  }
  fprintf(stderr, "usage: umfb-test-guest CASE\n");
  return 2;
}
