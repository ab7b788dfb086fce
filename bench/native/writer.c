// The bench's writer in a process of its own.
//
// umfb-bench-writer SOCKET STRIDE_BYTES FEATURES
//
// Connects, receives the device's memory and the control page (control.h), maps both, and answers with its
// address of the pixels, its userfaultfd and its pagemap; without the two where FEATURES (of userfaultfd, a
// number) is 0 or userfaultfd is forbidden. Then it draws what the control page asks for, until it is killed.
#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"

static int connect_to(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr*)&address, sizeof address) != 0) err(1, "connect %s", path);
  return fd;
}

/** One message with exactly two descriptors. */
static void receive(int channel, int fds[2]) {
  char text[16];
  union {
    char bytes[CMSG_SPACE(2 * sizeof(int))];
    struct cmsghdr aligned;
  } control;
  struct iovec data = {text, sizeof text};
  struct msghdr header = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control};
  if (recvmsg(channel, &header, MSG_CMSG_CLOEXEC) <= 0) err(1, "recvmsg");
  const struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
  if (!rights || rights->cmsg_len != CMSG_LEN(2 * sizeof(int))) errx(1, "expected two descriptors");
  memcpy(fds, CMSG_DATA(rights), 2 * sizeof(int));
}

static void send_address(int channel, const void* address, const int fds[2]) {
  char text[32];
  union {
    char bytes[CMSG_SPACE(2 * sizeof(int))];
    struct cmsghdr aligned;
  } control = {{0}};
  struct iovec data = {text, (size_t)snprintf(text, sizeof text, "%#lx", (unsigned long)address)};
  struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1};
  if (fds[0] >= 0) {
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control;
    struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
    *rights = (struct cmsghdr){CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(rights), fds, 2 * sizeof(int));
  }
  if (sendmsg(channel, &header, MSG_NOSIGNAL) < 0) err(1, "sendmsg");
}

/** @return -1 where the system forbids it */
static int open_uffd(uint64_t features) {
  if (features == 0) return -1;
  const int uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
  struct uffdio_api api = {.api = UFFD_API, .features = features};
  return uffd >= 0 && ioctl(uffd, UFFDIO_API, &api) == 0 ? uffd : -1;
}

static void* map(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) err(1, "fstat");
  void* memory = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) err(1, "mmap");
  return memory;
}

int main(int argc, char** argv) {
  if (argc != 4) errx(2, "usage: umfb-bench-writer SOCKET STRIDE_BYTES FEATURES");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int channel = connect_to(argv[1]);
  int memory[2];
  receive(channel, memory);
  const struct picture picture = {map(memory[0]), (uint32_t)strtoul(argv[2], NULL, 10)};
  struct control* control = map(memory[1]);
  const int handed[2] = {open_uffd(strtoull(argv[3], NULL, 10)),
                         open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
  send_address(channel, picture.pixels, handed);
  serve(control, &picture);
  return 0;
}
