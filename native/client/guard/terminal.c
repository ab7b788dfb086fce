#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void close_slave(struct terminal* terminal) {
  if (terminal->slave >= 0) close(terminal->slave);
  terminal->slave = -1;
}

static bool is_null_device(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/** pts(4). @return 0, or an errno */
static int open_pair(struct terminal* terminal) {
  terminal->slave = -1;
  terminal->master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (terminal->master < 0) return errno;
  int unlocked = 0;
  if (ioctl(terminal->master, TIOCSPTLCK, &unlocked) == 0) {
    terminal->slave = ioctl(terminal->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  if (terminal->slave >= 0) return 0;
  int error = errno;
  close(terminal->master);
  terminal->master = -1;
  return error;
}

void terminal_replace_null(struct terminal* terminal) {
  terminal->master = terminal->slave = -1;
  if (!is_null_device(STDIN_FILENO) || open_pair(terminal) != 0) return;
  if (dup2(terminal->slave, STDIN_FILENO) < 0) terminal_hang_up(terminal);
  close_slave(terminal);
}

static void resize(const struct terminal* terminal, const char* wanted) {
  unsigned short columns, rows, width, height;
  if (sscanf(wanted, "%hu %hu %hu %hu", &columns, &rows, &width, &height) != 4) return;
  struct winsize size = {.ws_col = columns, .ws_row = rows, .ws_xpixel = width, .ws_ypixel = height};
  ioctl(terminal->master, TIOCSWINSZ, &size);
}

int terminal_open_console(struct terminal* terminal, const char* size) {
  terminal->is_console = true;
  int error = open_pair(terminal);
  if (!error) resize(terminal, size);
  for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++) fcntl(fd, F_SETFL, O_NONBLOCK);
  return error;
}

void terminal_take(const struct terminal* terminal) {
  if (!terminal->is_console) return;
  setsid();
  ioctl(terminal->slave, TIOCSCTTY, 0);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) dup2(terminal->slave, fd);
}

static bool has_room(const struct terminal_buffer* buffer) {
  return buffer->end - buffer->start < sizeof buffer->bytes;
}

static bool has_bytes(const struct terminal_buffer* buffer) { return buffer->end > buffer->start; }

/** @return false at the end, and on an error that stays */
static bool fill_buffer(struct terminal_buffer* buffer, int fd) {
  if (buffer->start > 0) {
    memmove(buffer->bytes, buffer->bytes + buffer->start, buffer->end - buffer->start);
    buffer->end -= buffer->start;
    buffer->start = 0;
  }
  // A terminal hands out a page at a time.
  while (has_room(buffer)) {
    ssize_t size = read(fd, buffer->bytes + buffer->end, sizeof buffer->bytes - buffer->end);
    if (size <= 0) return size < 0 && (errno == EAGAIN || errno == EINTR);
    buffer->end += (size_t)size;
  }
  return true;
}

/** @return false where nobody takes it any more */
static bool empty_buffer(struct terminal_buffer* buffer, int fd) {
  while (has_bytes(buffer)) {
    ssize_t size = write(fd, buffer->bytes + buffer->start, buffer->end - buffer->start);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    buffer->start += (size_t)size;
  }
  return true;
}

void terminal_poll(const struct terminal* terminal, struct pollfd* polled) {
  for (int i = 0; i < terminal_polled; i++) polled[i] = (struct pollfd){.fd = -1};
  if (terminal->master < 0) return;
  struct pollfd *master = polled, *input = polled + 1, *output = polled + 2;
  if (!terminal->output_ended && has_room(&terminal->output)) master->events |= POLLIN;
  if (has_bytes(&terminal->input)) master->events |= POLLOUT;
  // One that has hung up would be told again and again.
  if (master->events) master->fd = terminal->master;
  if (!terminal->is_console) return;
  if (!terminal->input_ended && has_room(&terminal->input))
    *input = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
  if (has_bytes(&terminal->output)) *output = (struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT};
}

void terminal_serve(struct terminal* terminal) {
  if (terminal->master < 0) return;
  struct terminal_buffer *input = &terminal->input, *output = &terminal->output;
  if (!terminal->output_ended && !fill_buffer(output, terminal->master)) terminal->output_ended = true;
  if (!terminal->is_console) {
    // Nobody looks at it, and the guest must not wait for that.
    output->end = output->start;
    return;
  }
  // What a host does not take that has closed its end is nobody's.
  if (!empty_buffer(output, STDOUT_FILENO)) output->end = output->start;
  if (!terminal->input_ended && !fill_buffer(input, STDIN_FILENO)) terminal->input_ended = true;
  if (!empty_buffer(input, terminal->master)) input->end = input->start;
}

void terminal_hear(struct terminal* terminal, const char* said, size_t size) {
  if (terminal->master < 0) return;
  if (!terminal->is_console) {
    // It takes what it has room for, and drops the rest: nobody reads it.
    if (write(terminal->master, said, size) < 0) return;
    return;
  }
  for (size_t i = 0; i < size; i++) {
    if (said[i] != '\n') {
      if (terminal->line_length < sizeof terminal->line - 1)
        terminal->line[terminal->line_length++] = said[i];
      continue;
    }
    terminal->line[terminal->line_length] = '\0';
    terminal->line_length = 0;
    resize(terminal, terminal->line);
  }
}

void terminal_hang_up(struct terminal* terminal) {
  close_slave(terminal);
  if (terminal->master >= 0) close(terminal->master);
  terminal->master = -1;
}

void terminal_drain(struct terminal* terminal, int timeout_ms) {
  if (!terminal->is_console) return;
  // With no slave left, a read that finds nothing first waits for what is under way (n_tty_read() of the
  // kernel).
  close_slave(terminal);
  for (;;) {
    terminal_serve(terminal);
    if (terminal->master < 0 || !has_bytes(&terminal->output)) return;
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (poll(&output, 1, timeout_ms) <= 0) return;
  }
}
