/*
 * A plain fbdev program that draws one horizontal band of a picture after the other, each in a way of its
 * own. It waits for a byte on its standard input before each, so that each is a store followed by silence.
 *
 *     ways PICTURE          draws; PICTURE is a file of the framebuffer's bytes
 *     ways --list           names the ways, a line each
 */
#include <fcntl.h>
#include <linux/fb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

static int fb;
static int file;
static size_t size;
static unsigned char* screen;
static unsigned char* picture;

static void fail(const char* what) {
  perror(what);
  exit(99);
}

static void check(int good, const char* what) {
  if (!good) fail(what);
}

static void* map(void) {
  void* address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fb, 0);
  check(address != MAP_FAILED, "mmap");
  return address;
}

/* The child lives on, for the end of a process is reason enough for the host to look. */
static void in_child(void (*draw)(size_t, size_t), size_t from, size_t length) {
  int done[2];
  check(pipe(done) == 0, "pipe");
  pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    draw(from, length);
    check(write(done[1], "", 1) == 1, "pipe");
    for (;;) pause();
  }
  char byte;
  close(done[1]);
  check(read(done[0], &byte, 1) == 1, "child");
  close(done[0]);
}

static void by_store(size_t from, size_t length) { memcpy(screen + from, picture + from, length); }

static void by_write(size_t from, size_t length) {
  check(lseek(fb, from, SEEK_SET) == (off_t)from, "lseek");
  check(write(fb, picture + from, length) == (ssize_t)length, "write");
}

static void by_pwrite(size_t from, size_t length) {
  check(pwrite(fb, picture + from, length, from) == (ssize_t)length, "pwrite");
}

static void by_writev(size_t from, size_t length) {
  struct iovec parts[] = {{picture + from, length / 2}, {picture + from + length / 2, length - length / 2}};
  check(lseek(fb, from, SEEK_SET) == (off_t)from, "lseek");
  check(writev(fb, parts, 2) == (ssize_t)length, "writev");
}

static void by_read_into_mapping(size_t from, size_t length) {
  check(pread(file, screen + from, length, from) == (ssize_t)length, "pread");
}

static void by_second_mapping(size_t from, size_t length) {
  unsigned char* second = map();
  memcpy(second + from, picture + from, length);
}

static void by_new_mapping(size_t from, size_t length) {
  check(munmap(screen, size) == 0, "munmap");
  screen = map();
  by_store(from, length);
}

static void by_moved_mapping(size_t from, size_t length) {
  // A mapping that has to make room for itself is moved.
  void* elsewhere = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(elsewhere != MAP_FAILED, "mmap");
  screen = mremap(screen, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere);
  check(screen != MAP_FAILED, "mremap");
  by_store(from, length);
}

static void by_child(size_t from, size_t length) { in_child(by_store, from, length); }

static void by_childs_pwrite(size_t from, size_t length) { in_child(by_pwrite, from, length); }

static void by_childs_new_mapping(size_t from, size_t length) { in_child(by_second_mapping, from, length); }

static void by_grandchild_store(size_t from, size_t length) { in_child(by_child, from, length); }

static void by_duplicate(size_t from, size_t length) {
  int copy = dup(fb);
  check(copy >= 0 && pwrite(copy, picture + from, length, from) == (ssize_t)length, "dup");
  close(copy);
}

static void by_program(size_t from, size_t length) {
  char command[200];
  snprintf(command, sizeof command,
           "tail -c +%zu <&%d | head -c %zu | dd of=/dev/fb0 bs=%zu seek=%zu oflag=seek_bytes %s", from + 1,
           file, length, length, from, "iflag=fullblock conv=notrunc status=none");
  check(lseek(file, 0, SEEK_SET) == 0 && system(command) == 0, "system");
}

static void by_one_byte(size_t from, size_t length) {
  for (size_t i = from; i < from + length; i++) {
    if (screen[i] != picture[i]) ((volatile unsigned char*)screen)[i] = picture[i];
  }
}

struct range {
  size_t from, length;
};

static void* thread(void* argument) {
  const struct range* range = argument;
  by_store(range->from, range->length);
  return NULL;
}

static void by_thread(size_t from, size_t length) {
  pthread_t id;
  struct range range = {from, length};
  check(pthread_create(&id, NULL, thread, &range) == 0 && pthread_join(id, NULL) == 0, "pthread");
}

static const struct {
  const char* name;
  void (*draw)(size_t from, size_t length);
} ways[] = {
    {"a store", by_store},
    {"write", by_write},
    {"pwrite", by_pwrite},
    {"writev", by_writev},
    {"read(2) into the mapping", by_read_into_mapping},
    {"a second mapping", by_second_mapping},
    {"a new mapping", by_new_mapping},
    {"a moved mapping", by_moved_mapping},
    {"a child's inherited mapping", by_child},
    {"a child's pwrite", by_childs_pwrite},
    {"a child's new mapping", by_childs_new_mapping},
    {"a grandchild's inherited mapping", by_grandchild_store},
    {"a duplicated descriptor", by_duplicate},
    {"another program", by_program},
    {"a thread", by_thread},
    {"single bytes", by_one_byte},
};

enum { way_count = sizeof ways / sizeof *ways };

int main(int argc, char** argv) {
  if (argc != 2) return 98;
  if (strcmp(argv[1], "--list") == 0) {
    for (int i = 0; i < way_count; i++) puts(ways[i].name);
    return 0;
  }
  struct fb_fix_screeninfo fixed;
  struct fb_var_screeninfo variable;
  check((fb = open("/dev/fb0", O_RDWR)) >= 0, "/dev/fb0");
  check((file = open(argv[1], O_RDONLY)) >= 0, argv[1]);
  check(ioctl(fb, FBIOGET_FSCREENINFO, &fixed) == 0 && ioctl(fb, FBIOGET_VSCREENINFO, &variable) == 0,
        "ioctl");
  size = (size_t)fixed.line_length * variable.yres;
  screen = map();
  picture = malloc(size);
  check(picture && pread(file, picture, size, 0) == (ssize_t)size, "read");

  size_t band = (size_t)fixed.line_length * (variable.yres / way_count);
  char byte;
  for (int i = 0; i < way_count && read(STDIN_FILENO, &byte, 1) == 1; i++) {
    ways[i].draw(i * band, i == way_count - 1 ? size - i * band : band);
  }
  for (;;) pause();
}
