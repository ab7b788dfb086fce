/* What the demo shows: each part knows its place, and draws only what changed since it was drawn last. */
#ifndef UMFB_DEMO_SCENE_H
#define UMFB_DEMO_SCENE_H

#include "canvas.h"

/** What never moves: the background, the title, the mode. Sets every pixel. */
void scene_draw_still(const struct canvas* canvas);

/** `text` is eight characters, as "12:34:56"; only those that changed are drawn. */
void scene_draw_clock(const struct canvas* canvas, const char* text);

struct ball {
  float x, y;
  float speed_x, speed_y;
};

void scene_start_ball(const struct canvas* canvas, struct ball* ball);
/** Moves it on by so many seconds, and draws where it was and where it is. */
void scene_move_ball(const struct canvas* canvas, struct ball* ball, float seconds);

/** The strip of hues at the lower edge. `phase` turns the wheel: 1 is once around. */
void scene_draw_hues(const struct canvas* canvas, float phase);

#endif
