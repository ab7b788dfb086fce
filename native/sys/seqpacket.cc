#include "sys/seqpacket.h"

#include <fcntl.h>

#include <cstring>

#include "sys/listening_socket.h"
#include "sys/system_error.h"

namespace umfb {
namespace {

int socketOption(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  if (getsockopt(fd, SOL_SOCKET, option, &value, &length) != 0) throw SystemError("getsockopt");
  return value;
}

/// Control data of as many descriptors as one message may carry, and not one more.
union Control {
  cmsghdr align;
  char bytes[CMSG_SPACE(sizeof(int) * kMaxMessageDescriptors)];
};

/// Takes over every descriptor that came, allowed or not.
/// @returns false when there were more than allowed
bool takeDescriptors(msghdr& header, Message& message) {
  bool fits = true;
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(control) + i * sizeof fd, sizeof fd);
      Descriptor descriptor(fd);
      if (message.descriptorCount == kMaxMessageDescriptors) {
        fits = false;
      } else {
        message.descriptors[message.descriptorCount++] = std::move(descriptor);
      }
    }
  }
  return fits;
}

}  // namespace

bool isSeqpacket(int fd) {
  return socketOption(fd, SO_DOMAIN) == AF_UNIX && socketOption(fd, SO_TYPE) == SOCK_SEQPACKET;
}

void adoptSeqpacket(int fd) {
  if (!isSeqpacket(fd)) {
    throw SystemError("fromDescriptor", EPROTOTYPE, "expected a SOCK_SEQPACKET unix socket");
  }
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) throw SystemError("fcntl(F_SETFL)");
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw SystemError("fcntl(F_SETFD)");
}

Descriptor connectSeqpacket(const std::string& path) {
  const sockaddr_un address = socketAddress(path);
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.isOpen()) throw SystemError("socket");
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw SystemError("connect", errno, path);
  }
  return socket;
}

ucred peerCredentials(int fd) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    throw SystemError("getsockopt(SO_PEERCRED)");
  }
  return credentials;
}

bool sendMessage(int fd, std::span<const std::uint8_t> bytes, std::span<const int> descriptors) {
  iovec data{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  Control control{};
  if (!descriptors.empty()) {
    header.msg_control = &control;
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
  }
  for (;;) {
    if (sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true;
    switch (errno) {
      case EINTR:
        continue;
      case EAGAIN:
      case ENOBUFS:
      case ETOOMANYREFS:  // Too many descriptors in flight: as good as a full queue (unix(7)).
      case EPIPE:
      case ECONNRESET:
      case ENOTCONN:
        return false;
      default:
        throw SystemError("sendmsg");
    }
  }
}

Received receiveMessage(int fd, std::span<std::uint8_t> buffer, Message& message) {
  iovec data{buffer.data(), buffer.size()};
  Control control;
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = &control;
  header.msg_controllen = sizeof control;
  ssize_t length;
  do {
    length = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (length < 0 && errno == EINTR);
  if (length < 0) return errno == EAGAIN ? Received::kNothing : Received::kEnd;

  const bool fits = takeDescriptors(header, message);
  if (length == 0 || !fits || (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return Received::kEnd;
  message.sizeBytes = static_cast<std::size_t>(length);
  return Received::kMessage;
}

}  // namespace umfb
