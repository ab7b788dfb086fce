/*
 * A plain fbdev program that knows nothing of umfb: it draws a picture, waits for a line on its standard
 * input, draws another one, and at once ends as it is told to.
 *
 *     fbdev-guest FIRST SECOND END
 *
 * FIRST and SECOND are files of the framebuffer's bytes. END is one of the names in `endings`.
 */
#include <fcntl.h>
#include <linux/fb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned char* screen;
static unsigned char* picture;
static size_t size;
static const char* first_file;

static void fail(const char* what) {
  perror(what);
  exit(99);
}

static void draw(const char* file) {
  FILE* in = fopen(file, "rb");
  if (!in || fread(picture, 1, size, in) != size) fail(file);
  fclose(in);
  memcpy(screen, picture, size);
}

static void wait_for_line(void) {
  for (char byte = 0; byte != '\n';) {
    if (read(STDIN_FILENO, &byte, 1) != 1) fail("standard input");
  }
}

static void end_exit(void) { exit(7); }

static void end_crash(void) { *(volatile int*)8 = 1; }

static void end_kill(void) { raise(SIGKILL); }

static void end_wait(void) {
  for (;;) pause();
}

/* Stores for ever, whatever it is asked. */
static void end_hang(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
  for (;;) memcpy(screen, picture, size);
}

/* A process that is stopped gets no signal but SIGKILL. */
static void end_stop(void) {
  raise(SIGSTOP);
  end_wait();
}

/* Leaves a child behind that belongs to nobody, and hangs. */
static void end_orphan(void) {
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child > 0) exit(7);
  setsid();
  child = fork();
  if (child < 0) fail("fork");
  if (child > 0) _exit(0);
  end_hang();
}

/* Goes on in the background, and on the next line draws its first picture again. */
static void end_background(void) {
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child > 0) exit(0);
  setsid();
  wait_for_line();
  draw(first_file);
  exit(0);
}

static const struct {
  const char* name;
  void (*end)(void);
} endings[] = {
    {"exit", end_exit}, {"crash", end_crash}, {"kill", end_kill},     {"wait", end_wait},
    {"hang", end_hang}, {"stop", end_stop},   {"orphan", end_orphan}, {"background", end_background},
};

int main(int argc, char** argv) {
  if (argc != 4) return 98;
  int fb = open("/dev/fb0", O_RDWR);
  if (fb < 0) fail("/dev/fb0");
  struct fb_fix_screeninfo fixed;
  struct fb_var_screeninfo variable;
  if (ioctl(fb, FBIOGET_FSCREENINFO, &fixed) || ioctl(fb, FBIOGET_VSCREENINFO, &variable)) fail("ioctl");
  size = (size_t)fixed.line_length * variable.yres;
  screen = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fb, 0);
  picture = malloc(size);
  if (screen == MAP_FAILED || !picture) fail("mmap");

  first_file = argv[1];
  draw(first_file);
  wait_for_line();
  draw(argv[2]);
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    if (strcmp(argv[3], endings[i].name) == 0) endings[i].end();
  }
  return 97;
}
