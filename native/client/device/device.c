/* Getting a device, and giving it back. */
#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../system.h"
#include "words.h"

int umfb_device_fd(const struct umfb_device* device) { return device->link.poll; }
int umfb_device_memory_fd(const struct umfb_device* device) { return device->memory.fd; }
uint32_t umfb_device_features(const struct umfb_device* device) { return device->agreed; }
bool umfb_device_connected(const struct umfb_device* device) { return device->link.state == UMFB_LINK_UP; }
uint8_t* umfb_device_pixels(const struct umfb_device* device) { return device->memory.pixels; }
uint64_t umfb_device_pixels_bytes(const struct umfb_device* device) { return device->memory.pixels_bytes; }

void umfb_device_suggested_size(const struct umfb_device* device, uint32_t* width, uint32_t* height) {
  *width = device->suggested_width;
  *height = device->suggested_height;
}

void umfb_open_rings(struct umfb_device* device) {
  uint8_t* framebuffer = device->memory.framebuffer;
  umfb_ring_open(&device->out, framebuffer, UMFB_DEV_FRAMEBUFFER_OUT_PROD, UMFB_DEV_FRAMEBUFFER_OUT_CONS,
                 UMFB_DEV_FRAMEBUFFER_OUT_EVENTS, UMFB_DEV_FRAMEBUFFER_OUT_SLOTS);
  umfb_ring_open(&device->framebuffer_in, framebuffer, UMFB_DEV_FRAMEBUFFER_IN_CONS,
                 UMFB_DEV_FRAMEBUFFER_IN_PROD, UMFB_DEV_FRAMEBUFFER_IN_EVENTS, UMFB_DEV_FRAMEBUFFER_IN_SLOTS);
  umfb_ring_open(&device->keyboard_in, device->memory.keyboard, UMFB_DEV_KEYBOARD_IN_CONS,
                 UMFB_DEV_KEYBOARD_IN_PROD, UMFB_DEV_KEYBOARD_IN_EVENTS, UMFB_DEV_KEYBOARD_IN_SLOTS);
  device->heap = (struct umfb_heap){.memory = device->memory.heap, .bytes = device->memory.heap_bytes};
}

/** Connects, and waits for the memory. */
static int attach(struct umfb_device* device) {
  int error = umfb_link_start(&device->link, -1);
  if (!error) error = umfb_link_wait(&device->link);
  if (error) return error;
  int fd = -1;
  error = umfb_link_finish(&device->link, &fd);
  if (error) return error;
  error = fd < 0 ? -EPROTO : umfb_memory_open(&device->memory, fd);
  if (error) {
    umfb_close_fd(&fd);
    return error;
  }
  umfb_open_rings(device);
  return 0;
}

/** The size that was wished, or else what the backend suggests. */
static struct umfb_mode first_mode(const struct umfb_device* device, const struct umfb_device_wish* wish) {
  enum { default_width = 1024, default_height = 768 };
  struct umfb_mode mode = {.width = default_width, .height = default_height};
  if (device->suggested_width && device->suggested_height) {
    mode.width = device->suggested_width;
    mode.height = device->suggested_height;
  }
  if (wish->width && wish->height) {
    mode.width = wish->width;
    mode.height = wish->height;
  }
  mode.format = wish->format ? wish->format : UMFB_DEV_FORMAT_XRGB8888;
  return mode;
}

static int start(struct umfb_device* device, const char* path, const struct umfb_device_wish* wish) {
  struct umfb_attach packet = {
      .magic = UMFB_DEV_SOCKET_MAGIC,
      .version = UMFB_DEV_VERSION,
      .width = wish->width,
      .height = wish->height,
      .format = wish->format,
      .pixels_bytes = wish->pixels_bytes,
  };
  strncpy(packet.program, wish->program ? wish->program : program_invocation_short_name,
          sizeof packet.program - 1);
  int error = umfb_link_open(&device->link, path, &packet);
  if (!error) error = attach(device);
  if (!error) error = umfb_session_read(device);
  if (error) return error;
  const struct umfb_mode mode = first_mode(device, wish);
  error = umfb_scanout_enable(device, 0, &mode);
  if (!error) umfb_session_start(device);
  return error;
}

int umfb_device_open(const char* path, const struct umfb_device_wish* wish, struct umfb_device** result) {
  const struct umfb_device_wish none = {0};
  if (!wish) wish = &none;
  if (!path) path = getenv("UMFB_SOCKET");
  if (!path) return -ENOENT;
  void* memory;
  int error = umfb_allocate(sizeof(struct umfb_device), &memory);
  if (error) return error;
  struct umfb_device* device = memory;
  device->memory.fd = device->link.socket = device->link.poll = device->link.timer = -1;
  device->wanted = wish->features ? wish->features : UMFB_DEFAULT_FEATURES;
  device->tracks_pages = wish->tracks_pages;
  error = start(device, path, wish);
  if (error) {
    umfb_device_close(device);
    return error;
  }
  *result = device;
  return 0;
}

void umfb_device_close(struct umfb_device* device) {
  if (!device) return;
  if (device->memory.info) {
    umfb_store_word(&device->memory.info->frontend.state, UMFB_DEV_STATE_CLOSED);
    if (device->link.state == UMFB_LINK_UP) umfb_link_ring(&device->link);
  }
  umfb_link_close(&device->link);
  umfb_memory_close(&device->memory);
  umfb_syscall(SYS_munmap, device, sizeof *device);
}
