/* Events from the backend. One of an unknown type, or with values that cannot be, is passed over. */
#include <linux/input-event-codes.h>

#include "device.h"

union in_event {
  struct umfb_plain_event any;
  struct umfb_refresh_period_event refresh_period;
  struct umfb_dirty_event dirty;
  struct umfb_mode_event mode;
  struct umfb_motion_event motion;
  struct umfb_key_event key;
  struct umfb_pos_event pos;
  struct umfb_mtouch_event mtouch;
};

/** @return true where there is something to tell */
static bool read_framebuffer(struct umfb_device* device, const union in_event* in,
                             struct umfb_device_event* out) {
  switch (in->any.type) {
    case UMFB_DEV_IN_REFRESH_PERIOD: {
      const bool was_watched = device->is_watched;
      device->is_watched = in->refresh_period.ms != 0;
      // What was drawn in between was not told.
      if (device->is_watched && !was_watched) {
        umfb_post_all_dirty(device);
        umfb_cursor_repeat(device);
      }
      out->kind = UMFB_DEVICE_REFRESH_PERIOD;
      out->refresh_period.ms = in->refresh_period.ms;
      return true;
    }
    case UMFB_DEV_IN_DIRTY:
      if (!device->tracks_pages) umfb_device_tell_dirty(device, in->dirty.serial);
      out->kind = UMFB_DEVICE_DIRTY_WANTED;
      out->dirty_wanted.serial = in->dirty.serial;
      return device->tracks_pages;
    case UMFB_DEV_IN_MODE:
      out->kind = UMFB_DEVICE_MODE_WANTED;
      out->mode_wanted.width = in->mode.width;
      out->mode_wanted.height = in->mode.height;
      return true;
    default:
      return false;
  }
}

static bool read_touch(const struct umfb_mtouch_event* in, struct umfb_device_event* out) {
  if (in->event_type > UMFB_DEV_TOUCH_ORIENTATION) return false;
  out->kind = UMFB_DEVICE_TOUCH;
  out->touch.type = in->event_type;
  out->touch.contact = in->contact_id;
  out->touch.x = in->x;
  out->touch.y = in->y;
  out->touch.orientation = (int16_t)in->x;
  return true;
}

static bool read_keyboard(const union in_event* in, struct umfb_device_event* out) {
  switch (in->any.type) {
    case UMFB_DEV_KEYBOARD_MOTION:
      out->kind = UMFB_DEVICE_MOTION;
      out->motion.x = in->motion.rel_x;
      out->motion.y = in->motion.rel_y;
      out->motion.z = in->motion.rel_z;
      return true;
    case UMFB_DEV_KEYBOARD_KEY:
      out->kind = UMFB_DEVICE_KEY;
      out->key.code = in->key.keycode;
      out->key.pressed = in->key.pressed != 0;
      return in->key.keycode <= KEY_MAX;
    case UMFB_DEV_KEYBOARD_POS:
      out->kind = UMFB_DEVICE_POSITION;
      out->position.x = in->pos.abs_x;
      out->position.y = in->pos.abs_y;
      out->position.z = in->pos.rel_z;
      return true;
    case UMFB_DEV_KEYBOARD_MTOUCH:
      return read_touch(&in->mtouch, out);
    default:
      return false;
  }
}

int umfb_device_next_event(struct umfb_device* device, struct umfb_device_event* event) {
  *event = (struct umfb_device_event){.kind = umfb_session_step(device)};
  if (event->kind) return 1;
  union in_event in;
  // No more than the rings hold, even if they are filled meanwhile with what is passed over.
  for (uint32_t left = device->framebuffer_in.slots; left > 0; left--) {
    if (!umfb_ring_take(&device->framebuffer_in, &in)) break;
    if (read_framebuffer(device, &in, event)) return 1;
  }
  for (uint32_t left = device->keyboard_in.slots; left > 0; left--) {
    if (!umfb_ring_take(&device->keyboard_in, &in)) break;
    if (read_keyboard(&in, event)) return 1;
  }
  return 0;
}
