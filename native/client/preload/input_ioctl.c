/* The ioctls of linux/input.h, with the answers and errors of drivers/input/evdev.c. */
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>

#include "shim.h"

/** Of the fixed requests; those below carry the program's size. */
enum { version_of_evdev = EV_VERSION, product_base = 0x0001, most_tracking_ids = 0xffff };

/** As many bytes as the program has room for and the kernel has words. @return how many */
static int put_bits(void* argument, size_t room, const struct shim_bits* bits, unsigned count) {
  size_t size = (count + 63) / 64 * 8;
  if (size > room) size = room;
  int error = shim_copy_out(argument, bits->bytes, size);
  return error ? error : (int)size;
}

static int put_text(void* argument, size_t room, const char* text) {
  size_t size = strlen(text) + 1;
  if (size > room) size = room;
  int error = shim_copy_out(argument, text, size);
  return error ? error : (int)size;
}

static int get_state(struct umfb_input_state* state) {
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  error = umfb_get_input_state(fb, state);
  shim_release();
  return error;
}

static int control(struct shim_input input, uint32_t what, uint32_t first, uint32_t second) {
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  error = umfb_control_input(fb, input.id, what, first, second);
  shim_release();
  return error;
}

/** @return how many codes the type has, or 0 for a type that evdev tells nothing of */
static unsigned count_of(unsigned type) {
  switch (type) {
    case EV_SYN:
      return EV_CNT;
    case EV_KEY:
      return KEY_CNT;
    case EV_REL:
      return REL_CNT;
    case EV_ABS:
      return ABS_CNT;
    case EV_MSC:
      return MSC_CNT;
    case EV_LED:
      return LED_CNT;
    case EV_SND:
      return SND_CNT;
    case EV_FF:
      return FF_CNT;
    case EV_SW:
      return SW_CNT;
    default:
      return 0;
  }
}

static int get_bits(struct shim_input input, unsigned type, void* argument, size_t room) {
  unsigned count = count_of(type);
  struct shim_bits bits = shim_input_bits(input.device, type);
  return count ? put_bits(argument, room, &bits, count) : -EINVAL;
}

static int get_properties(struct shim_input input, void* argument, size_t room) {
  struct shim_bits bits = {0};
  if (input.device == UMFB_INPUT_TOUCH) bits.bytes[0] = 1u << INPUT_PROP_DIRECT;
  return put_bits(argument, room, &bits, INPUT_PROP_CNT);
}

static int get_keys(struct shim_input input, void* argument, size_t room) {
  struct umfb_input_state state;
  int error = get_state(&state);
  if (error) return error;
  struct shim_bits bits = shim_input_bits(input.device, EV_KEY);
  for (size_t index = 0; index < sizeof bits; index++) bits.bytes[index] &= state.keys[index];
  return put_bits(argument, room, &bits, KEY_CNT);
}

static int get_leds(struct shim_input input, void* argument, size_t room) {
  struct umfb_input_state state;
  int error = get_state(&state);
  if (error) return error;
  struct shim_bits bits = shim_input_bits(input.device, EV_LED);
  bits.bytes[0] &= (uint8_t)state.leds;
  return put_bits(argument, room, &bits, LED_CNT);
}

static struct input_absinfo axis(int32_t value, uint32_t count) {
  return (struct input_absinfo){.value = value, .maximum = count ? (int32_t)count - 1 : 0};
}

static struct input_absinfo axis_of(struct shim_input input, unsigned code,
                                    const struct umfb_input_state* state) {
  bool touch = input.device == UMFB_INPUT_TOUCH;
  const struct umfb_touch_slot* slot = &state->slots[state->slot % UMFB_TOUCH_SLOTS];
  struct shim_bits has = shim_input_bits(input.device, EV_ABS);
  if (!(has.bytes[code / 8] & (1u << code % 8))) return (struct input_absinfo){0};
  switch (code) {
    case ABS_X:
      return axis(touch ? state->touch_x : state->x, state->width);
    case ABS_Y:
      return axis(touch ? state->touch_y : state->y, state->height);
    case ABS_MT_SLOT:
      return axis((int32_t)state->slot, UMFB_TOUCH_SLOTS);
    case ABS_MT_POSITION_X:
      return axis(slot->x, state->width);
    case ABS_MT_POSITION_Y:
      return axis(slot->y, state->height);
    default:
      return axis(slot->tracking_id, most_tracking_ids + 1);
  }
}

static int get_axis(struct shim_input input, unsigned code, void* argument, size_t room) {
  struct umfb_input_state state;
  if (input.device != UMFB_INPUT_POINTER && input.device != UMFB_INPUT_TOUCH) return -EINVAL;
  int error = get_state(&state);
  if (error) return error;
  struct input_absinfo info = axis_of(input, code, &state);
  return shim_copy_out(argument, &info, room < sizeof info ? room : sizeof info);
}

/** The program says which axis; it gets the value of each slot. */
static int get_slots(struct shim_input input, void* argument, size_t room) {
  uint32_t code;
  struct umfb_input_state state;
  if (room < sizeof code) return -EINVAL;
  int error = shim_copy_in(&code, argument, sizeof code);
  if (error) return error;
  if (input.device != UMFB_INPUT_TOUCH || code <= ABS_MT_SLOT || code > ABS_MT_TOOL_Y) return -EINVAL;
  error = get_state(&state);
  if (error) return error;
  int32_t values[UMFB_TOUCH_SLOTS];
  for (size_t index = 0; index < UMFB_TOUCH_SLOTS; index++) {
    const struct umfb_touch_slot* slot = &state.slots[index];
    values[index] = code == ABS_MT_TRACKING_ID  ? slot->tracking_id
                    : code == ABS_MT_POSITION_X ? slot->x
                    : code == ABS_MT_POSITION_Y ? slot->y
                                                : 0;
  }
  size_t size = (room - sizeof code) / sizeof values[0] * sizeof values[0];
  return shim_copy_out((uint32_t*)argument + 1, values, size < sizeof values ? size : sizeof values);
}

static int get_id(struct shim_input input, void* argument) {
  struct input_id id = {.bustype = BUS_VIRTUAL,
                        .product = (uint16_t)(product_base + input.device),
                        .version = UMFB_PROTOCOL_VERSION};
  return shim_copy_out(argument, &id, sizeof id);
}

static int get_repeat(struct shim_input input, void* argument) {
  struct umfb_input_state state;
  if (input.device != UMFB_INPUT_KEYBOARD) return -ENOSYS;
  int error = get_state(&state);
  if (error) return error;
  unsigned values[2] = {state.repeat_delay_ms, state.repeat_period_ms};
  return shim_copy_out(argument, values, sizeof values);
}

static int set_repeat(struct shim_input input, const void* argument) {
  unsigned values[2];
  if (input.device != UMFB_INPUT_KEYBOARD) return -ENOSYS;
  int error = shim_copy_in(values, argument, sizeof values);
  return error ? error : control(input, UMFB_INPUT_REPEAT, values[0], values[1]);
}

static int set_clock(struct shim_input input, const void* argument) {
  unsigned clock;
  int error = shim_copy_in(&clock, argument, sizeof clock);
  return error ? error : control(input, UMFB_INPUT_CLOCK, clock, 0);
}

/** Requests whose size is the program's own choice, by what they ask for. */
static int answer_sized(struct shim_input input, unsigned number, void* argument, size_t room) {
  switch (number) {
    case _IOC_NR(EVIOCGNAME(0)):
      return put_text(argument, room, shim_input_name(input.device));
    case _IOC_NR(EVIOCGPHYS(0)):
      return put_text(argument, room, shim_input_place(input.device));
    case _IOC_NR(EVIOCGUNIQ(0)):
      return -ENOENT;
    case _IOC_NR(EVIOCGPROP(0)):
      return get_properties(input, argument, room);
    case _IOC_NR(EVIOCGMTSLOTS(0)):
      return get_slots(input, argument, room);
    case _IOC_NR(EVIOCGKEY(0)):
      return get_keys(input, argument, room);
    case _IOC_NR(EVIOCGLED(0)):
      return get_leds(input, argument, room);
    case _IOC_NR(EVIOCGSND(0)):
    case _IOC_NR(EVIOCGSW(0)): {
      const struct shim_bits none = {0};
      return put_bits(argument, room, &none, SND_CNT);
    }
  }
  if (number >= _IOC_NR(EVIOCGBIT(0, 0)) && number <= _IOC_NR(EVIOCGBIT(EV_MAX, 0))) {
    return get_bits(input, number - _IOC_NR(EVIOCGBIT(0, 0)), argument, room);
  }
  if (number >= _IOC_NR(EVIOCGABS(0)) && number <= _IOC_NR(EVIOCGABS(ABS_MAX))) {
    return get_axis(input, number - _IOC_NR(EVIOCGABS(0)), argument, room);
  }
  return -EINVAL;
}

int shim_input_ioctl(struct shim_input input, unsigned long request, void* argument) {
  // The upper half of an int that a program passed for the request says nothing.
  request &= UINT32_MAX;
  switch (request) {
    case EVIOCGVERSION: {
      const int version = version_of_evdev;
      return shim_copy_out(argument, &version, sizeof version);
    }
    case EVIOCGID:
      return get_id(input, argument);
    case EVIOCGREP:
      return get_repeat(input, argument);
    case EVIOCSREP:
      return set_repeat(input, argument);
    case EVIOCGEFFECTS: {
      const int none = 0;
      return shim_copy_out(argument, &none, sizeof none);
    }
    case EVIOCSFF:
    case EVIOCRMFF:
      return -ENOSYS;
    case EVIOCGRAB:
      return control(input, argument ? UMFB_INPUT_GRAB : UMFB_INPUT_UNGRAB, 0, 0);
    case EVIOCREVOKE:
      return argument ? -EINVAL : control(input, UMFB_INPUT_REVOKE, 0, 0);
    case EVIOCSCLOCKID:
      return set_clock(input, argument);
  }
  if (_IOC_DIR(request) != _IOC_READ) return -EINVAL;
  return answer_sized(input, _IOC_NR(request), argument, _IOC_SIZE(request));
}
