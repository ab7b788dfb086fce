// umfb-bench-peer METHOD WIDTH HEIGHT BUDGET_MS < FRAMES
//
// Goes through a workload as bench/tracking/trial.ts does: draws a frame, harvests, and so on, and prints the
// same JSON: medians over the cycles, nanoseconds a frame on a processor. FRAMES are words of 32 bits: the
// count of frames, then of each its count of words and the words for draw(); the last frame is painted before
// all.
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../native/control.h"
#include "peer.h"

enum { kMostCycles = 1 << 16, kLeastCycles = 3, kPatience = 4 };

struct cycle {
  double tracker_ns, writer_ns, writer_wall_ns, pages;
};

static const struct peer* peer;
static struct picture picture;
static uint32_t **frames, frame_count, frame_number;
static struct cycle cycles[kMostCycles];
/** Of reading the clock twice. */
static double clock_cost_ns;

static void read_words(uint32_t* words, size_t count) {
  if (count > 0 && fread(words, sizeof *words, count, stdin) != count) errx(2, "expected more frames");
}

static void read_frames(void) {
  read_words(&frame_count, 1);
  if (frame_count < 2 || frame_count > 1 << 16) errx(2, "expected frames, received %u", frame_count);
  frames = calloc(frame_count, sizeof *frames);
  for (uint32_t i = 0; i < frame_count; i++) {
    uint32_t count;
    read_words(&count, 1);
    frames[i] = malloc((count + 1ul) * sizeof **frames);
    if (!frames[i]) err(1, "malloc");
    frames[i][0] = count;
    read_words(frames[i] + 1, count);
  }
}

static void draw_frame(uint32_t index) {
  const int error = draw(&picture, frames[index] + 1, frames[index][0], ++frame_number);
  if (error) errx(1, "a store of the writer failed: %s", strerror(error));
}

/** Of all other threads. */
static double handler_cpu_ns(void) {
  const double process = (double)clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  return process - (double)clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static struct cycle run_cycle(void) {
  struct cycle result = {0};
  const double handler_ns = handler_cpu_ns();
  for (uint32_t i = 0; i + 1 < frame_count; i++) {
    const uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID), wall = clock_ns(CLOCK_MONOTONIC);
    draw_frame(i);
    result.writer_wall_ns += clock_ns(CLOCK_MONOTONIC) - wall;
    const uint64_t drawn = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    result.writer_ns += drawn - cpu;
    result.pages += peer->harvest();
    result.tracker_ns += (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - drawn) - clock_cost_ns;
  }
  result.tracker_ns += handler_cpu_ns() - handler_ns;
  return result;
}

/** For the time, or for a few cycles where those are slow; one cycle at least. */
static size_t run_for(double budget_ms) {
  const uint64_t start = clock_ns(CLOCK_MONOTONIC), budget = (uint64_t)(budget_ms * 1e6);
  size_t count = 0;
  for (uint64_t spent = 0; count < kMostCycles; spent = clock_ns(CLOCK_MONOTONIC) - start) {
    if (count > 0 && spent > budget && (count >= kLeastCycles || spent > kPatience * budget)) break;
    cycles[count++] = run_cycle();
  }
  return count;
}

static int by_value(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static void measure_clock(void) {
  enum { kReadings = 1001 };
  static double values[kReadings];
  for (size_t i = 0; i < kReadings; i++) {
    const uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    values[i] = (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start);
  }
  qsort(values, kReadings, sizeof *values, by_value);
  clock_cost_ns = values[kReadings / 2];
}

/** A frame's median of the member at `offset`. */
static double median(size_t count, size_t offset) {
  static double values[kMostCycles];
  for (size_t i = 0; i < count; i++) memcpy(&values[i], (const char*)&cycles[i] + offset, sizeof *values);
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2] / (frame_count - 1);
}

int main(int argc, char** argv) {
  if (argc != 5) errx(2, "usage: %s METHOD WIDTH HEIGHT BUDGET_MS < FRAMES", argv[0]);
  for (size_t i = 0; peers[i]; i++) {
    if (strcmp(peers[i]->name, argv[1]) == 0) peer = peers[i];
  }
  if (!peer) errx(2, "no peer is called %s", argv[1]);
  struct surface surface = {.width = (uint32_t)atoi(argv[2]), .height = (uint32_t)atoi(argv[3])};
  surface.page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  surface.bytes = surface.width * 4ul * surface.height + surface.page_bytes - 1;
  surface.bytes -= surface.bytes % surface.page_bytes;
  const int memfd = memfd_create("umfb-bench-peer", MFD_CLOEXEC);
  if (memfd < 0 || ftruncate(memfd, (off_t)surface.bytes) < 0) err(1, "memfd");
  surface.memory = mmap(NULL, surface.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
  if (surface.memory == MAP_FAILED) err(1, "mmap");
  picture = (struct picture){surface.memory, surface.width * 4};

  measure_clock();
  read_frames();
  draw_frame(frame_count - 1);
  peer->start(&surface);
  const double budget_ms = atof(argv[4]);
  run_for(budget_ms / 6);
  const size_t count = run_for(budget_ms);
  printf(
      "{\"frames\":%zu,\"trackerNs\":%.0f,\"writerNs\":%.0f,\"writerWallNs\":%.0f,\"pagesReported\":%.2f}\n",
      count * (frame_count - 1), median(count, offsetof(struct cycle, tracker_ns)),
      median(count, offsetof(struct cycle, writer_ns)), median(count, offsetof(struct cycle, writer_wall_ns)),
      median(count, offsetof(struct cycle, pages)));
  return 0;
}
