// Holds native/ring/layout.h to Xen's headers as the Linux kernel has them: it compiles where both agree.
#include <stdint.h>

#include "ring/layout.h"
#include "xen/interface/io/fbif.h"
#include "xen/interface/io/kbdif.h"

#define SAME(ours, theirs) static_assert((ours) == (theirs), #ours " is " #theirs)
#define SAME_FIELD(our_type, our_field, their_type, their_field)                        \
  SAME(offsetof(struct our_type, our_field), offsetof(struct their_type, their_field)); \
  SAME(sizeof(((struct our_type*)0)->our_field), sizeof(((struct their_type*)0)->their_field))

SAME_FIELD(umfb_framebuffer_mode, width, xenfb_page, width);
SAME_FIELD(umfb_framebuffer_mode, height, xenfb_page, height);
SAME_FIELD(umfb_framebuffer_mode, line_length, xenfb_page, line_length);
SAME_FIELD(umfb_framebuffer_mode, mem_length, xenfb_page, mem_length);
SAME_FIELD(umfb_framebuffer_mode, depth, xenfb_page, depth);

SAME(UMFB_DEV_FRAMEBUFFER_IN_CONS, offsetof(struct xenfb_page, in_cons));
SAME(UMFB_DEV_FRAMEBUFFER_IN_PROD, offsetof(struct xenfb_page, in_prod));
SAME(UMFB_DEV_FRAMEBUFFER_OUT_CONS, offsetof(struct xenfb_page, out_cons));
SAME(UMFB_DEV_FRAMEBUFFER_OUT_PROD, offsetof(struct xenfb_page, out_prod));
SAME(UMFB_DEV_FRAMEBUFFER_IN_EVENTS, XENFB_IN_RING_OFFS);
SAME(UMFB_DEV_FRAMEBUFFER_IN_SLOTS, XENFB_IN_RING_LEN);
SAME(UMFB_DEV_FRAMEBUFFER_OUT_EVENTS, XENFB_OUT_RING_OFFS);
SAME(UMFB_DEV_FRAMEBUFFER_OUT_SLOTS, XENFB_OUT_RING_LEN);
SAME(UMFB_DEV_EVENT_BYTES, sizeof(union xenfb_in_event));
SAME(UMFB_DEV_EVENT_BYTES, sizeof(union xenfb_out_event));

SAME(UMFB_DEV_KEYBOARD_IN_CONS, offsetof(struct xenkbd_page, in_cons));
SAME(UMFB_DEV_KEYBOARD_IN_PROD, offsetof(struct xenkbd_page, in_prod));
SAME(UMFB_DEV_KEYBOARD_OUT_CONS, offsetof(struct xenkbd_page, out_cons));
SAME(UMFB_DEV_KEYBOARD_OUT_PROD, offsetof(struct xenkbd_page, out_prod));
SAME(UMFB_DEV_KEYBOARD_IN_EVENTS, XENKBD_IN_RING_OFFS);
SAME(UMFB_DEV_KEYBOARD_IN_SLOTS, XENKBD_IN_RING_LEN);
SAME(UMFB_DEV_KEYBOARD_OUT_EVENTS, XENKBD_OUT_RING_OFFS);
SAME(UMFB_DEV_KEYBOARD_OUT_SLOTS, XENKBD_OUT_RING_LEN);
SAME(UMFB_DEV_EVENT_BYTES, sizeof(union xenkbd_in_event));
SAME(UMFB_DEV_EVENT_BYTES, sizeof(union xenkbd_out_event));

SAME(UMFB_DEV_OUT_UPDATE, XENFB_TYPE_UPDATE);
SAME_FIELD(umfb_update_event, type, xenfb_update, type);
SAME_FIELD(umfb_update_event, x, xenfb_update, x);
SAME_FIELD(umfb_update_event, y, xenfb_update, y);
SAME_FIELD(umfb_update_event, width, xenfb_update, width);
SAME_FIELD(umfb_update_event, height, xenfb_update, height);

SAME(UMFB_DEV_OUT_RESIZE, XENFB_TYPE_RESIZE);
SAME_FIELD(umfb_resize_event, type, xenfb_resize, type);
SAME_FIELD(umfb_resize_event, width, xenfb_resize, width);
SAME_FIELD(umfb_resize_event, height, xenfb_resize, height);
SAME_FIELD(umfb_resize_event, stride_bytes, xenfb_resize, stride);
SAME_FIELD(umfb_resize_event, depth, xenfb_resize, depth);
SAME_FIELD(umfb_resize_event, offset_bytes, xenfb_resize, offset);

SAME(UMFB_DEV_KEYBOARD_MOTION, XENKBD_TYPE_MOTION);
SAME_FIELD(umfb_motion_event, type, xenkbd_motion, type);
SAME_FIELD(umfb_motion_event, rel_x, xenkbd_motion, rel_x);
SAME_FIELD(umfb_motion_event, rel_y, xenkbd_motion, rel_y);
SAME_FIELD(umfb_motion_event, rel_z, xenkbd_motion, rel_z);

SAME(UMFB_DEV_KEYBOARD_KEY, XENKBD_TYPE_KEY);
SAME_FIELD(umfb_key_event, type, xenkbd_key, type);
SAME_FIELD(umfb_key_event, pressed, xenkbd_key, pressed);
SAME_FIELD(umfb_key_event, keycode, xenkbd_key, keycode);

SAME(UMFB_DEV_KEYBOARD_POS, XENKBD_TYPE_POS);
SAME_FIELD(umfb_pos_event, type, xenkbd_position, type);
SAME_FIELD(umfb_pos_event, abs_x, xenkbd_position, abs_x);
SAME_FIELD(umfb_pos_event, abs_y, xenkbd_position, abs_y);
SAME_FIELD(umfb_pos_event, rel_z, xenkbd_position, rel_z);

SAME(UMFB_DEV_KEYBOARD_MTOUCH, XENKBD_TYPE_MTOUCH);
SAME_FIELD(umfb_mtouch_event, type, xenkbd_mtouch, type);
SAME_FIELD(umfb_mtouch_event, event_type, xenkbd_mtouch, event_type);
SAME_FIELD(umfb_mtouch_event, contact_id, xenkbd_mtouch, contact_id);
SAME_FIELD(umfb_mtouch_event, x, xenkbd_mtouch, u.pos.abs_x);
SAME_FIELD(umfb_mtouch_event, y, xenkbd_mtouch, u.pos.abs_y);
SAME_FIELD(umfb_mtouch_event, x, xenkbd_mtouch, u.shape.major);
SAME_FIELD(umfb_mtouch_event, y, xenkbd_mtouch, u.shape.minor);
SAME(offsetof(struct umfb_mtouch_event, x), offsetof(struct xenkbd_mtouch, u.orientation));
SAME(UMFB_DEV_TOUCH_DOWN, XENKBD_MT_EV_DOWN);
SAME(UMFB_DEV_TOUCH_UP, XENKBD_MT_EV_UP);
SAME(UMFB_DEV_TOUCH_MOTION, XENKBD_MT_EV_MOTION);
SAME(UMFB_DEV_TOUCH_SYN, XENKBD_MT_EV_SYN);
SAME(UMFB_DEV_TOUCH_SHAPE, XENKBD_MT_EV_SHAPE);
SAME(UMFB_DEV_TOUCH_ORIENTATION, XENKBD_MT_EV_ORIENT);
