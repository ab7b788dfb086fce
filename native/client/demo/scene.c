#include "scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "font.h"

static const struct colour ink = {0.93f, 0.96f, 1.0f};
static const struct colour faint = {0.55f, 0.68f, 0.80f};

/** All sizes derive from the smaller side, so that the scene fits any mode. */
static int unit(const struct canvas* canvas) {
  int smaller = canvas->width < canvas->height ? canvas->width : canvas->height;
  int dots = smaller / 200;
  return dots > 1 ? dots : 1;
}

static int strip_height(const struct canvas* canvas) { return 8 * unit(canvas); }
static int header_height(const struct canvas* canvas) { return 48 * unit(canvas); }

static float mix(float from, float to, float share) { return from + (to - from) * share; }

/** Night at the top, dusk below: a function of the place alone, so that it can be drawn again anywhere. */
static struct colour background(const struct canvas* canvas, int x, int y) {
  float down = (float)y / (float)canvas->height;
  float across = (float)x / (float)canvas->width;
  return (struct colour){mix(0.03f, 0.30f, down * down) + 0.05f * across, mix(0.06f, 0.16f, down),
                         mix(0.16f, 0.38f, down) + 0.06f * (1 - across)};
}

static void draw_text(const struct canvas* canvas, const char* text, int left, int top, int scale,
                      struct colour colour) {
  int length = (int)strlen(text);
  for (int y = 0; y < glyph_height * scale; y++) {
    for (int x = 0; x < length * glyph_width * scale; x++) {
      int dot = x / scale;
      bool has_ink = font_dot(text[dot / glyph_width], dot % glyph_width, y / scale);
      struct colour there = has_ink ? colour : background(canvas, left + x, top + y);
      canvas_put(canvas, left + x, top + y, there);
    }
  }
}

/** What the clock shows now. */
static char shown[9] = "";

void scene_draw_still(const struct canvas* canvas) {
  memset(shown, 0, sizeof shown);
  for (int y = 0; y < canvas->height; y++) {
    for (int x = 0; x < canvas->width; x++) canvas_put(canvas, x, y, background(canvas, x, y));
  }
  int dots = unit(canvas);
  char mode[64];
  snprintf(mode, sizeof mode, "%d x %d, %d bits a pixel", canvas->width, canvas->height,
           canvas->bytes_per_pixel * 8);
  draw_text(canvas, "umfb", 8 * dots, 8 * dots, 3 * dots, ink);
  draw_text(canvas, mode, 8 * dots, 37 * dots, dots, faint);
}

void scene_draw_clock(const struct canvas* canvas, const char* text) {
  int scale = 2 * unit(canvas);
  int left = canvas->width - 8 * glyph_width * scale - 6 * unit(canvas);
  for (int index = 0; index < 8; index++) {
    if (shown[index] == text[index]) continue;
    shown[index] = text[index];
    char one[2] = {text[index], '\0'};
    draw_text(canvas, one, left + index * glyph_width * scale, 10 * unit(canvas), scale, ink);
  }
}

static float radius(const struct canvas* canvas) { return 16.0f * (float)unit(canvas); }

void scene_start_ball(const struct canvas* canvas, struct ball* ball) {
  ball->x = radius(canvas) * 2;
  ball->y = (float)header_height(canvas) + radius(canvas);
  ball->speed_x = (float)canvas->width / 5;
  ball->speed_y = 0;
}

/** Keeps a coordinate between two walls; what hits one flies back. */
static void bounce(float* place, float* speed, float least, float most) {
  if (*place < least) {
    *place = least;
    *speed = fabsf(*speed);
  } else if (*place > most) {
    *place = most;
    *speed = -fabsf(*speed);
  }
}

static void advance(const struct canvas* canvas, struct ball* ball, float seconds) {
  float size = radius(canvas);
  float floor = (float)(canvas->height - strip_height(canvas)) - size;
  float height = floor - (float)header_height(canvas) - size;
  // It falls the whole height in 0.8 s, and comes back to it for ever.
  float gravity = 2 * height / (0.8f * 0.8f);
  ball->speed_y += gravity * seconds;
  ball->x += ball->speed_x * seconds;
  ball->y += ball->speed_y * seconds;
  bool landed = ball->y > floor;
  bounce(&ball->x, &ball->speed_x, size, (float)canvas->width - size);
  bounce(&ball->y, &ball->speed_y, (float)header_height(canvas) + size, floor);
  if (landed) ball->speed_y = -sqrtf(2 * gravity * height);
}

/** A lit sphere over the background, its edge blended. */
static struct colour ball_colour(const struct canvas* canvas, const struct ball* ball, int x, int y) {
  struct colour behind = background(canvas, x, y);
  float size = radius(canvas);
  float right = ((float)x + 0.5f - ball->x) / size;
  float down = ((float)y + 0.5f - ball->y) / size;
  float distance = sqrtf(right * right + down * down);
  float cover = (1 - distance) * size + 0.5f;
  if (cover <= 0) return behind;
  if (cover > 1) cover = 1;
  float front = sqrtf(fmaxf(0, 1 - distance * distance));
  // The light comes from the upper left.
  float light = fmaxf(0, -0.5f * right - 0.6f * down + 0.62f * front);
  float shine = powf(light, 24);
  struct colour lit = {0.20f + 0.80f * light + shine, 0.10f + 0.45f * light + shine,
                       0.05f + 0.10f * light + shine};
  return (struct colour){mix(behind.red, lit.red, cover), mix(behind.green, lit.green, cover),
                         mix(behind.blue, lit.blue, cover)};
}

void scene_move_ball(const struct canvas* canvas, struct ball* ball, float seconds) {
  struct ball before = *ball;
  advance(canvas, ball, seconds);
  // In one pass over both places: no pixel is background for a moment and ball again.
  float size = radius(canvas) + 1;
  int left = (int)(fminf(before.x, ball->x) - size), right = (int)(fmaxf(before.x, ball->x) + size);
  int top = (int)(fminf(before.y, ball->y) - size), bottom = (int)(fmaxf(before.y, ball->y) + size);
  int end = canvas->height - strip_height(canvas);
  for (int y = top; y <= bottom && y < end; y++) {
    for (int x = left; x <= right; x++) canvas_put(canvas, x, y, ball_colour(canvas, ball, x, y));
  }
}

/** @param hue from 0 to 1, around the wheel */
static float hue_component(float hue, float peak) {
  float distance = fabsf(hue - peak);
  if (distance > 0.5f) distance = 1 - distance;
  return fminf(1, fmaxf(0, 2 - 6 * distance));
}

void scene_draw_hues(const struct canvas* canvas, float phase) {
  for (int x = 0; x < canvas->width; x++) {
    float hue = (float)x / (float)canvas->width + phase;
    hue -= floorf(hue);
    struct colour colour = {hue_component(hue, 0), hue_component(hue, 1.0f / 3),
                            hue_component(hue, 2.0f / 3)};
    for (int y = canvas->height - strip_height(canvas); y < canvas->height; y++)
      canvas_put(canvas, x, y, colour);
  }
}
