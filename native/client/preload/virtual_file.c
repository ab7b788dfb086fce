/*
 * /proc/fb, the files of /sys/class/graphics/fb0 (drivers/video/fbdev/core/fbsysfs.c) and those of event
 * devices. Each opening makes a file of its own with the content of that moment.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "shim.h"

enum { content_room = 2048, first_input_file = 100 };

static int print_proc_fb(char* out, const struct umfb_screen* screen) {
  (void)screen;
  return snprintf(out, content_room, "0 umfb\n");
}

static int print_name(char* out, const struct umfb_screen* screen) {
  (void)screen;
  return snprintf(out, content_room, "umfb\n");
}

static int print_dev(char* out, const struct umfb_screen* screen) {
  (void)screen;
  return snprintf(out, content_room, "29:0\n");
}

static int print_uevent(char* out, const struct umfb_screen* screen) {
  (void)screen;
  return snprintf(out, content_room, "MAJOR=29\nMINOR=0\nDEVNAME=fb0\n");
}

static int print_zero(char* out, const struct umfb_screen* screen) {
  (void)screen;
  return snprintf(out, content_room, "0\n");
}

static int print_virtual_size(char* out, const struct umfb_screen* screen) {
  return snprintf(out, content_room, "%u,%u\n", screen->virtual_width, screen->virtual_height);
}

static int print_bits_per_pixel(char* out, const struct umfb_screen* screen) {
  return snprintf(out, content_room, "%u\n", screen->bits_per_pixel);
}

static int print_stride(char* out, const struct umfb_screen* screen) {
  return snprintf(out, content_room, "%u\n", screen->stride_bytes);
}

static int print_pan(char* out, const struct umfb_screen* screen) {
  return snprintf(out, content_room, "%u,%u\n", screen->x_offset, screen->y_offset);
}

static int print_mode(char* out, const struct umfb_screen* screen) {
  return snprintf(out, content_room, "U:%ux%up-60\n", screen->width, screen->height);
}

static const struct {
  const char* path;
  int (*print)(char* out, const struct umfb_screen* screen);
} files[] = {
    {"/proc/fb", print_proc_fb},
    {"/sys/class/graphics/fb0/name", print_name},
    {"/sys/class/graphics/fb0/dev", print_dev},
    {"/sys/class/graphics/fb0/uevent", print_uevent},
    {"/sys/class/graphics/fb0/virtual_size", print_virtual_size},
    {"/sys/class/graphics/fb0/bits_per_pixel", print_bits_per_pixel},
    {"/sys/class/graphics/fb0/stride", print_stride},
    {"/sys/class/graphics/fb0/pan", print_pan},
    {"/sys/class/graphics/fb0/modes", print_mode},
    {"/sys/class/graphics/fb0/mode", print_mode},
    {"/sys/class/graphics/fb0/rotate", print_zero},
    {"/sys/class/graphics/fb0/state", print_zero},
};

int shim_find_file(const char* path) {
  int input_file = shim_find_input_file(path);
  if (input_file >= 0) return first_input_file + input_file;
  if (strcmp(path, "/proc/fb") != 0 && strncmp(path, "/sys/class/graphics/fb0/", 24) != 0) return -1;
  for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
    if (strcmp(path, files[index].path) == 0) return (int)index;
  }
  return -1;
}

/** @return how many bytes, or a negative errno */
static int print_screen_file(int number, char* out) {
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  struct umfb_screen screen;
  error = umfb_get_screen(fb, &screen);
  shim_release();
  return error ? error : files[number].print(out, &screen);
}

int shim_open_file(int number, int flags) {
  if ((flags & O_ACCMODE) != O_RDONLY) return -EACCES;
  if (flags & O_DIRECTORY) return -ENOTDIR;
  char content[content_room];
  int length = number >= first_input_file
                   ? shim_print_input_file(number - first_input_file, content, sizeof content)
                   : print_screen_file(number, content);
  if (length < 0) return length;
  int fd = (int)umfb_syscall(SYS_memfd_create, "fb-attribute", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
  if (fd >= 0) umfb_syscall(SYS_pwrite64, fd, content, length, 0);
  return fd;
}
