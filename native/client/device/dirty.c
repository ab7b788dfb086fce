/* Pages that the frontend found dirty by itself. */
#include <errno.h>

#include "device.h"
#include "words.h"

int umfb_device_set_dirty(struct umfb_device* device, uint64_t offset_bytes, uint64_t length) {
  const struct umfb_memory* memory = &device->memory;
  if (offset_bytes > memory->pixels_bytes || length > memory->pixels_bytes - offset_bytes) return -EINVAL;
  if (length == 0) return 0;
  const uint64_t last = (offset_bytes + length - 1) / UMFB_DEV_PAGE_BYTES;
  for (uint64_t page = offset_bytes / UMFB_DEV_PAGE_BYTES; page <= last;) {
    const unsigned bit = page % 32;
    const unsigned count = last - page < 31 - bit ? (unsigned)(last - page) + 1 : 32 - bit;
    const uint32_t bits = UINT32_MAX >> (32 - count) << bit;
    __atomic_fetch_or(&memory->bitmap[page / 32], bits, __ATOMIC_RELEASE);
    page += count;
  }
  return 0;
}

void umfb_device_tell_dirty(struct umfb_device* device, uint32_t serial) {
  if (device->link.state == UMFB_LINK_UP && (device->agreed & UMFB_FEATURE_DIRTY)) {
    const struct umfb_dirty_event event = {.type = UMFB_DEV_OUT_DIRTY, .serial = serial};
    if (serial != 0 || device->is_watched) umfb_post(device, &event);
  } else {
    umfb_device_update_all(device);
  }
}

int umfb_device_mark_dirty(struct umfb_device* device, uint64_t offset_bytes, uint64_t length) {
  int error = umfb_device_set_dirty(device, offset_bytes, length);
  if (!error) umfb_device_tell_dirty(device, 0);
  return error;
}
