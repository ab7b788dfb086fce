/*
 * A frontend that is hostile to its backend: writes anything to all of device memory, rings, leaves, and
 * comes again, at times with memory of its own making or with a packet that is none. The same numbers for the
 * same seed; it ends with its standard input.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../ring/layout.h"
#include "../socket.h"
#include "guest.h"

enum { rounds_of_a_visit = 300, changes_of_a_round = 40, answer_ms = 2000 };

static uint64_t state;

/** xorshift64* */
static uint32_t any(void) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t)((state * 2685821657736338717ull) >> 32);
}

static uint32_t below(uint32_t bound) { return any() % bound; }

/** What tends to be at an edge, or anything. */
static uint32_t edge(void) {
  static const uint32_t edges[] = {0,          1,          2,      255,     256,    4096,       16383,
                                   16384,      16385,      65535,  131072,  131073, 0x7fffffff, 0x80000000,
                                   0xffffffff, 0xfffff000, 100000, 0x10000, 640,    480};
  return below(4) ? edges[below(sizeof edges / sizeof edges[0])] + below(3) - 1 : any();
}

/** Where the parts are, as the backend said it. */
struct visit {
  int socket;
  uint8_t* memory;
  size_t bytes;
  struct umfb_info info;
};

static void ring(const struct visit* visit) { send(visit->socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL); }

static uint32_t* word(const struct visit* visit, uint64_t at) {
  return (uint32_t*)(visit->memory + (at + 4 <= visit->bytes ? at / 4 * 4 : 0));
}

static void scribble_anywhere(const struct visit* visit) {
  const size_t at = (size_t)any() * 4096 % visit->bytes + below(4096);
  for (uint32_t count = below(64); count > 0; count--)
    visit->memory[(at + count) % visit->bytes] = (uint8_t)any();
}

/** A mode as it might be, or not at all. */
static void write_scanout(const struct visit* visit) {
  static const uint32_t formats[] = {UMFB_DEV_FORMAT_XRGB8888, UMFB_DEV_FORMAT_RGB888, UMFB_DEV_FORMAT_RGB565,
                                     UMFB_DEV_FORMAT_C8, UMFB_DEV_FORMAT_RGB332};
  const bool is_sane = below(3) != 0;
  struct umfb_scanout scanout = {
      .enabled = below(8) ? 1 : edge(),
      .width = is_sane ? 1 + below(900) : edge(),
      .height = is_sane ? 1 + below(700) : edge(),
      .stride_bytes = is_sane ? 3600 + below(64) : edge(),
      .offset_bytes = is_sane ? below(1 << 20) : (uint64_t)edge() << below(33),
      .format = below(8) ? formats[below(5)] : any(),
      .blank = below(4) ? 0 : edge(),
      .x = (int32_t)edge(),
      .y = (int32_t)edge(),
  };
  memcpy(visit->memory + offsetof(struct umfb_info, scanouts) + below(4) * sizeof scanout, &scanout,
         sizeof scanout);
}

/** An event of a kind that there is, with values that may be right. */
static void write_event(const struct visit* visit) {
  static const uint8_t types[] = {2, 3, 64, 65, 66, 67, 68, 69, 70, 71, 99};
  uint8_t event[UMFB_DEV_EVENT_BYTES];
  const bool is_sane = below(2) != 0;
  for (size_t at = 0; at < sizeof event; at += 4) {
    const uint32_t value = is_sane ? below(400) : edge();
    memcpy(event + at, &value, 4);
  }
  event[0] = types[below(sizeof types)];
  event[1] = (uint8_t)below(5);
  event[2] = (uint8_t)below(4);
  uint8_t* page = visit->memory + visit->info.framebuffer_offset;
  uint32_t* prod = (uint32_t*)(page + UMFB_DEV_FRAMEBUFFER_OUT_PROD);
  memcpy(page + UMFB_DEV_FRAMEBUFFER_OUT_EVENTS + *prod % UMFB_DEV_FRAMEBUFFER_OUT_SLOTS * sizeof event,
         event, sizeof event);
  __atomic_store_n(prod, *prod + 1, __ATOMIC_RELEASE);
}

static void write_store(const struct visit* visit) {
  static const char* const names[] = {"update", "fill",     "copy",    "blit", "cursor",      "dirty",
                                      "bell",   "scanouts", "colours", "mode", "abs-pointer", "multi-touch"};
  char store[UMFB_DEV_STORE_BYTES] = "";
  for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
    if (below(8) == 0) continue;
    const size_t length = strlen(store);
    snprintf(store + length, sizeof store - length, "%s-%s=1\n", index < 9 ? "feature" : "request",
             names[index]);
  }
  if (below(8) == 0) memset(store + below(200), (int)below(256), below(1300));
  struct umfb_peer* own = (struct umfb_peer*)(visit->memory + offsetof(struct umfb_info, frontend));
  memcpy(visit->memory + offsetof(struct umfb_info, frontend_store), store, sizeof store);
  own->store_serial = below(16) ? (own->store_serial | 1) + 1 : any();
  own->generation += below(2);
  own->state = below(8) ? UMFB_DEV_STATE_CONNECTED : edge();
}

static void change(const struct visit* visit) {
  const struct umfb_info* info = &visit->info;
  switch (below(10)) {
    case 0:
      scribble_anywhere(visit);
      break;
    case 1:  // an index
      *word(visit, (below(2) ? info->framebuffer_offset : info->keyboard_offset) + below(4) * 4) = edge();
      break;
    case 2:
      write_scanout(visit);
      break;
    case 3:
      if (below(20) == 0) write_store(visit);
      break;
    case 4:  // pages
      *word(visit, info->bitmap_offset + below(info->bitmap_bytes)) = any();
      break;
    case 5:
      *word(visit, offsetof(struct umfb_info, frontend) + below(5) * 4) = below(4) ? 4 : edge();
      break;
    case 6:
      *word(visit, info->pixels_offset + below(4 << 20)) = any();
      break;
    default:
      write_event(visit);
  }
}

/** Memory that may be what it should be. @return its descriptor */
static int make_memory(const struct visit* last) {
  int fd = memfd_create("scribble", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  const size_t bytes = below(4) ? 8 << 20 : below(100000);
  if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0) exit(4);
  if (below(8)) fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | (below(2) ? F_SEAL_GROW : 0));
  uint32_t words[sizeof(struct umfb_info) / 4];
  memcpy(words, &last->info, sizeof words);
  if (bytes >= 8 << 20 && below(2)) ((struct umfb_info*)words)->memory_bytes = bytes;
  if (below(2)) ((struct umfb_info*)words)->pixels_bytes = 2 << 20;
  for (uint32_t count = below(6); count > 0; count--) words[below(32)] = edge();
  // Where it is too small and sealed, it stays empty.
  if (pwrite(fd, words, sizeof words, 0) < 0) words[0] = 0;
  return fd;
}

/** @return false: nobody let it in */
static bool enter(struct visit* visit, const char* path) {
  struct umfb_attach attach = {
      .magic = UMFB_DEV_SOCKET_MAGIC,
      .version = 1,
      .kind = (uint16_t)(below(4) == 0 && visit->info.version ? UMFB_DEV_ATTACH_MINE : UMFB_DEV_ATTACH_NEW),
      .width = below(4) ? 320 : edge(),
      .height = below(4) ? 240 : edge(),
      .format = below(2) ? 0 : edge(),
      .pixels_bytes = below(2) ? 4 << 20 : (uint64_t)edge() << below(33),
      .program = "scribble",
  };
  int memory = attach.kind == UMFB_DEV_ATTACH_MINE ? make_memory(visit) : -1;
  size_t size = sizeof attach;
  if (below(8) == 0) ((uint8_t*)&attach)[below(sizeof attach)] = (uint8_t)any();
  if (below(16) == 0) size = below(sizeof attach) + 1;
  visit->socket = umfb_open_socket(path, 0);
  if (visit->socket < 0) return false;
  const int fds[] = {memory, memory, STDOUT_FILENO};
  struct umfb_packet packet = {.parts = {{&attach, size}}, .part_count = 1, .fds = fds};
  packet.fd_count = memory < 0 ? 0 : below(16) ? 1 : 3;
  umfb_send_packet(visit->socket, &packet, 0);

  struct umfb_attached answer;
  struct umfb_packet room = {.parts = {{&answer, sizeof answer}}, .part_count = 1};
  struct pollfd ready = {.fd = visit->socket, .events = POLLIN};
  int given = -1;
  poll(&ready, 1, answer_ms);
  const bool is_in =
      umfb_receive_packet(visit->socket, &room, MSG_DONTWAIT, &given) == sizeof answer && answer.status == 0;
  int fd = given >= 0 ? given : memory;
  struct stat status;
  if (!is_in || fd < 0 || fstat(fd, &status) != 0 || status.st_size < (off_t)sizeof(struct umfb_info)) {
    if (given >= 0) close(given);
    if (memory >= 0) close(memory);
    return false;
  }
  visit->bytes = (size_t)status.st_size;
  visit->memory = mmap(NULL, visit->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  require(visit->memory != MAP_FAILED, "mmap");
  memcpy(&visit->info, visit->memory, sizeof visit->info);
  if (given >= 0) close(given);
  if (memory >= 0) close(memory);
  return true;
}

static bool is_over(int ms) {
  struct pollfd end = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&end, 1, ms) != 0;
}

static void visit_once(struct visit* visit, const char* path) {
  if (enter(visit, path)) {
    dprintf(STDOUT_FILENO, "in\n");
    write_scanout(visit);
    write_store(visit);
    ring(visit);
    for (int round = 0; round < rounds_of_a_visit && !is_over(1); round++) {
      for (int count = below(changes_of_a_round); count > 0; count--) change(visit);
      ring(visit);
    }
    munmap(visit->memory, visit->bytes);
  } else {
    dprintf(STDOUT_FILENO, "out\n");
  }
  if (visit->socket >= 0) close(visit->socket);
}

static void scribble(char** arguments) {
  state = arguments[0] ? strtoull(arguments[0], NULL, 10) + 1 : 1;
  const char* path = getenv("UMFB_SOCKET");
  require(path != NULL, "$UMFB_SOCKET");
  struct visit visit = {0};
  while (!is_over(0)) visit_once(&visit, path);
}

const struct test_case scribble_cases[] = {{"scribble", scribble}, {0}};
