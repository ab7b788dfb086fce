/* Events to the backend. What finds no room is "all is dirty": it costs the backend time, and nobody a pixel.
 */
#include "device.h"
#include "words.h"

bool umfb_is_told(const struct umfb_device* device, enum umfb_feature feature) {
  return device->link.state == UMFB_LINK_UP && (device->agreed & (uint32_t)feature) != 0;
}

static void ring_if(struct umfb_device* device, bool bell) {
  if (bell && device->link.state == UMFB_LINK_UP) umfb_link_ring(&device->link);
}

void umfb_post_all_dirty(struct umfb_device* device) {
  umfb_store_word(&device->memory.info->frontend.all_dirty, 1);
  ring_if(device, true);
}

bool umfb_post(struct umfb_device* device, const void* event) {
  const uint32_t index = device->out.index;
  bool bell;
  if (!umfb_ring_post(&device->out, event, &bell)) {
    umfb_heap_abandon(&device->heap);
    uint32_t* dropped = &device->memory.info->frontend.dropped;
    umfb_store_word(dropped, umfb_load_word(dropped) + 1);
    umfb_post_all_dirty(device);
    return false;
  }
  umfb_heap_commit(&device->heap, index);
  ring_if(device, bell);
  return true;
}

void umfb_post_update(struct umfb_device* device, unsigned scanout, struct umfb_rect rect) {
  const struct umfb_update_event event = {
      .type = UMFB_DEV_OUT_UPDATE,
      .scanout = (uint8_t)scanout,
      .x = rect.x,
      .y = rect.y,
      .width = rect.width,
      .height = rect.height,
  };
  umfb_post(device, &event);
}
