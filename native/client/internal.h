/* What libumfb's files share. System calls go straight to the kernel: the preload shim replaces libc's own.
 */
#ifndef UMFB_INTERNAL_H
#define UMFB_INTERNAL_H

#include <stdbool.h>

#include "socket.h"
#include "system.h"
#include "umfb.h"

/** Input events that wait for umfb_next_event. Where more come, all are dropped, and SYN_DROPPED says so. */
enum { event_room = 256 };

struct umfb_zap_agent;

struct umfb_tracked {
  uintptr_t address;
  size_t length;
  size_t offset;
  uint32_t id;
  /** Where the host tracks by zapping, else NULL and -1. */
  struct umfb_zap_agent* agent;
  int agent_socket;
};

struct umfb {
  int socket;
  int memory;
  /** This process's userfaultfd and pagemap; -1 where they cannot be had. */
  int uffd;
  int pagemap;
  /** The socket of a child to be, between fork_prepare and fork_parent or fork_child; else -1. */
  int heir;
  /** The host is gone, or broke the protocol: every call gives -EIO. */
  bool lost;
  bool uffd_tried;
  bool all_compared;
  uint32_t serial;
  uint64_t token;
  /** UMFB_TRACK_…: what the host has a use for. */
  uint32_t tracking;
  size_t capacity;
  struct umfb_hello hello;
  size_t tracked_count;
  struct umfb_tracked tracked[UMFB_MAX_MAPPINGS];
  /** A ring: event_count events from event_first on. */
  size_t event_first, event_count;
  struct umfb_input_event events[event_room];
  /** Only the newest mode matters. */
  bool screen_changed;
  struct umfb_screen screen;
  /** The same of what viewers wish for. */
  bool mode_is_wanted;
  struct umfb_mode_wanted mode_wanted;
};

struct umfb_request {
  uint32_t op;
  const void* body;
  size_t body_size;
  const int* fds;
  unsigned fd_count;
};

/**
 * Sends a request and waits for its answer. @param reply_fd where the answer may bring a descriptor, else
 * NULL.
 * @return 0, or the host's negative errno, or -EIO where the host is gone.
 */
int umfb_call(struct umfb* fb, const struct umfb_request* request, void* reply, size_t reply_size,
              int* reply_fd);
/** Sends a request that wants no answer. */
int umfb_tell(struct umfb* fb, const struct umfb_request* request);
/** Takes one message that waits, if there is one. @return 1, 0 or a negative errno */
int umfb_take_message(struct umfb* fb);
/** Queues a message of the host's own accord. */
void umfb_queue_event(struct umfb* fb, uint32_t op, const void* body, size_t body_size);

/** Introduces this process on fb->socket. Sets token and capacity, and memory unless it is there already. */
int umfb_introduce(struct umfb* fb);
/**
 * Opens a userfaultfd, by the system call or else by /dev/userfaultfd, and enables features.
 * @return the descriptor, or a negative errno
 */
int umfb_open_userfaultfd(int flags, uint64_t features);

/**
 * Starts the agent that unmaps pages of a mapping for the host.
 * @return the host's end of its socket, or a negative errno
 */
int umfb_start_zap_agent(struct umfb_tracked* tracked);
/** When it returns, nothing is unmapped any more. Idempotent. */
void umfb_stop_zap_agent(struct umfb_tracked* tracked);
/** In a fork's child, which has not inherited the thread. */
void umfb_forget_zap_agent(struct umfb_tracked* tracked);

/** Announces what `tracked` says; sets its id and its agent. */
int umfb_announce(struct umfb* fb, struct umfb_tracked* tracked);

/** @return true if the range lies in one announced mapping, and its offset in device memory */
bool umfb_find(const struct umfb* fb, const void* address, size_t length, size_t* offset);

#endif
