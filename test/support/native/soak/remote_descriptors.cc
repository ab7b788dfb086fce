#include "remote_descriptors.h"

#include <poll.h>

#include <cstring>
#include <vector>

#include "linux/pagemap.h"
#include "linux/uffd.h"
#include "sys/seqpacket.h"
#include "sys/system_error.h"

namespace umfb::soak {

RemoteDescriptors openDescriptors(void* address) {
  RemoteDescriptors own;
  own.address = reinterpret_cast<std::uintptr_t>(address);
  try {
    own.uffd = uffd::open(O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
    uffd::enable(own.uffd.get(), uffd::kWpAsyncFeatures);
    own.pagemap = pagemap::openOwn();
  } catch (const SystemError&) {
    own.uffd.close();
  }
  return own;
}

void sendDescriptors(int socket, const RemoteDescriptors& own) {
  std::vector<int> descriptors;
  if (own.uffd.isOpen()) descriptors = {own.uffd.get(), own.pagemap.get()};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&own.address);
  if (!sendMessage(socket, {bytes, sizeof own.address}, descriptors)) throw SystemError("sendmsg");
}

RemoteDescriptors receiveDescriptors(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  if (poll(&waiting, 1, -1) < 0) throw SystemError("poll");
  std::vector<std::uint8_t> buffer(kMaxMessageBytes);
  Message message;
  RemoteDescriptors received;
  if (receiveMessage(socket, buffer, message) != Received::kMessage) throw SystemError("recvmsg", EPIPE);
  std::memcpy(&received.address, buffer.data(), sizeof received.address);
  if (message.descriptorCount == 2) {
    received.uffd = std::move(message.descriptors[0]);
    received.pagemap = std::move(message.descriptors[1]);
  }
  return received;
}

}  // namespace umfb::soak
