/*
 * A frontend from docs/protocol.md alone, by nothing but libc: what its page says is enough.
 *
 *     plain SOCKET
 *
 * Draws a picture in stages, says "stage N" after each, and goes on at a line on standard input. Says each
 * key as "key CODE PRESSED". Ends with its standard input.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { page_bytes = 4096, event_bytes = 40, out_slots = 51, in_slots = 25, key_slots = 51 };

static int backend;
static uint8_t *memory, *framebuffer, *keyboard, *heap, *pixels;
static uint32_t* bitmap;
static uint32_t out_prod, in_cons, key_cons, heap_used;

static uint32_t u32(size_t at) {
  uint32_t value;
  memcpy(&value, memory + at, sizeof value);
  return value;
}

static void put32(uint8_t* at, uint32_t value) { __atomic_store_n((uint32_t*)at, value, __ATOMIC_RELEASE); }
static uint32_t get32(const uint8_t* at) { return __atomic_load_n((const uint32_t*)at, __ATOMIC_ACQUIRE); }

static void ring_bell(void) {
  if (send(backend, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EPIPE) errx(1, "no backend");
}

/** A device of this size, in XR24. */
static void attach(const char* path, uint32_t width, uint32_t height) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  backend = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  if (connect(backend, (struct sockaddr*)&address, sizeof address)) err(1, "%s", path);
  struct {
    char magic[4];
    uint16_t version, kind;
    uint32_t width, height, format, reserved;
    uint64_t pixels_bytes;
    char program[64];
  } wish = {"umfb", 1, 0, width, height, 0, 0, 1 << 20, "plain"};
  memcpy(&wish.format, "XR24", 4);
  if (send(backend, &wish, sizeof wish, 0) != 96) err(1, "send");

  struct {
    char magic[4];
    uint16_t version, status;
    uint8_t zeros[8];
  } answer;
  struct iovec part = {&answer, sizeof answer};
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control;
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  if (recvmsg(backend, &message, 0) != 16 || answer.status) errx(1, "refused: %d", answer.status);
  struct cmsghdr* rights = CMSG_FIRSTHDR(&message);
  if (!rights) errx(1, "no device memory");
  int fd;
  memcpy(&fd, CMSG_DATA(rights), sizeof fd);
  struct stat status;
  if (fstat(fd, &status)) err(1, "fstat");
  memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) err(1, "mmap");
  if (memcmp(memory, "umfbdev", 8) || u32(8) < 1 || u32(12) != page_bytes) errx(1, "no device memory");
}

/** The store of the backend has this line. */
static int backend_says(const char* line) {
  char store[1537] = "\n";
  uint32_t serial;
  do {
    serial = get32(memory + 128 + 8);
    memcpy(store + 1, memory + 1024, 1535);
  } while (serial % 2 || get32(memory + 128 + 8) != serial);
  return strstr(store, line) != NULL;
}

static void set_mode(uint32_t width, uint32_t height, uint32_t stride, const char* format, uint64_t offset) {
  uint8_t* scanout = memory + 256;
  put32(scanout + 4, width);
  put32(scanout + 8, height);
  put32(scanout + 12, stride);
  memcpy(scanout + 16, &offset, 8);
  memcpy(scanout + 24, format, 4);
  put32(scanout, 1);
}

static void start(uint32_t width, uint32_t height) {
  framebuffer = memory + u32(24);
  keyboard = memory + u32(28);
  bitmap = (uint32_t*)(memory + u32(32));
  heap = memory + u32(40);
  uint64_t pixels_offset;
  memcpy(&pixels_offset, memory + 56, 8);
  pixels = memory + pixels_offset;
  out_prod = get32(framebuffer + 12);
  in_cons = get32(framebuffer);
  key_cons = get32(keyboard);

  set_mode(width, height, width * 4, "XR24", 0);
  const uint32_t mode[] = {width, height, width * 4, 1 << 20, 32};
  memcpy(framebuffer + 16, mode, 17);
  put32(memory + 192 + 8, get32(memory + 192 + 8) | 1);
  strcpy((char*)memory + 2560,
         "feature-update=1\nfeature-fill=1\nfeature-copy=1\nfeature-blit=1\nfeature-dirty=1\n");
  put32(memory + 192 + 8, get32(memory + 192 + 8) + 1);
  put32(memory + 192 + 4, get32(memory + 192 + 4) + 1);
  put32(memory + 192, 4);
  ring_bell();
}

static void post(const void* event) {
  uint32_t cons = get32(framebuffer + 8);
  if (out_prod - cons >= out_slots || (out_prod == 0 && cons != 0)) {
    put32(memory + 192 + 12, 1);
    ring_bell();
    return;
  }
  memcpy(framebuffer + 2048 + out_prod % out_slots * event_bytes, event, event_bytes);
  put32(framebuffer + 12, ++out_prod);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (get32(framebuffer + 8) == out_prod - 1) ring_bell();
}

/** An event with its kind or rop at 2, a rect at 4, and words from 20 on. */
static void tell(uint8_t type, uint8_t kind, const int32_t rect[4], const uint32_t words[4]) {
  uint8_t event[event_bytes] = {type, 0, kind};
  memcpy(event + 4, rect, 16);
  memcpy(event + 20, words, 16);
  post(event);
}

static void answer_dirty(uint32_t serial) {
  uint32_t event[event_bytes / 4] = {68, serial};
  post(event);
}

static void take_events(void) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  for (uint32_t prod; (prod = get32(framebuffer + 4)) != in_cons; __atomic_thread_fence(__ATOMIC_SEQ_CST)) {
    uint32_t event[event_bytes / 4];
    if (prod - in_cons > in_slots) in_cons = prod - 1;
    memcpy(event, framebuffer + 1024 + in_cons % in_slots * event_bytes, event_bytes);
    put32(framebuffer, ++in_cons);
    if ((event[0] & 255) == 64) answer_dirty(event[1]);
  }
  for (uint32_t prod; (prod = get32(keyboard + 4)) != key_cons; __atomic_thread_fence(__ATOMIC_SEQ_CST)) {
    uint32_t event[event_bytes / 4];
    if (prod - key_cons > key_slots) key_cons = prod - 1;
    memcpy(event, keyboard + 1024 + key_cons % key_slots * event_bytes, event_bytes);
    put32(keyboard, ++key_cons);
    if ((event[0] & 255) == 3) printf("key %u %u\n", event[1], event[0] >> 8 & 255);
  }
  fflush(stdout);
}

/** Says that the stage is drawn, and serves the backend until a line comes. */
static void stage(int number) {
  printf("stage %d\n", number);
  for (char byte = 0; byte != '\n';) {
    struct pollfd ready[] = {{.fd = backend, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    take_events();
    poll(ready, 2, -1);
    char bell;
    if (ready[0].revents && recv(backend, &bell, 1, MSG_DONTWAIT) == 0) errx(1, "the backend is gone");
    if (ready[1].revents && read(STDIN_FILENO, &byte, 1) != 1) _exit(0);
  }
}

/* The picture: test/ring/frontends.test.ts has the same ops. */

enum {
  width = 160,
  height = 100,
  small_width = 96,
  small_height = 64,
  small_stride = 256,
  small_at = 512 << 10
};

static uint32_t* pixel(int x, int y) { return (uint32_t*)pixels + y * width + x; }

static void draw_gradient(void) {
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) *pixel(x, y) = (uint32_t)(x * 7 ^ y * 13) * 0x010305 & 0xffffff;
  }
  tell(2, 0, (const int32_t[]){0, 0, width, height}, (const uint32_t[4]){0});
}

static void fill(uint8_t rop, int x1, int y1, int w, int h, uint32_t colour) {
  for (int y = y1; y < y1 + h; y++) {
    for (int x = x1; x < x1 + w; x++) *pixel(x, y) = rop ? *pixel(x, y) ^ colour : colour;
  }
  tell(64, rop, (const int32_t[]){x1, y1, w, h}, (const uint32_t[4]){colour});
}

static void copy(int x1, int y1, int w, int h, int from_x, int from_y) {
  static uint32_t rows[width * height];
  for (int y = 0; y < h; y++) memcpy(rows + y * w, pixel(from_x, from_y + y), (size_t)w * 4);
  for (int y = 0; y < h; y++) memcpy(pixel(x1, y1 + y), rows + y * w, (size_t)w * 4);
  tell(65, 0, (const int32_t[]){x1, y1, w, h}, (const uint32_t[4]){(uint32_t)from_x, (uint32_t)from_y});
}

static void glyph(uint8_t kind, int x1, int y1, int w, int h, uint32_t foreground, uint32_t background) {
  uint32_t stride = (uint32_t)(w + 7) / 8, at = heap_used;
  heap_used += stride * (uint32_t)h;
  for (uint32_t i = 0; i < stride * (uint32_t)h; i++) heap[at + i] = (uint8_t)(0xa6 ^ i * 37);
  for (int y = 0; y < h; y++) {
    for (int x = 0; x < w; x++) {
      int set = heap[at + (uint32_t)y * stride + (uint32_t)x / 8] >> (7 - x % 8) & 1;
      if (set || kind == 1) *pixel(x1 + x, y1 + y) = set ? foreground : background;
    }
  }
  tell(66, kind, (const int32_t[]){x1, y1, w, h}, (const uint32_t[]){at, stride, foreground, background});
}

static void image(int x1, int y1, int w, int h) {
  uint32_t stride = (uint32_t)w * 4, at = heap_used = (heap_used + 3) / 4 * 4;
  heap_used += stride * (uint32_t)h;
  for (int y = 0; y < h; y++) {
    for (int x = 0; x < w; x++) ((uint32_t*)(heap + at))[y * w + x] = (uint32_t)(x * 0x100f00 + y * 0x1f);
    memcpy(pixel(x1, y1 + y), heap + at + (uint32_t)y * stride, stride);
  }
  tell(66, 0, (const int32_t[]){x1, y1, w, h}, (const uint32_t[4]){at, stride});
}

static void resize(void) {
  for (int y = 0; y < small_height; y++) {
    for (int x = 0; x < small_width; x++) {
      ((uint16_t*)(pixels + small_at))[y * small_stride / 2 + x] = (uint16_t)(x * 331 + y * 57);
    }
  }
  set_mode(small_width, small_height, small_stride, "RG16", small_at);
  const int32_t event[event_bytes / 4] = {3, small_width, small_height, small_stride, 16, small_at};
  post(event);
}

/** Told by its page alone. */
static void store_silently(void) {
  memset(pixels + small_at + page_bytes, 0x5a, 16);
  uint32_t page = small_at / page_bytes + 1;
  __atomic_fetch_or(&bitmap[page / 32], 1u << page % 32, __ATOMIC_SEQ_CST);
  answer_dirty(0);
}

int main(int argc, char** argv) {
  if (argc != 2) errx(2, "usage: plain SOCKET");
  attach(argv[1], width, height);
  if (!backend_says("\nrequest-update=1\n")) errx(1, "the backend does not want to be told");
  start(width, height);
  draw_gradient();
  stage(1);
  fill(0, 10, 10, 50, 30, 0xc02040);
  fill(1, 40, 20, 60, 40, 0xffffff);
  stage(2);
  copy(20, 15, 80, 50, 10, 10);
  stage(3);
  glyph(1, 100, 60, 13, 7, 0xffff00, 0x0000ff);
  glyph(2, 118, 60, 21, 9, 0x00ff00, 0);
  image(5, 80, 16, 8);
  stage(4);
  resize();
  stage(5);
  store_silently();
  stage(6);
  return 0;
}
