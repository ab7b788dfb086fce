/* What the event devices are, and which codes they have. */
#include <linux/input.h>

#include "shim.h"

/** Codes from first to last, of one event type of one device. */
static const struct codes {
  uint8_t device;
  uint8_t type;
  uint16_t first, last;
} codes[] = {
    // No key has the code between.
    {UMFB_INPUT_KEYBOARD, EV_KEY, KEY_ESC, KEY_KPDOT},
    {UMFB_INPUT_KEYBOARD, EV_KEY, KEY_ZENKAKUHANKAKU, KEY_MICMUTE},
    {UMFB_INPUT_KEYBOARD, EV_LED, LED_NUML, LED_SCROLLL},
    {UMFB_INPUT_KEYBOARD, EV_REP, REP_DELAY, REP_PERIOD},
    {UMFB_INPUT_POINTER, EV_KEY, BTN_LEFT, BTN_TASK},
    {UMFB_INPUT_POINTER, EV_REL, REL_HWHEEL, REL_HWHEEL},
    {UMFB_INPUT_POINTER, EV_REL, REL_WHEEL, REL_WHEEL},
    {UMFB_INPUT_POINTER, EV_ABS, ABS_X, ABS_Y},
    {UMFB_INPUT_TOUCH, EV_KEY, BTN_TOUCH, BTN_TOUCH},
    {UMFB_INPUT_TOUCH, EV_ABS, ABS_X, ABS_Y},
    {UMFB_INPUT_TOUCH, EV_ABS, ABS_MT_SLOT, ABS_MT_SLOT},
    {UMFB_INPUT_TOUCH, EV_ABS, ABS_MT_POSITION_X, ABS_MT_POSITION_Y},
    {UMFB_INPUT_TOUCH, EV_ABS, ABS_MT_TRACKING_ID, ABS_MT_TRACKING_ID},
    // Buttons come from the pointer; but what has none is no mouse to programs.
    {UMFB_INPUT_MOUSE, EV_KEY, BTN_LEFT, BTN_TASK},
    {UMFB_INPUT_MOUSE, EV_REL, REL_X, REL_Y},
};

_Static_assert(KEY_CNT / 8 == sizeof(struct shim_bits), "one bit a code of the type that has the most");

const char* shim_input_name(uint32_t device) {
  static const char* const names[UMFB_INPUT_DEVICES] = {"umfb keyboard", "umfb pointer", "umfb touch screen",
                                                        "umfb mouse"};
  return names[device];
}

const char* shim_input_place(uint32_t device) {
  static const char* const places[UMFB_INPUT_DEVICES] = {"umfb/input0", "umfb/input1", "umfb/input2",
                                                         "umfb/input3"};
  return places[device];
}

static void set_bit(struct shim_bits* bits, unsigned number) {
  bits->bytes[number / 8] |= (uint8_t)(1u << number % 8);
}

struct shim_bits shim_input_bits(uint32_t device, unsigned type) {
  struct shim_bits bits = {0};
  if (type == EV_SYN) set_bit(&bits, EV_SYN);
  for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
    const struct codes* each = &codes[index];
    if (each->device != device) continue;
    if (type == EV_SYN) set_bit(&bits, each->type);
    for (unsigned code = each->first; type == each->type && code <= each->last; code++) set_bit(&bits, code);
  }
  return bits;
}
