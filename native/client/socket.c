#include "socket.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "system.h"

/** The longest wait for a peer. */
enum { wait_limit_seconds = 10 };

/** A peer sends one descriptor at most; room for more, so that a surplus is received and closed, not leaked.
 */
enum { fd_room = 4 };

union control {
  char buffer[CMSG_SPACE(fd_room * sizeof(int))];
  struct cmsghdr align;
};

void umfb_limit_waits(int socket) {
  struct timeval limit = {.tv_sec = wait_limit_seconds};
  umfb_syscall(SYS_setsockopt, socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  umfb_syscall(SYS_setsockopt, socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

int umfb_open_socket(const char* path, int flags) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
  strcpy(address.sun_path, path);
  int fd = (int)umfb_syscall(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
  if (fd < 0) return fd;
  umfb_limit_waits(fd);
  int error = (int)umfb_syscall(SYS_connect, fd, &address, sizeof address);
  if (error < 0) {
    umfb_close_fd(&fd);
    return error;
  }
  return umfb_raise_fd(fd);
}

int umfb_send_packet(int socket, const struct umfb_packet* packet, int flags) {
  struct msghdr message = {.msg_iov = (struct iovec*)packet->parts, .msg_iovlen = packet->part_count};
  union control control;
  if (packet->fd_count) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.buffer;
    message.msg_controllen = CMSG_SPACE(packet->fd_count * sizeof(int));
    struct cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(packet->fd_count * sizeof(int));
    memcpy(CMSG_DATA(rights), packet->fds, packet->fd_count * sizeof(int));
  }
  long sent;
  do sent = umfb_syscall(SYS_sendmsg, socket, &message, MSG_NOSIGNAL | flags);
  while (sent == -EINTR);
  return sent < 0 ? (int)sent : 0;
}

/** The last of all descriptors that came, or -1; the others are closed. */
static int take_descriptor(struct msghdr* message) {
  int fd = -1;
  for (struct cmsghdr* part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < count; index++) {
      umfb_close_fd(&fd);
      memcpy(&fd, CMSG_DATA(part) + index * sizeof(int), sizeof(int));
    }
  }
  return fd;
}

long umfb_receive_packet(int socket, struct umfb_packet* packet, int flags, int* fd) {
  union control control;
  struct msghdr message = {.msg_iov = packet->parts,
                           .msg_iovlen = packet->part_count,
                           .msg_control = control.buffer,
                           .msg_controllen = sizeof control.buffer};
  long received;
  do received = umfb_syscall(SYS_recvmsg, socket, &message, MSG_CMSG_CLOEXEC | flags);
  while (received == -EINTR);
  *fd = -1;
  if (received < 0) return received;
  *fd = take_descriptor(&message);
  if (!(message.msg_flags & MSG_TRUNC)) return received;
  umfb_close_fd(fd);
  return -EPROTO;
}
