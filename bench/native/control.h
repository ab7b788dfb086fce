// What the bench and its writer share: the frames of a workload, which one is to be drawn, and what that
// cost. The two run in lockstep by the futexes request and reply. bench/tracking/control.ts has the same
// offsets.
#ifndef UMFB_BENCH_CONTROL_H
#define UMFB_BENCH_CONTROL_H

#include <stdint.h>

#include "draw.h"

#ifdef __cplusplus
extern "C" {
#endif

struct control {
  /** Counts the frames asked for. */
  uint32_t request;
  /** Counts the frames drawn. */
  uint32_t reply;
  /** The frame to be drawn: a number that animates its content, and its place in `words`. */
  uint32_t frame, first_word, word_count;
  /** Of the last frame: 0 or an errno. */
  uint32_t error;
  /** Before drawing, the writer sleeps for that long: a store at a moment of its own. */
  uint32_t delay_us;
  uint32_t unused;
  /** Of the last frame: the writer's own time on a processor, and the clock's; when it began, by
   * CLOCK_MONOTONIC. */
  uint64_t cpu_ns, wall_ns, started_ns;
  uint32_t words[];
};

/** Draws the frame that is asked for, and notes what it cost. */
void draw_asked(struct control* control, const struct picture* picture);

/** Asks for a frame, without waiting for it. */
void ask(struct control* control);
/** Waits until what was asked for is drawn. @return 0 when `timeout_ms` were not enough */
int await_reply(const struct control* control, uint32_t timeout_ms);
/** The writer's side: waits to be asked, draws, answers; for ever. */
void serve(struct control* control, const struct picture* picture);

uint64_t clock_ns(int clock);

#ifdef __cplusplus
}
#endif
#endif
