// The bench's writer in a process of its own: a guest like any other, that draws what the control page
// (control.h) asks for.
//
// umfb-bench-writer STRIDE_BYTES 3< CONTROL
//
// The device is $UMFB_SOCKET's. Says "ready" when its stores are seen, and draws until it is killed or the
// host dies.
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "control.h"
#include "umfb.h"

static struct control* map_control(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) err(1, "the control page, descriptor %d", fd);
  void* memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) err(1, "mmap");
  return memory;
}

int main(int argc, char** argv) {
  if (argc != 2) errx(2, "usage: umfb-bench-writer STRIDE_BYTES 3< CONTROL");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct control* control = map_control(3);
  struct umfb* fb;
  void* pixels;
  int error = umfb_connect(NULL, NULL, &fb);
  if (!error) error = umfb_map(fb, 0, umfb_capacity(fb), &pixels);
  if (error) errx(1, "the device: %s", strerror(-error));
  puts("ready");
  fflush(stdout);
  const struct picture picture = {pixels, (uint32_t)strtoul(argv[1], NULL, 10)};
  serve(control, &picture);
  return 0;
}
