/*
 * umfb-demo [DEVICE | SOCKET]: a moving scene, until SIGINT or SIGTERM.
 *
 * On a device (/dev/fb0) it is drawn by plain fbdev calls, as any program would: it knows nothing of umfb. At
 * the socket of `umfb serve` it has a device of its own by libumfb, and follows the size of the viewer's
 * window.
 */
#include <stdio.h>
#include <sys/stat.h>
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

static bool open_canvas(struct canvas* canvas, const char* path) {
  struct stat status;
  bool is_socket = stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
  return is_socket ? canvas_connect(canvas, path) : canvas_open(canvas, path);
}

static void begin(const struct canvas* canvas, struct ball* ball) {
  scene_draw_still(canvas);
  scene_start_ball(canvas, ball);
}

int main(int argc, char** argv) {
  struct canvas canvas;
  if (!open_canvas(&canvas, argc > 1 ? argv[1] : "/dev/fb0")) return 1;
  struct ball ball;
  struct timespec next;
  begin(&canvas, &ball);
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (unsigned frame = 0;; frame++) {
    enum canvas_news news = canvas_follow(&canvas);
    if (news == CANVAS_GONE) return 0;
    if (news == CANVAS_RESIZED) begin(&canvas, &ball);
    draw_time(&canvas);
    scene_move_ball(&canvas, &ball, frame_ns / 1e9f);
    scene_draw_hues(&canvas, (float)(frame % 300) / 300);
    wait_for_frame(&next);
  }
}
