/* Event devices, held to drivers/input/evdev.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define FAILS(call, error) (errno = 0, (long)(call) == -1 && errno == (error))

static bool has_bit(const uint8_t* bits, unsigned number) { return bits[number / 8] >> number % 8 & 1; }

static int open_event(int number, int flags) {
  char path[32];
  snprintf(path, sizeof path, "/dev/input/event%d", number);
  int fd = open(path, O_RDWR | flags);
  require(fd >= 0, path);
  return fd;
}

static bool is_readable(int fd) {
  struct pollfd polled = {.fd = fd, .events = POLLIN};
  return poll(&polled, 1, 0) == 1 && polled.revents & POLLIN;
}

/** Says each event up to SYN_REPORT: "event TYPE CODE VALUE". */
static void say_events(int fd) {
  struct input_event event;
  do {
    require(read(fd, &event, sizeof event) == sizeof event, "read an event");
    dprintf(STDOUT_FILENO, "event %u %u %d\n", event.type, event.code, event.value);
  } while (event.type != EV_SYN || event.code != SYN_REPORT);
}

static void check_paths(void) {
  struct stat status;
  expect(stat("/dev/input/event1", &status) == 0 && S_ISCHR(status.st_mode), "a character device");
  expect(status.st_rdev == makedev(13, 65), "event1 is 13:65");
  int fd = open_event(1, 0);
  expect(fstat(fd, &status) == 0 && status.st_rdev == makedev(13, 65), "so says fstat");
  expect(access("/dev/input/event2", R_OK | W_OK) == 0, "it may be read and written");
  expect(stat("/dev/input", &status) == 0 && S_ISDIR(status.st_mode), "/dev/input is a directory");
  expect(FAILS(open("/dev/input/event4", O_RDWR), ENOENT), "there is no fifth one");
  expect(FAILS(open("/dev/input/mice", O_RDONLY), ENOENT), "there are no mice");
  expect(FAILS(stat("/dev/input/by-path", &status), ENOENT), "nothing of the machine's own");
  expect(FAILS(open("/dev/input/event0", O_RDWR | O_DIRECTORY), ENOTDIR), "it is no directory");
  expect(FAILS(lseek(fd, 0, SEEK_SET), ESPIPE), "it cannot be sought in");
  close(fd);

  char names[128] = "";
  DIR* directory = opendir("/dev/input");
  require(directory != NULL, "opendir");
  for (struct dirent* entry; (entry = readdir(directory));) strcat(strcat(names, entry->d_name), " ");
  closedir(directory);
  expect(strcmp(names, ". .. event0 event1 event2 event3 ") == 0, names);
  struct dirent** found;
  int count = scandir("/dev/input", &found, NULL, alphasort);
  expect(count == 6 && strcmp(found[5]->d_name, "event3") == 0, "scandir");
  while (count > 0) free(found[--count]);
  free(found);

  char text[64] = "";
  FILE* file = fopen("/sys/class/input/event0/device/name", "r");
  expect(file && fgets(text, sizeof text, file) && strcmp(text, "umfb keyboard\n") == 0, "its name in sysfs");
  if (file) fclose(file);
}

static void check_identity(int keyboard, int pointer, int touch) {
  int version = 0;
  char text[64] = "";
  uint8_t bits[KEY_CNT / 8] = {0};
  struct input_id id;
  expect(ioctl(keyboard, EVIOCGVERSION, &version) == 0 && version == EV_VERSION, "EVIOCGVERSION");
  expect(ioctl(keyboard, EVIOCGID, &id) == 0 && id.bustype == BUS_VIRTUAL, "EVIOCGID");
  expect(ioctl(pointer, EVIOCGNAME(sizeof text), text) == 13 && strcmp(text, "umfb pointer") == 0,
         "EVIOCGNAME");
  expect(ioctl(pointer, EVIOCGNAME(4), text) == 4, "a name is cut");
  expect(FAILS(ioctl(pointer, EVIOCGUNIQ(sizeof text), text), ENOENT), "nothing unique");
  expect(ioctl(keyboard, EVIOCGBIT(0, sizeof bits), bits) == 8, "bits come in words");
  expect(has_bit(bits, EV_KEY) && has_bit(bits, EV_LED) && has_bit(bits, EV_REP) && !has_bit(bits, EV_REL),
         "a keyboard's types");
  expect(ioctl(keyboard, EVIOCGBIT(EV_KEY, sizeof bits), bits) == sizeof bits, "EVIOCGBIT of keys");
  expect(has_bit(bits, KEY_A) && !has_bit(bits, BTN_LEFT), "a keyboard has keys");
  expect(ioctl(pointer, EVIOCGBIT(EV_KEY, sizeof bits), bits) > 0 && has_bit(bits, BTN_LEFT),
         "a pointer has buttons");
  expect(FAILS(ioctl(keyboard, EVIOCGBIT(EV_REP, sizeof bits), bits), EINVAL), "no bits of EV_REP");
  memset(bits, 0, sizeof bits);
  expect(ioctl(touch, EVIOCGPROP(sizeof bits), bits) == 8 && has_bit(bits, INPUT_PROP_DIRECT), "EVIOCGPROP");
  struct input_absinfo axis;
  expect(ioctl(pointer, EVIOCGABS(ABS_X), &axis) == 0 && axis.minimum == 0 && axis.maximum == 127,
         "EVIOCGABS");
  expect(FAILS(ioctl(keyboard, EVIOCGABS(ABS_X), &axis), EINVAL), "a keyboard has no axes");
  expect(FAILS(ioctl(pointer, EVIOCSABS(ABS_X), &axis), EINVAL), "axes cannot be set");
  unsigned repeat[2] = {0};
  expect(ioctl(keyboard, EVIOCGREP, repeat) == 0 && repeat[0] == 250, "EVIOCGREP");
  repeat[1] = 40;
  expect(
      ioctl(keyboard, EVIOCSREP, repeat) == 0 && ioctl(keyboard, EVIOCGREP, repeat) == 0 && repeat[1] == 40,
      "EVIOCSREP");
  expect(FAILS(ioctl(pointer, EVIOCGREP, repeat), ENOSYS), "a pointer repeats nothing");
  expect(FAILS(ioctl(pointer, EVIOCGVERSION, NULL), EFAULT), "to nowhere: EFAULT");
  expect(FAILS(ioctl(pointer, _IO('E', 0xf0), NULL), EINVAL), "an unknown ioctl: EINVAL");
}

static void check_state(int keyboard, int pointer, int touch) {
  uint8_t keys[KEY_CNT / 8] = {0};
  wait_for_host("hold");
  expect(ioctl(keyboard, EVIOCGKEY(sizeof keys), keys) == sizeof keys && has_bit(keys, KEY_A), "EVIOCGKEY");
  expect(!has_bit(keys, BTN_LEFT), "a button is not the keyboard's");
  expect(ioctl(pointer, EVIOCGKEY(sizeof keys), keys) > 0 && has_bit(keys, BTN_LEFT), "it is the pointer's");
  struct input_absinfo axis;
  expect(ioctl(pointer, EVIOCGABS(ABS_Y), &axis) == 0 && axis.value == 20, "where the pointer is");
  struct {
    uint32_t code;
    int32_t values[10];
  } slots = {.code = ABS_MT_POSITION_X};
  expect(ioctl(touch, EVIOCGMTSLOTS(sizeof slots), &slots) == 0 && slots.values[0] == 5, "EVIOCGMTSLOTS");
  expect(FAILS(ioctl(pointer, EVIOCGMTSLOTS(sizeof slots), &slots), EINVAL), "a pointer has no slots");
  say_events(keyboard);
  say_events(pointer);
  say_events(touch);
  int mouse = open_event(3, 0);
  wait_for_host("move");
  say_events(mouse);
  close(mouse);
}

static void check_clock(int keyboard) {
  struct input_event event;
  struct timespec now;
  unsigned clock = CLOCK_MONOTONIC, none = CLOCK_PROCESS_CPUTIME_ID;
  expect(ioctl(keyboard, EVIOCSCLOCKID, &clock) == 0, "EVIOCSCLOCKID");
  expect(FAILS(ioctl(keyboard, EVIOCSCLOCKID, &none), EINVAL), "not any clock");
  wait_for_host("key");
  require(read(keyboard, &event, sizeof event) == sizeof event, "read");
  clock_gettime(CLOCK_MONOTONIC, &now);
  long age = now.tv_sec - event.input_event_sec;
  expect(age >= 0 && age < 600, "the time is that of the clock");
  expect(read(keyboard, &event, sizeof event) == sizeof event && event.type == EV_SYN, "its end");
}

static void check_reading(int keyboard) {
  struct input_event events[8];
  int watch = epoll_create1(0);
  struct epoll_event wanted = {.events = EPOLLIN}, got;
  require(epoll_ctl(watch, EPOLL_CTL_ADD, keyboard, &wanted) == 0, "epoll_ctl");
  expect(epoll_wait(watch, &got, 1, 0) == 0 && !is_readable(keyboard), "nothing to read");
  int other = open_event(0, O_NONBLOCK);
  expect(FAILS(read(other, events, sizeof events), EAGAIN), "a read that does not wait");
  wait_for_host("key");
  expect(epoll_wait(watch, &got, 1, -1) == 1 && is_readable(keyboard), "epoll and poll");
  expect(read(other, events, sizeof events) == 2 * sizeof *events, "each open has its own events");
  int again = dup(keyboard);
  expect(read(again, events, sizeof *events) == sizeof *events && events[0].type == EV_KEY,
         "one event, by dup");
  pid_t child = fork();
  if (child == 0) {
    char name[32];
    expect(read(keyboard, events, sizeof *events) == sizeof *events && events[0].type == EV_SYN,
           "in a child");
    expect(ioctl(keyboard, EVIOCGNAME(sizeof name), name) > 0, "ioctl in a child");
    _exit(0);
  }
  waitpid(child, NULL, 0);
  expect(!is_readable(keyboard), "the child has read it");
  close(again);
  close(other);
  close(watch);
}

static void check_grab(int keyboard) {
  int other = open_event(0, O_NONBLOCK);
  expect(FAILS(ioctl(other, EVIOCGRAB, 0), EINVAL), "what is not grabbed cannot be let go");
  expect(ioctl(other, EVIOCGRAB, 1) == 0, "EVIOCGRAB");
  expect(FAILS(ioctl(keyboard, EVIOCGRAB, 1), EBUSY), "it is grabbed");
  wait_for_host("key");
  expect(is_readable(other) && !is_readable(keyboard), "who grabs has all");
  close(other);
  // The host hears of it a moment later.
  while (ioctl(keyboard, EVIOCGRAB, 1) != 0) require(errno == EBUSY, "a grab ends with its descriptor");
  expect(ioctl(keyboard, EVIOCGRAB, 0) == 0, "letting go");
  wait_for_host("key");
  say_events(keyboard);
  other = open_event(0, O_NONBLOCK);
  expect(ioctl(other, EVIOCREVOKE, 0) == 0, "EVIOCREVOKE");
  wait_for_host("key");
  say_events(keyboard);
  struct input_event event;
  expect(read(other, &event, sizeof event) <= 0, "what is revoked gives no events");
  close(other);
}

static void check_leds(int keyboard) {
  uint8_t leds[LED_CNT / 8 + 1] = {0};
  const struct input_event on[] = {{.type = EV_LED, .code = LED_CAPSL, .value = 1}, {.type = EV_SYN}};
  expect(write(keyboard, on, sizeof on) == sizeof on, "writing to a LED");
  say_events(keyboard);
  expect(ioctl(keyboard, EVIOCGLED(sizeof leds), leds) > 0 && leds[0] == 1 << LED_CAPSL, "EVIOCGLED");
}

/** A reader that sleeps loses events, hears of it, and finds out what they came to. */
static void check_overflow(int keyboard) {
  struct input_event event = {0};
  uint8_t keys[KEY_CNT / 8] = {0};
  wait_for_host("flood");
  while (event.type != EV_SYN || event.code != SYN_DROPPED) {
    require(read(keyboard, &event, sizeof event) == sizeof event, "read up to SYN_DROPPED");
  }
  say_events(keyboard);
  expect(ioctl(keyboard, EVIOCGKEY(sizeof keys), keys) > 0 && has_bit(keys, KEY_Z), "the newest state");
}

static void check_input(char** arguments) {
  (void)arguments;
  check_paths();
  int keyboard = open_event(0, 0), pointer = open_event(1, 0), touch = open_event(2, 0);
  check_identity(keyboard, pointer, touch);
  check_state(keyboard, pointer, touch);
  check_clock(keyboard);
  check_reading(keyboard);
  check_grab(keyboard);
  check_leds(keyboard);
  check_overflow(keyboard);
}

/** Of a descriptor that was inherited over exec: its number is the argument. */
static void check_input_inherited(char** arguments) {
  char name[32] = "";
  struct stat status;
  int fd = atoi(arguments[0]);
  expect(fstat(fd, &status) == 0 && status.st_rdev == makedev(13, 64), "fstat after exec");
  expect(ioctl(fd, EVIOCGNAME(sizeof name), name) > 0 && strcmp(name, "umfb keyboard") == 0,
         "ioctl after exec");
  wait_for_host("key");
  say_events(fd);
}

static void check_input_exec(char** arguments) {
  (void)arguments;
  char number[12];
  snprintf(number, sizeof number, "%d", open_event(0, 0));
  execl("/proc/self/exe", "umfb-test-guest", "input-inherited", number, (char*)NULL);
  require(false, "exec");
}

/** Does not read before it is told to, when its queue is full long since. */
static void check_input_slow(char** arguments) {
  (void)arguments;
  int fd = open_event(0, 0);
  struct input_event events[16];
  long pressed = 0;
  wait_for_host("opened");
  for (ssize_t size; (size = read(fd, events, sizeof events)) > 0;) {
    for (size_t index = 0; index < (size_t)size / sizeof *events; index++) {
      const struct input_event* event = &events[index];
      if (event->type == EV_SYN && event->code == SYN_DROPPED) expect(false, "a slow reader lost keys");
      if (event->type != EV_KEY || event->value != 1) continue;
      if (event->code == KEY_ESC) {
        dprintf(STDOUT_FILENO, "pressed %ld\n", pressed);
        return;
      }
      pressed++;
    }
  }
}

const struct test_case input_cases[] = {{"input", check_input},
                                        {"input-exec", check_input_exec},
                                        {"input-inherited", check_input_inherited},
                                        {"input-slow", check_input_slow},
                                        {0}};
