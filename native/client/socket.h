/* SOCK_SEQPACKET unix sockets: packets keep their borders, and carry descriptors (unix(7), cmsg(3)). */
#ifndef UMFB_SOCKET_H
#define UMFB_SOCKET_H

#include <stddef.h>
#include <sys/uio.h>

/** Of packets of ours: they have one part or two. */
enum { umfb_packet_parts = 2 };

/** A packet to be sent, or room for one. */
struct umfb_packet {
  struct iovec parts[umfb_packet_parts];
  unsigned part_count;
  const int* fds;
  unsigned fd_count;
};

/** So that a host that hangs cannot hang this process: no wait on the socket is longer than ten seconds. */
void umfb_limit_waits(int socket);

/**
 * A socket that is connected to the path.
 * @param flags SOCK_NONBLOCK or 0: then waits are limited
 * @return the descriptor, out of the way of low numbers, or a negative errno
 */
int umfb_open_socket(const char* path, int flags);

/** @param flags MSG_DONTWAIT or 0. @return 0 or a negative errno */
int umfb_send_packet(int socket, const struct umfb_packet* packet, int flags);

/**
 * Receives one packet; a longer one than there is room for is -EPROTO.
 * @param flags MSG_DONTWAIT or 0
 * @param fd set to the descriptor that came with it, or -1. Of several, the last one: others are closed
 * @return the packet's bytes, 0 at the end, or a negative errno: -EAGAIN where nothing came
 */
long umfb_receive_packet(int socket, struct umfb_packet* packet, int flags, int* fd);

#endif
