/* What the device is asked and told beside its pixels: mode, palette, panning, blanking, doorbell; and its
 * events. */
#include <linux/input-event-codes.h>
#include <string.h>

#include "internal.h"

int umfb_fd(const struct umfb* fb) { return fb->socket; }
int umfb_memory_fd(const struct umfb* fb) { return fb->memory; }
size_t umfb_capacity(const struct umfb* fb) { return fb->capacity; }
uint64_t umfb_token(const struct umfb* fb) { return fb->token; }

int umfb_get_screen(struct umfb* fb, struct umfb_screen* screen) {
  struct umfb_request request = {.op = UMFB_OP_GET_SCREEN};
  return umfb_call(fb, &request, screen, sizeof *screen, NULL);
}

int umfb_set_screen(struct umfb* fb, struct umfb_screen* screen, uint32_t flags) {
  struct umfb_set_screen body = {.flags = flags, .screen = *screen};
  struct umfb_request request = {.op = UMFB_OP_SET_SCREEN, .body = &body, .body_size = sizeof body};
  return umfb_call(fb, &request, screen, sizeof *screen, NULL);
}

int umfb_pan(struct umfb* fb, uint32_t x_offset, uint32_t y_offset) {
  struct umfb_pan body = {.x_offset = x_offset, .y_offset = y_offset};
  struct umfb_request request = {.op = UMFB_OP_PAN, .body = &body, .body_size = sizeof body};
  return umfb_call(fb, &request, NULL, 0, NULL);
}

int umfb_get_palette(struct umfb* fb, uint8_t colours[768]) {
  struct umfb_palette palette;
  struct umfb_request request = {.op = UMFB_OP_GET_PALETTE};
  int error = umfb_call(fb, &request, &palette, sizeof palette, NULL);
  if (!error) memcpy(colours, palette.colours, sizeof palette.colours);
  return error;
}

int umfb_set_palette(struct umfb* fb, unsigned first, unsigned count, const uint8_t* colours) {
  if (first > 256 || count > 256 - first) return -EINVAL;
  struct umfb_palette palette = {.first = first, .count = count};
  memcpy(palette.colours + first * 3, colours, count * 3);
  struct umfb_request request = {.op = UMFB_OP_SET_PALETTE, .body = &palette, .body_size = sizeof palette};
  return umfb_call(fb, &request, NULL, 0, NULL);
}

int umfb_blank(struct umfb* fb, unsigned level) {
  struct umfb_blank body = {.level = level};
  struct umfb_request request = {.op = UMFB_OP_BLANK, .body = &body, .body_size = sizeof body};
  return umfb_call(fb, &request, NULL, 0, NULL);
}

int umfb_kick(struct umfb* fb) {
  struct umfb_request request = {.op = UMFB_OP_KICK};
  return umfb_tell(fb, &request);
}

static void push_input(struct umfb* fb, struct umfb_input_event event) {
  fb->events[(fb->event_first + fb->event_count++) % event_room] = event;
}

static void queue_input(struct umfb* fb, const struct umfb_input* input) {
  for (uint32_t index = 0; index < input->count && index < UMFB_MAX_INPUT_EVENTS; index++) {
    if (fb->event_count == event_room) {
      fb->event_count = 0;
      push_input(fb, (struct umfb_input_event){.type = EV_SYN, .code = SYN_DROPPED});
      push_input(fb, (struct umfb_input_event){.type = EV_SYN, .code = SYN_REPORT});
    }
    push_input(fb, input->events[index]);
  }
}

void umfb_queue_event(struct umfb* fb, uint32_t op, const void* body, size_t body_size) {
  if (op == UMFB_OP_INPUT && body_size == sizeof(struct umfb_input)) {
    queue_input(fb, body);
  } else if (op == UMFB_OP_SCREEN && body_size == sizeof fb->screen) {
    memcpy(&fb->screen, body, sizeof fb->screen);
    fb->screen_changed = true;
  } else if (op == UMFB_OP_MODE_WANTED && body_size == sizeof fb->mode_wanted) {
    memcpy(&fb->mode_wanted, body, sizeof fb->mode_wanted);
    fb->mode_is_wanted = true;
  }
}

int umfb_next_event(struct umfb* fb, struct umfb_event* event) {
  if (!fb->screen_changed && !fb->mode_is_wanted && fb->event_count == 0) {
    int taken = umfb_take_message(fb);
    if (taken <= 0) return taken;
  }
  if (fb->screen_changed) {
    fb->screen_changed = false;
    *event = (struct umfb_event){.kind = UMFB_EVENT_SCREEN, .screen = fb->screen};
    return 1;
  }
  if (fb->mode_is_wanted) {
    fb->mode_is_wanted = false;
    *event = (struct umfb_event){.kind = UMFB_EVENT_MODE_WANTED, .mode_wanted = fb->mode_wanted};
    return 1;
  }
  if (fb->event_count == 0) return 0;
  *event = (struct umfb_event){.kind = UMFB_EVENT_INPUT, .input = fb->events[fb->event_first]};
  fb->event_first = (fb->event_first + 1) % event_room;
  fb->event_count--;
  return 1;
}
