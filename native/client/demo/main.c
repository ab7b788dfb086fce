/*
 * umfb-demo [DEVICE]: a moving scene on /dev/fb0, drawn by plain fbdev calls, as any program would: it knows
 * nothing of umfb. Ends at SIGINT or SIGTERM.
 */
#include <stdio.h>
#include <time.h>

#include "scene.h"

enum { frame_ns = 1000000000 / 30 };

static void wait_for_frame(struct timespec* next) {
  next->tv_nsec += frame_ns;
  if (next->tv_nsec >= 1000000000) {
    next->tv_nsec -= 1000000000;
    next->tv_sec++;
  }
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL);
}

static void draw_time(const struct canvas* canvas) {
  char text[9];
  time_t now = time(NULL);
  struct tm local;
  strftime(text, sizeof text, "%H:%M:%S", localtime_r(&now, &local));
  scene_draw_clock(canvas, text);
}

int main(int argc, char** argv) {
  struct canvas canvas;
  if (!canvas_open(&canvas, argc > 1 ? argv[1] : "/dev/fb0")) return 1;
  struct ball ball;
  struct timespec next;
  scene_draw_still(&canvas);
  scene_start_ball(&canvas, &ball);
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (unsigned frame = 0;; frame++) {
    draw_time(&canvas);
    scene_move_ball(&canvas, &ball, frame_ns / 1e9f);
    scene_draw_hues(&canvas, (float)(frame % 300) / 300);
    wait_for_frame(&next);
  }
}
