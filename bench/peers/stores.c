// An fbdev program that times its own stores. It maps /dev/fb0, prints "ready", and for each byte on standard
// input stores once into every page and prints the nanoseconds a store took. It ends with its standard input.
#include <fcntl.h>
#include <linux/fb.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(void) {
  int fb = open("/dev/fb0", O_RDWR);
  struct fb_fix_screeninfo fixed;
  if (fb < 0 || ioctl(fb, FBIOGET_FSCREENINFO, &fixed) < 0) {
    perror("/dev/fb0");
    return 1;
  }
  volatile uint8_t* memory = mmap(NULL, fixed.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED, fb, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    return 1;
  }
  size_t page = sysconf(_SC_PAGESIZE), pages = fixed.smem_len / page;
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("ready");
  uint8_t value = 0;
  for (char command; read(STDIN_FILENO, &command, 1) == 1;) {
    value++;
    double start = now_ns();
    for (size_t p = 0; p < pages; p++) memory[p * page] = value;
    printf("%.1f\n", (now_ns() - start) / pages);
  }
  return 0;
}
