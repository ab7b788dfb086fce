/* Event devices: streams of struct input_event that a program reads as it would read /dev/input/event0. */
#include "internal.h"

int umfb_open_input(struct umfb* fb, uint32_t device, int* fd, uint32_t* id) {
  struct umfb_open_input body = {.device = device};
  struct umfb_request request = {.op = UMFB_OP_OPEN_INPUT, .body = &body, .body_size = sizeof body};
  struct umfb_input_stream stream;
  int error = umfb_call(fb, &request, &stream, sizeof stream, fd);
  if (!error && *fd < 0) error = -EPROTO;
  if (!error) *id = stream.id;
  return error;
}

int umfb_get_input_state(struct umfb* fb, struct umfb_input_state* state) {
  struct umfb_request request = {.op = UMFB_OP_GET_INPUT_STATE};
  return umfb_call(fb, &request, state, sizeof *state, NULL);
}

int umfb_control_input(struct umfb* fb, uint32_t id, uint32_t control, uint32_t first, uint32_t second) {
  struct umfb_control_input body = {.id = id, .control = control, .first = first, .second = second};
  struct umfb_request request = {.op = UMFB_OP_CONTROL_INPUT, .body = &body, .body_size = sizeof body};
  return umfb_call(fb, &request, NULL, 0, NULL);
}
