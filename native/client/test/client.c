/* A frontend that uses libumfb, without the shim. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "../umfb.h"
#include "guest.h"

static void use_client(char** arguments) {
  (void)arguments;
  struct umfb* fb;
  struct umfb_options options = {.program = "frontend",
                                 .wanted = UMFB_WANT_INPUT | UMFB_WANT_SCREEN | UMFB_WANT_MODE,
                                 .width = 320,
                                 .height = 200,
                                 .bits_per_pixel = 32};
  int error = umfb_connect(NULL, &options, &fb);
  errno = -error;
  require(error == 0, "umfb_connect");
  void* pixels;
  require(umfb_map(fb, 0, umfb_capacity(fb), &pixels) == 0, "umfb_map");
  struct umfb_screen screen;
  require(umfb_get_screen(fb, &screen) == 0, "umfb_get_screen");
  expect(screen.width == 320 && screen.height == 200, "the size is what was asked for");
  wait_for_host("mapped");
  store(pixels, 0, page, 0x00000601);
  wait_for_host("stored");

  // The host has sent input, a mode and a wish, before it let us go on; the answer to that is a mode, too.
  struct umfb_event event;
  for (int events = 0; events < 6;) {
    struct pollfd polled = {.fd = umfb_fd(fb), .events = POLLIN};
    int next = umfb_next_event(fb, &event);
    require(next >= 0, "umfb_next_event");
    if (next == 0) {
      poll(&polled, 1, 5000);
      continue;
    }
    events++;
    if (event.kind == UMFB_EVENT_INPUT) {
      printf("input %u %u %d\n", event.input.type, event.input.code, event.input.value);
    } else if (event.kind == UMFB_EVENT_MODE_WANTED) {
      printf("wanted %u %u\n", event.mode_wanted.width, event.mode_wanted.height);
      screen.width = screen.virtual_width = event.mode_wanted.width;
      screen.height = screen.virtual_height = event.mode_wanted.height;
      expect(umfb_set_screen(fb, &screen, 0) == 0, "umfb_set_screen");
    } else {
      printf("screen %u %u\n", event.screen.width, event.screen.height);
    }
    fflush(stdout);
  }
  expect(umfb_next_event(fb, &event) == 0, "no more events");
  screen.width = 100000;
  expect(umfb_set_screen(fb, &screen, 0) == -EINVAL, "too wide a screen: EINVAL");
  expect(umfb_unmap(fb, pixels, umfb_capacity(fb)) == 0, "umfb_unmap");
  umfb_close(fb);
  wait_for_host("closed");
}

/** Stores while the host is stopped, and after it was killed. */
static void outlive_host(char** arguments) {
  (void)arguments;
  struct umfb* fb;
  require(umfb_connect(NULL, NULL, &fb) == 0, "umfb_connect");
  void* pixels;
  require(umfb_map(fb, 0, umfb_capacity(fb), &pixels) == 0, "umfb_map");
  wait_for_host("mapped");
  for (size_t at = 0; at < umfb_capacity(fb); at += page) store(pixels, 0, at, 0x00000701);
  expect(umfb_unmap(fb, pixels, umfb_capacity(fb)) == -EIO, "the host is gone: EIO");
  umfb_close(fb);
}

const struct test_case client_cases[] = {{"client", use_client}, {"outlive", outlive_host}, {0}};
