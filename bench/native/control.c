#include "control.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(offsetof(struct control, cpu_ns) == 32, "bench/tracking/control.ts");
_Static_assert(offsetof(struct control, words) == 56, "bench/tracking/control.ts");

/** Longer than a frame may take: a writer that waits for more has lost his host. */
enum { kPatienceMs = 60000 };

uint64_t clock_ns(int clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

void draw_asked(struct control* control, const struct picture* picture) {
  const uint32_t* words = control->words + control->first_word;
  if (control->delay_us > 0) {
    const struct timespec delay = {control->delay_us / 1000000, control->delay_us % 1000000 * 1000};
    nanosleep(&delay, NULL);
  }
  const uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
  control->started_ns = clock_ns(CLOCK_MONOTONIC);
  control->error = draw(picture, words, control->word_count, control->frame);
  control->wall_ns = clock_ns(CLOCK_MONOTONIC) - control->started_ns;
  control->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
}

/** @return 0 when `word` is still `value` after the time */
static int wait_while(const uint32_t* word, uint32_t value, uint32_t timeout_ms) {
  const uint64_t end = clock_ns(CLOCK_MONOTONIC) + timeout_ms * 1000000ull;
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value) {
    const uint64_t now = clock_ns(CLOCK_MONOTONIC);
    if (now >= end) return 0;
    const struct timespec left = {(end - now) / 1000000000, (end - now) % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT, value, &left, NULL, 0);
  }
  return 1;
}

static void advance(uint32_t* word) {
  __atomic_add_fetch(word, 1, __ATOMIC_RELEASE);
  syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void ask(struct control* control) { advance(&control->request); }

int await_reply(const struct control* control, uint32_t timeout_ms) {
  return wait_while(&control->reply, control->request - 1, timeout_ms);
}

void serve(struct control* control, const struct picture* picture) {
  for (uint32_t drawn = 0; wait_while(&control->request, drawn, kPatienceMs); drawn++) {
    draw_asked(control, picture);
    advance(&control->reply);
  }
}
