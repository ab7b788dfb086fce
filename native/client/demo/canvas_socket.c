/* A device of one's own, by libumfb: the host's socket instead of a device file, and a size that follows the
 * viewer. */
#include <stdio.h>
#include <string.h>

#include "../umfb.h"
#include "canvas.h"

static struct fb_bitfield component(uint32_t shift, uint32_t bits) {
  return (struct fb_bitfield){.offset = shift, .length = bits};
}

static void show(struct canvas* canvas, const struct umfb_screen* screen) {
  canvas->width = (int)screen->width;
  canvas->height = (int)screen->height;
  canvas->stride_bytes = (int)screen->stride_bytes;
  canvas->bytes_per_pixel = (int)(screen->bits_per_pixel + 7) / 8;
  canvas->indexed = screen->indexed;
  canvas->red = component(screen->red_shift, screen->red_bits);
  canvas->green = component(screen->green_shift, screen->green_bits);
  canvas->blue = component(screen->blue_shift, screen->blue_bits);
  canvas->pixels = canvas->memory + screen->y_offset * screen->stride_bytes +
                   screen->x_offset * (uint32_t)canvas->bytes_per_pixel;
}

static int set_cube_palette(struct umfb* fb) {
  uint8_t colours[256 * 3] = {0};
  for (int index = 0; index < canvas_cube_colours; index++) canvas_cube_colour(index, colours + index * 3);
  return umfb_set_palette(fb, 0, 256, colours);
}

static int begin(struct canvas* canvas, const char* path) {
  const struct umfb_options options = {.wanted = UMFB_WANT_MODE};
  int error = umfb_connect(path, &options, &canvas->fb);
  if (error) return error;
  struct umfb_screen screen;
  void* memory;
  // All of it: there is room for any size that the viewer may wish for.
  error = umfb_map(canvas->fb, 0, umfb_capacity(canvas->fb), &memory);
  if (!error) error = umfb_get_screen(canvas->fb, &screen);
  if (!error && screen.indexed) error = set_cube_palette(canvas->fb);
  if (error) return error;
  canvas->memory = memory;
  show(canvas, &screen);
  return 0;
}

bool canvas_connect(struct canvas* canvas, const char* path) {
  *canvas = (struct canvas){0};
  int error = begin(canvas, path);
  if (error) fprintf(stderr, "%s: %s\n", path, strerror(-error));
  return !error;
}

enum canvas_news canvas_follow(struct canvas* canvas) {
  if (!canvas->fb) return CANVAS_SAME;
  enum canvas_news news = CANVAS_SAME;
  struct umfb_event event;
  int taken;
  while ((taken = umfb_next_event(canvas->fb, &event)) > 0) {
    if (event.kind != UMFB_EVENT_MODE_WANTED) continue;
    struct umfb_screen screen;
    if (umfb_get_screen(canvas->fb, &screen)) return CANVAS_GONE;
    screen.width = screen.virtual_width = event.mode_wanted.width;
    screen.height = screen.virtual_height = event.mode_wanted.height;
    screen.x_offset = screen.y_offset = 0;
    // What cannot be had is not answered: the viewer keeps what it has.
    if (umfb_set_screen(canvas->fb, &screen, 0)) continue;
    show(canvas, &screen);
    news = CANVAS_RESIZED;
  }
  return taken < 0 ? CANVAS_GONE : news;
}
