/* The ioctls of linux/fb.h, with the answers and errors of drivers/video/fbdev/core/fb_chrdev.c and fbcmap.c.
 */
#include <linux/fb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "shim.h"

enum { colours = 256, most_consoles = 63 };

static struct fb_bitfield component(uint32_t shift, uint32_t bits) {
  return (struct fb_bitfield){.offset = shift, .length = bits};
}

/** Timings as vesafb makes them up, so that they compute to 60 Hz; the size at 96 dots an inch. */
static struct fb_var_screeninfo to_var(const struct umfb_screen* screen) {
  struct fb_var_screeninfo var = {
      .xres = screen->width,
      .yres = screen->height,
      .xres_virtual = screen->virtual_width,
      .yres_virtual = screen->virtual_height,
      .xoffset = screen->x_offset,
      .yoffset = screen->y_offset,
      .bits_per_pixel = screen->bits_per_pixel,
      .red = component(screen->red_shift, screen->red_bits),
      .green = component(screen->green_shift, screen->green_bits),
      .blue = component(screen->blue_shift, screen->blue_bits),
      .width = screen->width * 254 / 960,
      .height = screen->height * 254 / 960,
      .left_margin = (screen->width / 8) & 0xf8,
      .right_margin = 32,
      .upper_margin = 16,
      .lower_margin = 4,
      .hsync_len = (screen->width / 8) & 0xf8,
      .vsync_len = 4,
      .vmode = FB_VMODE_NONINTERLACED,
  };
  uint64_t total = (uint64_t)(var.xres + var.left_margin + var.right_margin + var.hsync_len) *
                   (var.yres + var.upper_margin + var.lower_margin + var.vsync_len);
  var.pixclock = (uint32_t)(1000000000000 / (total * 60));
  return var;
}

static struct umfb_screen to_screen(const struct fb_var_screeninfo* var) {
  return (struct umfb_screen){
      .width = var->xres,
      .height = var->yres,
      .virtual_width = var->xres_virtual,
      .virtual_height = var->yres_virtual,
      .x_offset = var->xoffset,
      .y_offset = var->yoffset,
      .bits_per_pixel = var->bits_per_pixel,
      .red_shift = var->red.offset,
      .red_bits = var->red.length,
      .green_shift = var->green.offset,
      .green_bits = var->green.length,
      .blue_shift = var->blue.offset,
      .blue_bits = var->blue.length,
  };
}

static int get_var(struct umfb* fb, void* argument) {
  struct umfb_screen screen;
  int error = umfb_get_screen(fb, &screen);
  if (error) return error;
  struct fb_var_screeninfo var = to_var(&screen);
  return shim_copy_out(argument, &var, sizeof var);
}

static int put_var(struct umfb* fb, void* argument) {
  struct fb_var_screeninfo var;
  int error = shim_copy_in(&var, argument, sizeof var);
  if (error) return error;
  struct umfb_screen screen = to_screen(&var);
  bool now = (var.activate & FB_ACTIVATE_MASK) == FB_ACTIVATE_NOW;
  error = umfb_set_screen(fb, &screen, now ? 0 : UMFB_SCREEN_TEST);
  if (error) return error;
  uint32_t activate = var.activate;
  var = to_var(&screen);
  var.activate = activate;
  return shim_copy_out(argument, &var, sizeof var);
}

static int get_fix(struct umfb* fb, void* argument) {
  struct umfb_screen screen;
  int error = umfb_get_screen(fb, &screen);
  if (error) return error;
  struct fb_fix_screeninfo fix = {
      .id = "umfb",
      .smem_len = screen.memory_bytes,
      .type = FB_TYPE_PACKED_PIXELS,
      .visual = screen.indexed ? FB_VISUAL_PSEUDOCOLOR : FB_VISUAL_TRUECOLOR,
      .xpanstep = 1,
      .ypanstep = 1,
      .line_length = screen.stride_bytes,
      .accel = FB_ACCEL_NONE,
  };
  return shim_copy_out(argument, &fix, sizeof fix);
}

static int pan(struct umfb* fb, void* argument) {
  struct fb_var_screeninfo var;
  int error = shim_copy_in(&var, argument, sizeof var);
  if (!error && (var.vmode & FB_VMODE_YWRAP)) error = -EINVAL;
  if (!error) error = umfb_pan(fb, var.xoffset, var.yoffset);
  return error ? error : get_var(fb, argument);
}

/** 8 bits of a colour as the 16 that fb_cmap has. */
static int copy_channel_out(uint16_t* to, const uint8_t* palette, unsigned count) {
  uint16_t values[colours];
  for (unsigned index = 0; index < count; index++) values[index] = (uint16_t)(palette[index * 3] * 0x101);
  return shim_copy_out(to, values, count * sizeof *values);
}

static int get_cmap(struct umfb* fb, void* argument) {
  struct fb_cmap cmap;
  int error = shim_copy_in(&cmap, argument, sizeof cmap);
  if (error) return error;
  if (cmap.start >= colours || cmap.len == 0) return -EINVAL;
  unsigned count = cmap.len < colours - cmap.start ? cmap.len : colours - cmap.start;
  uint8_t palette[colours * 3];
  error = umfb_get_palette(fb, palette);
  if (!error) error = copy_channel_out(cmap.red, palette + cmap.start * 3, count);
  if (!error) error = copy_channel_out(cmap.green, palette + cmap.start * 3 + 1, count);
  if (!error) error = copy_channel_out(cmap.blue, palette + cmap.start * 3 + 2, count);
  if (!error && cmap.transp) {
    const uint16_t opaque[colours] = {0};
    error = shim_copy_out(cmap.transp, opaque, count * sizeof *opaque);
  }
  return error;
}

static int copy_channel_in(uint8_t* palette, const uint16_t* from, unsigned count) {
  uint16_t values[colours];
  int error = shim_copy_in(values, from, count * sizeof *values);
  if (error) return error;
  for (unsigned index = 0; index < count; index++) palette[index * 3] = (uint8_t)(values[index] >> 8);
  return 0;
}

static int put_cmap(struct umfb* fb, void* argument) {
  struct fb_cmap cmap;
  int error = shim_copy_in(&cmap, argument, sizeof cmap);
  if (error) return error;
  if (cmap.len > INT32_MAX / sizeof(uint16_t)) return -E2BIG;
  if ((int)cmap.start < 0) return -EINVAL;
  if (cmap.start >= colours) return 0;  // fb_set_cmap stops at the first colour that a driver refuses
  unsigned count = cmap.len < colours - cmap.start ? cmap.len : colours - cmap.start;
  uint8_t palette[colours * 3];
  error = copy_channel_in(palette, cmap.red, count);
  if (!error) error = copy_channel_in(palette + 1, cmap.green, count);
  if (!error) error = copy_channel_in(palette + 2, cmap.blue, count);
  return error ? error : umfb_set_palette(fb, cmap.start, count, palette);
}

static int get_con2fb(void* argument) {
  struct fb_con2fbmap map;
  int error = shim_copy_in(&map, argument, sizeof map);
  if (error) return error;
  if (map.console < 1 || map.console > most_consoles) return -EINVAL;
  map.framebuffer = 0;
  return shim_copy_out(argument, &map, sizeof map);
}

static int put_con2fb(const void* argument) {
  struct fb_con2fbmap map;
  int error = shim_copy_in(&map, argument, sizeof map);
  if (error) return error;
  return map.console < 1 || map.console > most_consoles || map.framebuffer != 0 ? -EINVAL : 0;
}

/** There is no beam: a tick of 60 Hz, so that programs draw at the pace that they would elsewhere. */
static int wait_for_vsync(const void* argument) {
  uint32_t crtc;
  int error = shim_copy_in(&crtc, argument, sizeof crtc);
  if (error) return error;
  if (crtc != 0) return -ENODEV;
  enum { period_ns = 16666667, second_ns = 1000000000 };
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t tick =
      ((uint64_t)now.tv_sec * second_ns + (uint64_t)now.tv_nsec) / period_ns * period_ns + period_ns;
  struct timespec until = {.tv_sec = (time_t)(tick / second_ns), .tv_nsec = (long)(tick % second_ns)};
  return (int)umfb_syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static int answer(struct umfb* fb, unsigned long request, void* argument) {
  switch (request) {
    case FBIOGET_VSCREENINFO:
      return get_var(fb, argument);
    case FBIOPUT_VSCREENINFO:
      return put_var(fb, argument);
    case FBIOGET_FSCREENINFO:
      return get_fix(fb, argument);
    case FBIOPAN_DISPLAY:
      return pan(fb, argument);
    case FBIOGETCMAP:
      return get_cmap(fb, argument);
    case FBIOPUTCMAP:
      return put_cmap(fb, argument);
    case FBIOBLANK: {
      unsigned long level = (unsigned long)argument;
      return umfb_blank(fb, level > FB_BLANK_POWERDOWN ? FB_BLANK_POWERDOWN : (unsigned)level);
    }
    case FBIO_CURSOR:
      return -EINVAL;
    default:
      return -ENOTTY;
  }
}

int shim_device_ioctl(unsigned long request, void* argument) {
  // The upper half of an int that a program passed for the request says nothing.
  request &= UINT32_MAX;
  if (request == FBIOGET_CON2FBMAP) return get_con2fb(argument);
  if (request == FBIOPUT_CON2FBMAP) return put_con2fb(argument);
  struct umfb* fb;
  int error = shim_acquire(&fb);
  if (error) return error;
  if (request == FBIO_WAITFORVSYNC) {
    shim_kick(fb);
    shim_release();
    return wait_for_vsync(argument);
  }
  error = answer(fb, request, argument);
  shim_release();
  return error;
}
