#include "canvas.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

enum { cube_levels = canvas_cube_levels };

void canvas_cube_colour(int index, uint8_t colour[3]) {
  const int levels[3] = {index / (cube_levels * cube_levels), index / cube_levels % cube_levels,
                         index % cube_levels};
  for (int part = 0; part < 3; part++) colour[part] = (uint8_t)(levels[part] * 0xff / (cube_levels - 1));
}

static bool set_cube_palette(int fd) {
  uint16_t red[256] = {0}, green[256] = {0}, blue[256] = {0};
  for (int index = 0; index < canvas_cube_colours; index++) {
    uint8_t colour[3];
    canvas_cube_colour(index, colour);
    red[index] = (uint16_t)(colour[0] * 0x101);
    green[index] = (uint16_t)(colour[1] * 0x101);
    blue[index] = (uint16_t)(colour[2] * 0x101);
  }
  struct fb_cmap cmap = {.len = 256, .red = red, .green = green, .blue = blue};
  return ioctl(fd, FBIOPUTCMAP, &cmap) == 0;
}

bool canvas_open(struct canvas* canvas, const char* device) {
  int fd = open(device, O_RDWR | O_CLOEXEC);
  struct fb_var_screeninfo var;
  struct fb_fix_screeninfo fix;
  if (fd < 0 || ioctl(fd, FBIOGET_VSCREENINFO, &var) != 0 || ioctl(fd, FBIOGET_FSCREENINFO, &fix) != 0) {
    perror(device);
    return false;
  }
  *canvas = (struct canvas){
      .width = (int)var.xres,
      .height = (int)var.yres,
      .stride_bytes = (int)fix.line_length,
      .bytes_per_pixel = (int)(var.bits_per_pixel + 7) / 8,
      .indexed = fix.visual == FB_VISUAL_PSEUDOCOLOR,
      .red = var.red,
      .green = var.green,
      .blue = var.blue,
  };
  if (canvas->indexed && !set_cube_palette(fd)) {
    perror(device);
    return false;
  }
  void* memory = mmap(NULL, fix.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    perror(device);
    return false;
  }
  canvas->pixels = (uint8_t*)memory + var.yoffset * fix.line_length + var.xoffset * canvas->bytes_per_pixel;
  return true;
}

/** Ordered dithering (Bayer's 4×4 matrix): formats with few levels show a gradient and no bands. */
static uint32_t quantize(float value, int levels, int x, int y) {
  static const uint8_t bayer[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
  if (value < 0) value = 0;
  if (value > 1) value = 1;
  uint32_t level = (uint32_t)(value * (float)(levels - 1) + ((float)bayer[y & 3][x & 3] + 0.5f) / 16);
  return level < (uint32_t)levels ? level : (uint32_t)levels - 1;
}

static uint32_t component(float value, struct fb_bitfield field, int x, int y) {
  return quantize(value, 1 << field.length, x, y) << field.offset;
}

void canvas_put(const struct canvas* canvas, int x, int y, struct colour colour) {
  if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height) return;
  uint32_t value;
  if (canvas->indexed) {
    value = quantize(colour.red, cube_levels, x, y) * cube_levels * cube_levels +
            quantize(colour.green, cube_levels, x, y) * cube_levels +
            quantize(colour.blue, cube_levels, x, y);
  } else {
    value = component(colour.red, canvas->red, x, y) | component(colour.green, canvas->green, x, y) |
            component(colour.blue, canvas->blue, x, y);
  }
  // Little-endian, as every pixel format of umfb is.
  memcpy(canvas->pixels + y * canvas->stride_bytes + x * canvas->bytes_per_pixel, &value,
         (size_t)canvas->bytes_per_pixel);
}
