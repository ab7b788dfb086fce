/*
 * What sysfs says of event devices (/sys/class/input/event0/…), and /proc/bus/input/devices
 * (drivers/input/input.c), where programs look that do not want to open each.
 */
#include <linux/input.h>
#include <stdio.h>
#include <string.h>

#include "shim.h"

enum { first_minor = 64, devices_file = 0 };

static const char devices_path[] = "/proc/bus/input/devices";
static const char class_path[] = "/sys/class/input/event";

static int print_dev(char* out, size_t room, uint32_t device) {
  return snprintf(out, room, "13:%u\n", first_minor + device);
}

static int print_uevent(char* out, size_t room, uint32_t device) {
  return snprintf(out, room, "MAJOR=13\nMINOR=%u\nDEVNAME=input/event%u\n", first_minor + device, device);
}

static int print_name(char* out, size_t room, uint32_t device) {
  return snprintf(out, room, "%s\n", shim_input_name(device));
}

static int print_place(char* out, size_t room, uint32_t device) {
  return snprintf(out, room, "%s\n", shim_input_place(device));
}

static const struct attribute {
  const char* name;
  int (*print)(char* out, size_t room, uint32_t device);
} attributes[] = {
    {"/dev", print_dev},
    {"/uevent", print_uevent},
    {"/device/name", print_name},
    {"/device/phys", print_place},
};

enum { attribute_count = sizeof attributes / sizeof attributes[0] };

int shim_find_input_file(const char* path) {
  if (strcmp(path, devices_path) == 0) return devices_file;
  if (strncmp(path, class_path, sizeof class_path - 1) != 0) return -1;
  unsigned device = (unsigned)(path[sizeof class_path - 1] - '0');
  if (device >= UMFB_INPUT_DEVICES) return -1;
  for (int index = 0; index < attribute_count; index++) {
    if (strcmp(path + sizeof class_path, attributes[index].name) == 0) {
      return 1 + (int)device * attribute_count + index;
    }
  }
  return -1;
}

/** Words of 64 bits, the highest first, without those that are zero at the front. */
static int print_bits(char* out, size_t room, const char* name, const struct shim_bits* bits) {
  uint64_t words[sizeof *bits / sizeof(uint64_t)];
  memcpy(words, bits, sizeof words);
  int word = (int)(sizeof words / sizeof words[0]) - 1;
  while (word > 0 && !words[word]) word--;
  int length = snprintf(out, room, "B: %s=", name);
  for (; word >= 0; word--) {
    length += snprintf(out + length, room - (size_t)length, "%llx%c", (unsigned long long)words[word],
                       word ? ' ' : '\n');
  }
  return length;
}

static int print_device(char* out, size_t room, uint32_t device) {
  static const char* const handlers[UMFB_INPUT_DEVICES] = {"kbd leds", "mouse0", "mouse1", "mouse2"};
  static const struct {
    const char* name;
    unsigned type;
  } types[] = {{"EV", EV_SYN}, {"KEY", EV_KEY}, {"REL", EV_REL}, {"ABS", EV_ABS}, {"LED", EV_LED}};
  int length = snprintf(out, room,
                        "I: Bus=%04x Vendor=0000 Product=%04x Version=%04x\nN: Name=\"%s\"\nP: Phys=%s\n"
                        "S: Sysfs=/devices/platform/umfb.0/input/input%u\nU: Uniq=\n"
                        "H: Handlers=%s event%u\nB: PROP=%x\n",
                        BUS_VIRTUAL, device + 1, UMFB_PROTOCOL_VERSION, shim_input_name(device),
                        shim_input_place(device), device, handlers[device], device,
                        device == UMFB_INPUT_TOUCH ? 1u << INPUT_PROP_DIRECT : 0);
  const struct shim_bits all = shim_input_bits(device, EV_SYN);
  for (size_t index = 0; index < sizeof types / sizeof types[0]; index++) {
    unsigned type = types[index].type;
    if (!(all.bytes[type / 8] & (1u << type % 8))) continue;
    struct shim_bits bits = shim_input_bits(device, type);
    length += print_bits(out + length, room - (size_t)length, types[index].name, &bits);
  }
  return length + snprintf(out + length, room - (size_t)length, "\n");
}

int shim_print_input_file(int number, char* out, size_t room) {
  if (number > devices_file) {
    number--;
    uint32_t device = (uint32_t)number / attribute_count;
    return attributes[number % attribute_count].print(out, room, device);
  }
  int length = 0;
  for (uint32_t device = 0; device < UMFB_INPUT_DEVICES; device++) {
    length += print_device(out + length, room - (size_t)length, device);
  }
  return length;
}
