/* The socket to a backend: connecting without waiting, doorbells, and finding the next backend. */
#ifndef UMFB_DEVICE_LINK_H
#define UMFB_DEVICE_LINK_H

#include <stdbool.h>

#include "../../ring/layout.h"

enum umfb_link_state {
  UMFB_LINK_DOWN,
  /** Asked to be attached; the answer is to come. */
  UMFB_LINK_ATTACHING,
  UMFB_LINK_UP,
};

struct umfb_link {
  enum umfb_link_state state;
  /** It was up, went down, and nobody was told. */
  bool is_end_news;
  int socket;
  /** An epoll of the socket and the timer: one descriptor to poll, whatever the socket is. */
  int poll;
  /** Down: until the next attempt. Attaching: until it is given up. */
  int timer;
  char path[108];
  struct umfb_attach attach;
};

/** @param attach what is asked for. @return 0 or a negative errno */
int umfb_link_open(struct umfb_link* link, const char* path, const struct umfb_attach* attach);
/** Idempotent. */
void umfb_link_close(struct umfb_link* link);

/** Connects and asks, as if no backend had been there before. @param memory_fd goes along, unless -1 */
int umfb_link_start(struct umfb_link* link, int memory_fd);
/**
 * Takes the answer; then it is up.
 * @param fd set to the descriptor that came, or -1
 * @return -EAGAIN: it has not come yet; -EPROTO: it is none; or what the backend says
 */
int umfb_link_finish(struct umfb_link* link, int* fd);
/** Waits until the answer is there, or for ten seconds. */
int umfb_link_wait(const struct umfb_link* link);

/** The backend is gone, or of no use: starts over by and by. */
void umfb_link_lose(struct umfb_link* link);
/** Does what is due to get up again. @return true: it is up now */
bool umfb_link_retry(struct umfb_link* link, int memory_fd);

/** Rings the backend's bell. */
void umfb_link_ring(struct umfb_link* link);
/** Takes doorbells. It may be down then. */
void umfb_link_take_bells(struct umfb_link* link);

#endif
