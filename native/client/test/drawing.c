/* Every way for bytes to get into device memory from one process. */
#include <fcntl.h>
#include <linux/fb.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guest.h"

static void draw_mmap(char** arguments) {
  (void)arguments;
  uint8_t* pixels = map_device(open_device(), 0, 8 * page);
  wait_for_host("mapped");
  store(pixels, 0, 3 * page + 16, 0x00112233);
  wait_for_host("one store");
  for (size_t at = 0; at < 8 * page; at += page / 2) store(pixels, 0, at, (uint32_t)(0x00440000 + at));
  wait_for_host("all pages");
  store(pixels, 0, 3 * page + 16, 0x00332211);
  wait_for_host("the first page again");
}

/** One word in each half page, told. */
static void tell_filled(size_t offset, size_t length, uint32_t value) {
  for (size_t at = 0; at < length; at += page / 2) told(offset + at, value);
}

static void fill(uint32_t* words, size_t bytes, uint32_t value) {
  for (size_t index = 0; index < bytes / sizeof *words; index++) words[index] = value;
}

static void draw_write(char** arguments) {
  (void)arguments;
  static uint32_t words[3 * page / 4];
  int fd = open_device();
  fill(words, sizeof words, 0x00010101);
  require(write(fd, words, sizeof words) == sizeof words, "write");
  tell_filled(0, sizeof words, 0x00010101);
  wait_for_host("first write");
  fill(words, sizeof words, 0x00020202);
  require(lseek(fd, page / 2, SEEK_SET) == page / 2, "lseek");
  require(write(fd, words, 2 * page) == 2 * page, "write");
  tell_filled(page / 2, 2 * page, 0x00020202);
  wait_for_host("second write");
  require(write(fd, words, 4) == 4, "write of one pixel");
  told(page / 2 + 2 * page, 0x00020202);
  wait_for_host("one pixel");
}

static void draw_pwrite(char** arguments) {
  (void)arguments;
  static uint32_t words[2 * page / 4];
  int fd = open_device();
  for (uint32_t round = 1; round < 4; round++) {
    fill(words, sizeof words, round);
    off_t offset = round * page + 8;
    require(pwrite(fd, words, sizeof words, offset) == sizeof words, "pwrite");
    tell_filled((size_t)offset, sizeof words, round);
    wait_for_host("pwrite");
  }
}

static void draw_writev(char** arguments) {
  (void)arguments;
  static uint32_t first[page / 4], second[page / 4];
  int fd = open_device();
  fill(first, page, 0x000a0a0a);
  fill(second, page, 0x000b0b0b);
  struct iovec parts[2] = {{first, page}, {second, page}};
  require(writev(fd, parts, 2) == 2 * page, "writev");
  tell_filled(0, page, 0x000a0a0a);
  tell_filled(page, page, 0x000b0b0b);
  wait_for_host("writev");
  require(pwritev(fd, parts, 2, 4 * page) == 2 * page, "pwritev");
  tell_filled(4 * page, page, 0x000a0a0a);
  tell_filled(5 * page, page, 0x000b0b0b);
  wait_for_host("pwritev");
  expect(lseek(fd, 0, SEEK_CUR) == 2 * page, "pwritev moves no offset");
}

static void draw_second(char** arguments) {
  (void)arguments;
  int fd = open_device();
  uint8_t* first = map_device(fd, 0, 4 * page);
  uint8_t* second = map_device(fd, 2 * page, 4 * page);
  wait_for_host("mapped twice");
  store(second, 2 * page, 0, 0x00000077);
  store(second, 2 * page, 3 * page, 0x00000078);
  wait_for_host("through the second");
  store(first, 0, 2 * page + 8, 0x00000079);
  wait_for_host("through the first");
}

static void draw_read(char** arguments) {
  (void)arguments;
  static uint32_t words[page / 4];
  uint8_t* pixels = map_device(open_device(), 0, 4 * page);
  wait_for_host("mapped");
  int ends[2];
  require(pipe(ends) == 0, "pipe");
  fill(words, sizeof words, 0x00abcdef);
  require(write(ends[1], words, page) == page, "write to the pipe");
  require(read(ends[0], pixels + page / 2, page) == page, "read into the mapping");
  tell_filled(page / 2, page, 0x00abcdef);
  wait_for_host("read");
}

static void draw_mremap(char** arguments) {
  (void)arguments;
  uint8_t* pixels = map_device(open_device(), page, 4 * page);
  uint8_t* room = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  wait_for_host("mapped");
  uint8_t* moved = mremap(pixels, 4 * page, 4 * page, MREMAP_MAYMOVE | MREMAP_FIXED, room);
  require(moved == room, "mremap");
  wait_for_host("moved");
  store(moved, page, 2 * page, 0x00123456);
  wait_for_host("after the move");
  require(mremap(moved, 4 * page, 2 * page, 0) == moved, "mremap to a smaller size");
  wait_for_host("shrunk");
  store(moved, page, page, 0x00654321);
  wait_for_host("after shrinking");
}

static void draw_dup(char** arguments) {
  (void)arguments;
  int fd = open_device();
  int copy = dup2(fd, 57);
  close(fd);
  uint8_t* pixels = map_device(copy, 0, 2 * page);
  wait_for_host("mapped");
  store(pixels, 0, page, 0x00000005);
  uint32_t word = 6;
  require(pwrite(copy, &word, 4, 5 * page) == 4, "pwrite to the copy");
  told(5 * page, 6);
  wait_for_host("stored");
}

static void draw_munmap(char** arguments) {
  (void)arguments;
  uint8_t* pixels = map_device(open_device(), 0, 8 * page);
  wait_for_host("mapped");
  store(pixels, 0, 3 * page, 0x00000031);  // its last store, just before it goes
  require(munmap(pixels + 3 * page, 2 * page) == 0, "munmap");
  wait_for_host("a hole");
  store(pixels, 0, 2 * page, 0x00000032);
  store(pixels, 0, 5 * page, 0x00000033);
  wait_for_host("beside the hole");
  uint8_t* other =
      mmap(pixels + 5 * page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  require(other == pixels + 5 * page, "mmap over it");
  *(uint32_t*)other = 0x00ffffff;  // not the device's
  store(pixels, 0, 6 * page, 0x00000034);
  wait_for_host("replaced");
  require(munmap(pixels, 8 * page) == 0, "munmap all");
  wait_for_host("gone");
}

static void draw_stdio(char** arguments) {
  (void)arguments;
  static uint32_t words[2 * page / 4];
  FILE* file = fopen("/dev/fb0", "r+");
  require(file != NULL, "fopen");
  for (uint32_t round = 1; round < 3; round++) {
    fill(words, sizeof words, round);
    rewind(file);
    require(fwrite(words, sizeof words, 1, file) == 1 && fflush(file) == 0, "fwrite");
    tell_filled(0, sizeof words, round);
    wait_for_host("fwrite");
  }
}

static void draw_pan(char** arguments) {
  (void)arguments;
  int fd = open_device();
  struct fb_var_screeninfo var;
  struct fb_fix_screeninfo fix;
  require(ioctl(fd, FBIOGET_VSCREENINFO, &var) == 0, "FBIOGET_VSCREENINFO");
  var.yres_virtual = var.yres * 2;
  require(ioctl(fd, FBIOPUT_VSCREENINFO, &var) == 0, "FBIOPUT_VSCREENINFO");
  expect(var.yres_virtual == var.yres * 2, "the virtual height is what was asked for");
  require(ioctl(fd, FBIOGET_FSCREENINFO, &fix) == 0, "FBIOGET_FSCREENINFO");
  uint8_t* pixels = map_device(fd, 0, fix.smem_len);
  wait_for_host("mapped");
  store(pixels, 0, var.yres * fix.line_length, 0x00c0ffee);
  var.yoffset = var.yres;
  require(ioctl(fd, FBIOPAN_DISPLAY, &var) == 0, "FBIOPAN_DISPLAY");
  wait_for_host("panned");
  store(pixels, 0, var.yres * fix.line_length + 8, 0x00c0ffef);
  wait_for_host("stored in what is shown");
}

const struct test_case drawing_cases[] = {
    {"mmap", draw_mmap},     {"write", draw_write}, {"pwrite", draw_pwrite}, {"writev", draw_writev},
    {"second", draw_second}, {"read", draw_read},   {"mremap", draw_mremap}, {"dup", draw_dup},
    {"munmap", draw_munmap}, {"stdio", draw_stdio}, {"pan", draw_pan},       {0},
};
