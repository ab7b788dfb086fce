#pragma once

#include <cstdint>

#include "sys/descriptor.h"
#include "trackers/mechanisms.h"

namespace umfb::soak {

/// What another process sent to have a mapping of all of the device's pages tracked.
struct RemoteDescriptors {
  std::uint64_t address = 0;
  Descriptor uffd;
  Descriptor pagemap;
  Descriptor syncUffd;
  Descriptor zapAgent;

  RemoteMapping mapping(std::uint32_t sizePages) const;
};

/// In the other process: opens and sends what there is for a mapping, and keeps none of it. A process that
/// still had its synchronous userfaultfd would wait in its faults for ever when the tracker's process dies.
void sendDescriptors(int socket, void* address, std::size_t length);

/// Waits for them. @throws SystemError
RemoteDescriptors receiveDescriptors(int socket);

}  // namespace umfb::soak
