/* What the device's calls answer, held to drivers/video/fbdev/core and to what programs look for. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fb.h>
#include <linux/kd.h>
#include <linux/vt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "guest.h"

/** True if the call failed with this error. */
#define FAILS(call, error) (errno = 0, (long)(call) == -1 && errno == (error))

static void check_write_bounds(int fd, size_t size) {
  uint32_t words[4] = {0};
  expect(FAILS(pwrite(fd, words, 16, (off_t)size + 1), EFBIG), "writing beyond the end: EFBIG");
  expect(FAILS(pwrite(fd, words, 16, (off_t)size), ENOSPC), "writing at the end: ENOSPC");
  expect(pwrite(fd, words, 16, (off_t)size - 4) == 4, "writing over the end: as much as fits");
  expect(FAILS(mmap(NULL, size + page, PROT_READ, MAP_SHARED, fd, 0), EINVAL), "mapping too much: EINVAL");
  expect(FAILS(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, (off_t)size), EINVAL), "mapping beyond: EINVAL");
}

static void check_bounds(int fd, size_t size) {
  uint32_t words[4] = {0};
  char byte = 0;
  check_write_bounds(fd, size);
  expect(pwrite(fd, words, 0, (off_t)size) == 0, "writing nothing at the end: 0");
  expect(pread(fd, words, 16, (off_t)size - 4) == 4, "reading over the end: as much as there is");
  expect(pread(fd, words, 16, (off_t)size + 100) == 0, "reading beyond the end: 0");
  expect(FAILS(pwrite(fd, NULL, 16, 0), EFAULT), "writing from nowhere: EFAULT");
  expect(lseek(fd, 0, SEEK_END) == 0, "a device has no end");
  expect(FAILS(lseek(fd, -1, SEEK_SET), EINVAL), "a negative offset: EINVAL");
  expect(FAILS(ftruncate(fd, 0), EINVAL), "truncating: EINVAL");
  expect(FAILS(sendfile(fd, fd, NULL, 1), EINVAL), "sendfile: EINVAL");
  expect(FAILS(mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0), EINVAL), "mapping nothing: EINVAL");
  int reader = open("/dev/fb0", O_RDONLY);
  expect(FAILS(write(reader, &byte, 1), EBADF), "writing what is open for reading: EBADF");
  expect(FAILS(mmap(NULL, page, PROT_WRITE, MAP_SHARED, reader, 0), EACCES),
         "mapping it for writing: EACCES");
  void* seen = mmap(NULL, page, PROT_READ, MAP_SHARED, reader, 0);
  expect(seen != MAP_FAILED, "mapping it for reading");
  close(reader);
}

static void check_screen(int fd) {
  struct fb_var_screeninfo var, asked;
  struct fb_fix_screeninfo fix;
  require(ioctl(fd, FBIOGET_VSCREENINFO, &var) == 0, "FBIOGET_VSCREENINFO");
  require(ioctl(fd, FBIOGET_FSCREENINFO, &fix) == 0, "FBIOGET_FSCREENINFO");
  expect(fix.line_length >= var.xres * var.bits_per_pixel / 8, "a line is as long as its pixels");
  expect(fix.smem_len >= fix.line_length * var.yres, "memory is as large as the screen");
  expect(fix.smem_len % page == 0, "memory is whole pages");
  expect(var.pixclock > 0, "a pixel clock to divide by");
  expect(FAILS(ioctl(fd, FBIOGET_VSCREENINFO, NULL), EFAULT), "an answer to nowhere: EFAULT");

  asked = var;
  asked.xres = 100000;
  expect(FAILS(ioctl(fd, FBIOPUT_VSCREENINFO, &asked), EINVAL), "too wide a screen: EINVAL");
  asked = var;
  asked.xres = 4;
  expect(FAILS(ioctl(fd, FBIOPUT_VSCREENINFO, &asked), EINVAL), "too narrow a screen: EINVAL");
  asked = var;
  asked.bits_per_pixel = 13;
  expect(FAILS(ioctl(fd, FBIOPUT_VSCREENINFO, &asked), EINVAL), "13 bits a pixel: EINVAL");
  asked = var;
  asked.yres_virtual = 1u << 30;
  expect(FAILS(ioctl(fd, FBIOPUT_VSCREENINFO, &asked), EINVAL), "more than memory holds: EINVAL");

  asked = var;
  asked.bits_per_pixel = 16;
  asked.red.length = asked.green.length = asked.blue.length = 0;
  asked.activate = FB_ACTIVATE_TEST;
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &asked) == 0, "trying 16 bits a pixel");
  expect(asked.red.offset == 11 && asked.green.length == 6, "16 bits are 5, 6 and 5");
  struct fb_var_screeninfo now;
  ioctl(fd, FBIOGET_VSCREENINFO, &now);
  expect(now.bits_per_pixel == var.bits_per_pixel, "trying changes nothing");
  asked.activate = FB_ACTIVATE_NOW;
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &asked) == 0, "setting 16 bits a pixel");
  ioctl(fd, FBIOGET_VSCREENINFO, &now);
  ioctl(fd, FBIOGET_FSCREENINFO, &fix);
  expect(now.bits_per_pixel == 16 && fix.line_length == now.xres_virtual * 2, "16 bits a pixel are set");

  asked = now;
  asked.yoffset = 1u << 20;
  expect(FAILS(ioctl(fd, FBIOPAN_DISPLAY, &asked), EINVAL), "panning beyond: EINVAL");
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &var) == 0, "setting the first mode again");
}

static void check_colours(int fd) {
  struct fb_var_screeninfo var;
  uint16_t red[256], green[256], blue[256];
  ioctl(fd, FBIOGET_VSCREENINFO, &var);
  var.bits_per_pixel = 8;
  var.red.length = var.green.length = var.blue.length = 0;
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &var) == 0, "setting 8 bits a pixel");
  struct fb_fix_screeninfo fix;
  ioctl(fd, FBIOGET_FSCREENINFO, &fix);
  expect(fix.visual == FB_VISUAL_PSEUDOCOLOR, "8 bits a pixel are indices");
  for (int index = 0; index < 256; index++) {
    red[index] = (uint16_t)(index * 0x101);
    green[index] = (uint16_t)((255 - index) * 0x101);
    blue[index] = 0x4242;
  }
  struct fb_cmap cmap = {.start = 0, .len = 256, .red = red, .green = green, .blue = blue};
  expect(ioctl(fd, FBIOPUTCMAP, &cmap) == 0, "FBIOPUTCMAP");
  uint16_t one[3] = {0, 0, 0};
  struct fb_cmap read_one = {.start = 7, .len = 1, .red = &one[0], .green = &one[1], .blue = &one[2]};
  expect(ioctl(fd, FBIOGETCMAP, &read_one) == 0, "FBIOGETCMAP");
  expect(one[0] == 0x0707 && one[1] == 0xf8f8 && one[2] == 0x4242, "a colour is what was set");
  struct fb_cmap beyond = {.start = 256, .len = 1, .red = one, .green = one, .blue = one};
  expect(FAILS(ioctl(fd, FBIOGETCMAP, &beyond), EINVAL), "a colour beyond: EINVAL");
  wait_for_host("colours");
}

static void check_others(int fd) {
  struct fb_con2fbmap map = {.console = 1, .framebuffer = 9};
  uint32_t crtc = 0;
  expect(ioctl(fd, FBIOGET_CON2FBMAP, &map) == 0 && map.framebuffer == 0, "FBIOGET_CON2FBMAP");
  map.console = 100;
  expect(FAILS(ioctl(fd, FBIOPUT_CON2FBMAP, &map), EINVAL), "console 100: EINVAL");
  expect(ioctl(fd, FBIO_WAITFORVSYNC, &crtc) == 0, "FBIO_WAITFORVSYNC");
  expect(ioctl(fd, FBIOBLANK, FB_BLANK_NORMAL) == 0, "FBIOBLANK");
  expect(FAILS(ioctl(fd, 0x46ff, 0), ENOTTY), "an unknown ioctl: ENOTTY");
  expect(FAILS(ioctl(fd, TCGETS, &map), ENOTTY), "not a terminal");
  expect(FAILS(ioctl(-1, FBIOGET_VSCREENINFO, &map), EBADF), "no descriptor: EBADF");
}

static void check_calls(char** arguments) {
  (void)arguments;
  int fd = open_device();
  struct fb_fix_screeninfo fix;
  require(ioctl(fd, FBIOGET_FSCREENINFO, &fix) == 0, "FBIOGET_FSCREENINFO");
  check_bounds(fd, fix.smem_len);
  check_screen(fd);
  check_others(fd);
  check_colours(fd);
}

static size_t memory_of(int fd) {
  struct fb_fix_screeninfo fix;
  require(ioctl(fd, FBIOGET_FSCREENINFO, &fix) == 0, "FBIOGET_FSCREENINFO");
  return fix.smem_len;
}

/** On a device that has room for much more than its first mode. */
static void check_growth(char** arguments) {
  (void)arguments;
  int fd = open_device();
  struct fb_var_screeninfo first, asked;
  require(ioctl(fd, FBIOGET_VSCREENINFO, &first) == 0, "FBIOGET_VSCREENINFO");
  size_t small = memory_of(fd);
  expect(small == 2 * first.xres * first.yres * 4, "memory is two screens of 32 bits, not all of the device");
  check_write_bounds(fd, small);

  asked = first;
  asked.yres_virtual = first.yres * 10;
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &asked) == 0, "a virtual screen of ten");
  size_t grown = memory_of(fd);
  expect(grown == first.xres * 4 * first.yres * 10, "memory is as large as the virtual screen");
  check_write_bounds(fd, grown);
  uint8_t* pixels = map_device(fd, 0, grown);
  size_t last = grown - first.xres * 4 * first.yres;
  store(pixels, 0, last, 0x00123456);
  asked.yoffset = first.yres * 9;
  expect(ioctl(fd, FBIOPAN_DISPLAY, &asked) == 0, "panning to the last screen");
  wait_for_host("panned");
  store(pixels, 0, last + 8, 0x00654321);
  wait_for_host("stored");

  asked = first;
  asked.xres = asked.xres_virtual = 1920;
  asked.yres = asked.yres_virtual = 1080;
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &asked) == 0, "a larger mode");
  grown = memory_of(fd);
  expect(grown >= 1920 * 1080 * 4, "memory grows with the mode");
  pixels = map_device(fd, 0, grown);
  store(pixels, 0, 1920 * 1080 * 4 - 4, 0x00777777);
  uint32_t word = 0x00888888;
  expect(pwrite(fd, &word, sizeof word, 1920 * 1080 * 4 - 8) == sizeof word, "writing to its last pixels");
  told(1920 * 1080 * 4 - 8, word);
  wait_for_host("grown");
  expect(ioctl(fd, FBIOPUT_VSCREENINFO, &first) == 0, "the first mode again");
  expect(memory_of(fd) == grown, "memory does not shrink: others may have mapped it");
}

static bool file_says(const char* path, const char* content) {
  char found[64] = "";
  FILE* file = fopen(path, "r");
  if (!file) return false;
  size_t size = fread(found, 1, sizeof found - 1, file);
  fclose(file);
  found[size] = '\0';
  return strcmp(found, content) == 0;
}

static void check_paths(char** arguments) {
  (void)arguments;
  struct stat status;
  char link[128] = "", resolved[4096] = "";
  expect(stat("/dev/fb0", &status) == 0 && S_ISCHR(status.st_mode), "/dev/fb0 is a character device");
  expect(status.st_rdev == makedev(29, 0), "/dev/fb0 is 29:0");
  int fd = open_device();
  expect(fstat(fd, &status) == 0 && S_ISCHR(status.st_mode), "so says fstat");
  expect(access("/dev/fb0", R_OK | W_OK) == 0, "it may be read and written");
  expect(FAILS(access("/dev/fb0", X_OK), EACCES), "it may not be executed");
  expect(FAILS(open("/dev/fb0", O_RDWR | O_DIRECTORY), ENOTDIR), "it is no directory");
  expect(FAILS(open("/dev/fb1", O_RDWR), ENOENT), "there is no second one");
  expect(file_says("/proc/fb", "0 umfb\n"), "/proc/fb");
  expect(file_says("/sys/class/graphics/fb0/name", "umfb\n"), "its name in sysfs");
  expect(file_says("/sys/class/graphics/fb0/bits_per_pixel", "32\n"), "bits_per_pixel in sysfs");
  expect(readlink("/sys/class/graphics/fb0", link, sizeof link - 1) > 0 && !strstr(link, "pci"),
         "its sysfs link");
  expect(realpath("/sys/class/graphics/fb0", resolved) && !strstr(resolved, "pci"), "where that leads");
}

/** The machine's own node: past the shim. @return its mode, or 0 where there is none */
static mode_t real_mode(const char* path) {
  struct stat status;
  return syscall(SYS_newfstatat, AT_FDCWD, path, &status, 0) == 0 ? status.st_mode & 07777 : 0;
}

/** The machine's own console of that name, if it has one, stays as it is. */
static void check_ownership(void) {
  mode_t before = real_mode("/dev/tty0");
  expect(chmod("/dev/tty0", before ^ S_IWOTH) == 0, "chmod");
  expect(fchmodat(AT_FDCWD, "/dev/tty0", before ^ S_IWOTH, 0) == 0, "fchmodat");
  expect(chown("/dev/tty0", getuid(), getgid()) == 0, "chown");
  mode_t after = real_mode("/dev/tty0");
  if (after != before) syscall(SYS_fchmodat, AT_FDCWD, "/dev/tty0", before);
  expect(after == before, "the machine's own node was changed");
}

static void check_console(char** arguments) {
  (void)arguments;
  check_ownership();
  int fd = open("/dev/tty0", O_RDWR);
  require(fd >= 0, "open /dev/tty0");
  struct termios settings;
  struct vt_stat state;
  struct vt_mode mode = {.mode = VT_PROCESS, .relsig = 10};
  int number = 0;
  expect(tcgetattr(fd, &settings) == 0, "it is a terminal");
  expect(ioctl(fd, VT_GETSTATE, &state) == 0 && state.v_active == 1, "VT_GETSTATE");
  expect(ioctl(fd, VT_OPENQRY, &number) == 0 && number > 1, "VT_OPENQRY");
  expect(ioctl(fd, VT_ACTIVATE, number) == 0 && ioctl(fd, VT_WAITACTIVE, number) == 0, "VT_ACTIVATE");
  expect(ioctl(fd, VT_GETSTATE, &state) == 0 && state.v_active == number, "the terminal is active");
  expect(ioctl(fd, KDSETMODE, KD_GRAPHICS) == 0, "KDSETMODE");
  expect(ioctl(fd, KDGETMODE, &number) == 0 && number == KD_GRAPHICS, "KDGETMODE");
  expect(FAILS(ioctl(fd, KDSETMODE, 17), EINVAL), "no such mode: EINVAL");
  expect(ioctl(fd, VT_SETMODE, &mode) == 0, "VT_SETMODE");
  memset(&mode, 0, sizeof mode);
  expect(ioctl(fd, VT_GETMODE, &mode) == 0 && mode.mode == VT_PROCESS, "VT_GETMODE");
  expect(FAILS(ioctl(fd, VT_ACTIVATE, 0), ENXIO), "no such terminal: ENXIO");
  // More than a terminal holds: nobody reads it, and nobody must wait for that.
  char text[1000];
  memset(text, 'x', sizeof text);
  for (int round = 0; round < 200; round++)
    expect(write(fd, text, sizeof text) == sizeof text, "writing to it");
  struct pollfd polled = {.fd = fd, .events = POLLIN};
  expect(poll(&polled, 1, 0) == 0, "nobody types");
}

const struct test_case call_cases[] = {{"calls", check_calls},
                                       {"growth", check_growth},
                                       {"paths", check_paths},
                                       {"console", check_console},
                                       {0}};
