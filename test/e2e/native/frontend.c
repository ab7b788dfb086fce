/*
 * A libumfb program: draws a colour, says so, and tells every input event that it gets, a line each, until
 * its standard input ends.
 *
 *     frontend SOCKET WIDTH HEIGHT COLOUR     COLOUR as 0xRRGGBB
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "umfb.h"

static void check(int result, const char* what) {
  if (result >= 0) return;
  fprintf(stderr, "%s: %s\n", what, strerror(-result));
  exit(1);
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  struct umfb_options options = {
      .program = "frontend",
      .wanted = UMFB_WANT_INPUT,
      .width = atoi(argv[2]),
      .height = atoi(argv[3]),
      .bits_per_pixel = 32,
  };
  struct umfb* fb;
  check(umfb_connect(argv[1], &options, &fb), "umfb_connect");
  void* pixels;
  check(umfb_map(fb, 0, umfb_capacity(fb), &pixels), "umfb_map");
  const uint32_t colour = strtoul(argv[4], NULL, 16);
  for (uint32_t i = 0; i < options.width * options.height; i++) ((uint32_t*)pixels)[i] = colour;
  printf("drawn\n");
  fflush(stdout);

  struct pollfd ready[] = {{.fd = umfb_fd(fb), .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  int count = 0;
  do {
    check(poll(ready, 2, -1), "poll");
    struct umfb_event event;
    while ((count = umfb_next_event(fb, &event)) > 0) {
      if (event.kind != UMFB_EVENT_INPUT) continue;
      printf("input %d %d %d\n", event.input.type, event.input.code, event.input.value);
    }
    fflush(stdout);
  } while (count == 0 && !ready[1].revents);
  umfb_close(fb);
  return 0;
}
