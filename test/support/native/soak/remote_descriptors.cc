#include "remote_descriptors.h"

#include <poll.h>

#include <cstring>
#include <vector>

#include "linux/pagemap.h"
#include "linux/uffd.h"
#include "sys/seqpacket.h"
#include "sys/system_error.h"
#include "trackers/wp_sync.h"

namespace umfb::soak {

namespace {

/// What a message begins with: which descriptors come along.
struct Header {
  std::uint64_t address;
  bool async;
  bool sync;
};

Descriptor openSynchronous() {
  constexpr int flags = O_CLOEXEC | O_NONBLOCK;
  try {
    return uffd::open(flags);
  } catch (const SystemError&) {
    return uffd::open(flags | UFFD_USER_MODE_ONLY);
  }
}

}  // namespace

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
  try {
    own.syncUffd = openSynchronous();
    uffd::enable(own.syncUffd.get(), wp_sync::kFeatures);
  } catch (const SystemError&) {
    own.syncUffd.close();
  }
  return own;
}

void sendDescriptors(int socket, RemoteDescriptors own) {
  const Header header{own.address, own.uffd.isOpen(), own.syncUffd.isOpen()};
  std::vector<int> descriptors;
  if (header.async) descriptors.insert(descriptors.end(), {own.uffd.get(), own.pagemap.get()});
  if (header.sync) descriptors.push_back(own.syncUffd.get());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&header);
  if (!sendMessage(socket, {bytes, sizeof header}, descriptors)) throw SystemError("sendmsg");
}

RemoteDescriptors receiveDescriptors(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  if (poll(&waiting, 1, -1) < 0) throw SystemError("poll");
  std::vector<std::uint8_t> buffer(kMaxMessageBytes);
  Message message;
  if (receiveMessage(socket, buffer, message) != Received::kMessage) throw SystemError("recvmsg", EPIPE);
  Header header;
  std::memcpy(&header, buffer.data(), sizeof header);
  RemoteDescriptors received;
  received.address = header.address;
  auto next = message.descriptors.begin();
  if (header.async) received.uffd = std::move(*next++);
  if (header.async) received.pagemap = std::move(*next++);
  if (header.sync) received.syncUffd = std::move(*next++);
  return received;
}

}  // namespace umfb::soak
