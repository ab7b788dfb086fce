#include "remote_descriptors.h"

#include <poll.h>

#include <array>
#include <cstring>
#include <vector>

#include "client/wire.h"
#include "sys/seqpacket.h"
#include "sys/system_error.h"
#include "trackable.h"

namespace umfb::soak {
namespace {

struct Header {
  std::uint64_t address;
  /// UMFB_MAP_…
  std::uint32_t flags;
};

}  // namespace

RemoteMapping RemoteDescriptors::mapping(std::uint32_t sizePages) const {
  return {.uffd = uffd.get(),
          .pagemap = pagemap.get(),
          .syncUffd = syncUffd.get(),
          .zapAgent = zapAgent.get(),
          .address = address,
          .pages = {0, sizePages}};
}

void sendDescriptors(int socket, void* address, std::size_t length) {
  trackable own;
  trackable_open(&own, address, length, trackable_async_features, trackable_sync_features);
  const Header header{reinterpret_cast<std::uintptr_t>(address), own.flags};
  const std::array all{Descriptor(own.uffd), Descriptor(own.pagemap), Descriptor(own.sync_uffd),
                       Descriptor(own.zap_agent)};
  std::vector<int> descriptors;
  for (const Descriptor& descriptor : all) {
    if (descriptor.isOpen()) descriptors.push_back(descriptor.get());
  }
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
  if (header.flags & UMFB_MAP_ASYNC) received.uffd = std::move(*next++);
  if (header.flags & UMFB_MAP_ASYNC) received.pagemap = std::move(*next++);
  if (header.flags & UMFB_MAP_SYNC) received.syncUffd = std::move(*next++);
  if (header.flags & UMFB_MAP_ZAP) received.zapAgent = std::move(*next++);
  return received;
}

}  // namespace umfb::soak
