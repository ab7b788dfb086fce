#include "link.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "../socket.h"
#include "../system.h"

enum {
  retry_ms = 100,
  attach_limit_ms = 10000,
  /** Doorbells that are taken at once; what is left keeps the descriptor readable. */
  most_bells = 64,
};

static void set_timer(const struct umfb_link* link, unsigned ms) {
  struct itimerspec when = {.it_value = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000}};
  if (ms == 0) when.it_value.tv_nsec = 1;  // at once: 0 would be never
  umfb_syscall(SYS_timerfd_settime, link->timer, 0, &when, NULL);
}

static void stop_timer(const struct umfb_link* link) {
  struct itimerspec never = {0};
  umfb_syscall(SYS_timerfd_settime, link->timer, 0, &never, NULL);
}

static bool is_time_over(const struct umfb_link* link) {
  uint64_t expirations;
  return umfb_syscall(SYS_read, link->timer, &expirations, sizeof expirations) > 0;
}

static int watch(const struct umfb_link* link, int fd) {
  struct epoll_event event = {.events = EPOLLIN};
  return (int)umfb_syscall(SYS_epoll_ctl, link->poll, EPOLL_CTL_ADD, fd, &event);
}

int umfb_link_open(struct umfb_link* link, const char* path, const struct umfb_attach* attach) {
  *link = (struct umfb_link){.socket = -1, .poll = -1, .timer = -1, .attach = *attach};
  if (strlen(path) >= sizeof link->path) return -ENAMETOOLONG;
  strcpy(link->path, path);
  link->poll = (int)umfb_syscall(SYS_epoll_create1, EPOLL_CLOEXEC);
  if (link->poll < 0) return link->poll;
  link->timer = (int)umfb_syscall(SYS_timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (link->timer < 0) return link->timer;
  return watch(link, link->timer);
}

static void hang_up(struct umfb_link* link) {
  umfb_close_fd(&link->socket);
  link->state = UMFB_LINK_DOWN;
}

void umfb_link_close(struct umfb_link* link) {
  hang_up(link);
  umfb_close_fd(&link->poll);
  umfb_close_fd(&link->timer);
}

int umfb_link_start(struct umfb_link* link, int memory_fd) {
  hang_up(link);
  int error = link->socket = umfb_open_socket(link->path, SOCK_NONBLOCK);
  if (error >= 0) error = watch(link, link->socket);
  if (error < 0) return error;
  link->attach.kind = memory_fd < 0 ? UMFB_DEV_ATTACH_NEW : UMFB_DEV_ATTACH_MINE;
  struct umfb_packet packet = {
      .parts = {{&link->attach, sizeof link->attach}},
      .part_count = 1,
      .fds = &memory_fd,
      .fd_count = memory_fd < 0 ? 0 : 1,
  };
  error = umfb_send_packet(link->socket, &packet, MSG_DONTWAIT);
  if (error) return error;
  link->state = UMFB_LINK_ATTACHING;
  set_timer(link, attach_limit_ms);
  return 0;
}

int umfb_link_finish(struct umfb_link* link, int* fd) {
  struct umfb_attached answer;
  struct umfb_packet packet = {.parts = {{&answer, sizeof answer}}, .part_count = 1};
  long received = umfb_receive_packet(link->socket, &packet, MSG_DONTWAIT, fd);
  if (received < 0) return (int)received;
  int error = 0;
  if (received != (long)sizeof answer ||
      memcmp(answer.magic, UMFB_DEV_SOCKET_MAGIC, sizeof answer.magic) != 0 ||
      answer.version < UMFB_DEV_VERSION) {
    error = -EPROTO;
  } else if (answer.status != 0) {
    error = -(int)answer.status;
  }
  if (error) {
    umfb_close_fd(fd);
    return error;
  }
  stop_timer(link);
  link->state = UMFB_LINK_UP;
  return 0;
}

int umfb_link_wait(const struct umfb_link* link) {
  struct pollfd answer = {.fd = link->socket, .events = POLLIN};
  struct timespec limit = {.tv_sec = attach_limit_ms / 1000};
  long ready;
  do ready = umfb_syscall(SYS_ppoll, &answer, 1, &limit, NULL, 0);
  while (ready == -EINTR);
  if (ready == 0) return -ETIMEDOUT;
  return ready < 0 ? (int)ready : 0;
}

void umfb_link_lose(struct umfb_link* link) {
  link->is_end_news |= link->state == UMFB_LINK_UP;
  hang_up(link);
  set_timer(link, link->is_end_news ? 0 : retry_ms);
}

bool umfb_link_retry(struct umfb_link* link, int memory_fd) {
  const bool is_due = is_time_over(link);
  int error = 0;
  if (link->state == UMFB_LINK_ATTACHING) {
    int fd = -1;
    error = umfb_link_finish(link, &fd);
    umfb_close_fd(&fd);
    if (error == 0) return true;
    if (error == -EAGAIN && !is_due) return false;
  } else if (is_due) {
    error = umfb_link_start(link, memory_fd);
  }
  if (error) umfb_link_lose(link);
  return false;
}

void umfb_link_ring(struct umfb_link* link) {
  const char bell = 0;
  long sent = umfb_syscall(SYS_sendto, link->socket, &bell, 1, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
  // A full queue has more bells in it than anybody needs.
  if (sent < 0 && sent != -EAGAIN && sent != -EINTR) umfb_link_lose(link);
}

void umfb_link_take_bells(struct umfb_link* link) {
  char bells[16];
  for (int taken = 0; taken < most_bells; taken++) {
    long received = umfb_syscall(SYS_recvfrom, link->socket, bells, sizeof bells, MSG_DONTWAIT, NULL, NULL);
    if (received > 0 || received == -EINTR) continue;
    if (received != -EAGAIN) umfb_link_lose(link);
    return;
  }
}
