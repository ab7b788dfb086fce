/*
 * What both sides say of themselves, at the start and whenever either is a new one (docs/protocol.md,
 * "Start", "When the other side goes away").
 */
#include <errno.h>

#include "device.h"
#include "features.h"
#include "format.h"
#include "words.h"

int umfb_session_read(struct umfb_device* device) {
  const struct umfb_info* info = device->memory.info;
  const uint32_t serial = umfb_load_word(&info->backend.store_serial);
  struct umfb_store store;
  if (!umfb_store_read(&store, &info->backend, info->backend_store)) return -EPROTO;
  device->store_serial = serial;
  device->agreed = umfb_features_agree(device->wanted, &store);
  device->suggested_width = umfb_store_get(&store, "width", "");
  device->suggested_height = umfb_store_get(&store, "height", "");
  return 0;
}

/** The mode as Xen's kind reads it. */
static void write_framebuffer_mode(struct umfb_device* device) {
  const struct umfb_scanout* scanout = &device->scanouts[0];
  struct umfb_framebuffer_mode* mode = (struct umfb_framebuffer_mode*)device->memory.framebuffer;
  mode->width = (int32_t)scanout->width;
  mode->height = (int32_t)scanout->height;
  mode->line_length = scanout->stride_bytes;
  mode->mem_length =
      device->memory.pixels_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)device->memory.pixels_bytes;
  mode->depth = (uint8_t)(umfb_format_bytes(scanout->format) * 8);
}

void umfb_session_start(struct umfb_device* device) {
  struct umfb_info* info = device->memory.info;
  write_framebuffer_mode(device);
  struct umfb_store store = {0};
  umfb_features_say(device->wanted, &store);
  umfb_store_write(&store, &info->frontend, info->frontend_store);
  umfb_store_word(&info->frontend.generation, umfb_load_word(&info->frontend.generation) + 1);
  umfb_store_word(&info->frontend.state, UMFB_DEV_STATE_CONNECTED);
  device->is_watched = true;
  umfb_cursor_repeat(device);
  umfb_link_ring(&device->link);
}

enum umfb_device_event_kind umfb_session_step(struct umfb_device* device) {
  struct umfb_link* link = &device->link;
  if (link->state == UMFB_LINK_UP) {
    umfb_link_take_bells(link);
    if (umfb_load_word(&device->memory.info->backend.store_serial) != device->store_serial) {
      umfb_session_read(device);
    }
    umfb_cursor_tell(device);
  }
  if (link->is_end_news) {
    link->is_end_news = false;
    return UMFB_DEVICE_DISCONNECTED;
  }
  if (link->state == UMFB_LINK_UP || !umfb_link_retry(link, device->memory.fd)) return 0;
  if (umfb_session_read(device) < 0) {
    // As if it had never come.
    umfb_link_lose(link);
    link->is_end_news = false;
    return 0;
  }
  umfb_session_start(device);
  return UMFB_DEVICE_CONNECTED;
}
