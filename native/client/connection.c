/* The connection to the host: one request at a time, and how a fork gets its own. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "internal.h"

/** The largest body that the host may send. */
union reply_body {
  struct umfb_welcome welcome;
  struct umfb_palette palette;
  struct umfb_input input;
  struct umfb_input_state input_state;
};

static int lose(struct umfb* fb) {
  fb->lost = true;
  return -EIO;
}

static int send_message(struct umfb* fb, const struct umfb_request* request, uint32_t serial) {
  struct umfb_header header = {.op = request->op, .serial = serial};
  struct umfb_packet packet = {
      .parts = {{&header, sizeof header}, {(void*)request->body, request->body_size}},
      .part_count = request->body_size ? 2 : 1,
      .fds = request->fds,
      .fd_count = request->fd_count,
  };
  return umfb_send_packet(fb->socket, &packet, 0);
}

/** @return the body's size, or a negative errno: -EAGAIN where nothing came */
static long receive_message(struct umfb* fb, int flags, struct umfb_header* header, union reply_body* body,
                            int* fd) {
  struct umfb_packet packet = {.parts = {{header, sizeof *header}, {body, sizeof *body}}, .part_count = 2};
  long received = umfb_receive_packet(fb->socket, &packet, flags, fd);
  if (received >= 0 && received < (long)sizeof *header) {
    umfb_close_fd(fd);
    return -EPROTO;
  }
  return received < 0 ? received : received - (long)sizeof *header;
}

int umfb_call(struct umfb* fb, const struct umfb_request* request, void* reply, size_t reply_size,
              int* reply_fd) {
  if (fb->lost) return -EIO;
  uint32_t serial = ++fb->serial ? fb->serial : ++fb->serial;
  if (send_message(fb, request, serial) < 0) return lose(fb);
  for (;;) {
    struct umfb_header header;
    union reply_body body;
    int fd;
    long size = receive_message(fb, 0, &header, &body, &fd);
    if (size < 0) return lose(fb);
    if (header.serial != serial) {
      umfb_close_fd(&fd);
      if (header.serial == 0) umfb_queue_event(fb, header.op, &body, (size_t)size);
      continue;
    }
    if (header.status == 0 && (size_t)size == reply_size) {
      if (reply_size) memcpy(reply, &body, reply_size);
      if (reply_fd)
        *reply_fd = fd;
      else
        umfb_close_fd(&fd);
      return 0;
    }
    umfb_close_fd(&fd);
    return header.status < 0 ? header.status : lose(fb);
  }
}

int umfb_tell(struct umfb* fb, const struct umfb_request* request) {
  if (fb->lost) return -EIO;
  return send_message(fb, request, 0) < 0 ? lose(fb) : 0;
}

int umfb_take_message(struct umfb* fb) {
  if (fb->lost) return -EIO;
  struct umfb_header header;
  union reply_body body;
  int fd;
  long size = receive_message(fb, MSG_DONTWAIT, &header, &body, &fd);
  if (size == -EAGAIN) return 0;
  if (size < 0) return lose(fb);
  umfb_close_fd(&fd);
  if (header.serial == 0) umfb_queue_event(fb, header.op, &body, (size_t)size);
  return 1;
}

int umfb_introduce(struct umfb* fb) {
  struct umfb_welcome welcome;
  int memory = -1;
  struct umfb_request request = {.op = UMFB_OP_HELLO, .body = &fb->hello, .body_size = sizeof fb->hello};
  int error = umfb_call(fb, &request, &welcome, sizeof welcome, &memory);
  if (error) return error;
  if (welcome.version != UMFB_PROTOCOL_VERSION || memory < 0) {
    umfb_close_fd(&memory);
    fb->lost = true;
    return -EPROTO;
  }
  fb->token = fb->hello.token = welcome.token;
  fb->tracking = welcome.tracking;
  fb->capacity = welcome.capacity_bytes;
  if (fb->memory >= 0)
    umfb_close_fd(&memory);
  else
    fb->memory = umfb_raise_fd(memory);
  return 0;
}

int umfb_connect(const char* path, const struct umfb_options* options, struct umfb** result) {
  const struct umfb_options none = {0};
  if (!options) options = &none;
  if (!path) path = getenv("UMFB_SOCKET");
  if (!path) return -ENOENT;

  void* memory;
  int error = umfb_allocate(sizeof(struct umfb), &memory);
  if (error) return error;
  struct umfb* fb = memory;
  *fb = (struct umfb){.socket = -1, .memory = -1, .uffd = -1, .pagemap = -1, .heir = -1};
  fb->hello = (struct umfb_hello){.version = UMFB_PROTOCOL_VERSION,
                                  .wanted = options->wanted,
                                  .token = options->token,
                                  .width = options->width,
                                  .height = options->height,
                                  .bits_per_pixel = options->bits_per_pixel};
  strncpy(fb->hello.program, options->program ? options->program : program_invocation_short_name,
          sizeof fb->hello.program - 1);

  error = fb->socket = umfb_open_socket(path, 0);
  if (error >= 0) error = umfb_introduce(fb);
  if (error < 0) {
    umfb_close(fb);
    return error;
  }
  *result = fb;
  return 0;
}

void umfb_close(struct umfb* fb) {
  if (!fb) return;
  for (size_t index = 0; index < fb->tracked_count; index++) umfb_stop_zap_agent(&fb->tracked[index]);
  umfb_close_fd(&fb->socket);
  umfb_close_fd(&fb->memory);
  umfb_close_fd(&fb->uffd);
  umfb_close_fd(&fb->pagemap);
  umfb_close_fd(&fb->heir);
  umfb_syscall(SYS_munmap, fb, sizeof *fb);
}

int umfb_fork_prepare(struct umfb* fb) {
  if (fb->lost) return -EIO;
  int ends[2];
  int error = (int)umfb_syscall(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
  if (error < 0) return error;
  struct umfb_request request = {.op = UMFB_OP_ADOPT, .fds = &ends[1], .fd_count = 1};
  error = umfb_tell(fb, &request);
  umfb_close_fd(&ends[1]);
  if (error) {
    umfb_close_fd(&ends[0]);
    return error;
  }
  umfb_limit_waits(ends[0]);
  fb->heir = umfb_raise_fd(ends[0]);
  return 0;
}

void umfb_fork_parent(struct umfb* fb) { umfb_close_fd(&fb->heir); }

int umfb_fork_child(struct umfb* fb) {
  // The inherited connection, userfaultfd and pagemap are the parent's: they speak of its addresses.
  for (size_t index = 0; index < fb->tracked_count; index++) umfb_forget_zap_agent(&fb->tracked[index]);
  umfb_close_fd(&fb->socket);
  umfb_close_fd(&fb->uffd);
  umfb_close_fd(&fb->pagemap);
  fb->uffd_tried = false;
  fb->event_count = 0;
  fb->screen_changed = false;
  fb->mode_is_wanted = false;
  fb->socket = fb->heir;
  fb->heir = -1;
  if (fb->socket < 0) {
    fb->lost = true;
    return -EIO;
  }
  int error = umfb_introduce(fb);
  for (size_t index = 0; index < fb->tracked_count && !error; index++) {
    error = umfb_announce(fb, &fb->tracked[index]);
  }
  if (fb->all_compared && !error) {
    fb->all_compared = false;
    error = umfb_compare_all(fb);
  }
  return error;
}
