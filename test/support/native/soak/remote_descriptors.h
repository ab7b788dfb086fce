#pragma once

#include <cstdint>

#include "sys/descriptor.h"
#include "trackers/mechanisms.h"

namespace umfb::soak {

/// What a process hands over to have a mapping tracked, as libumfb does.
struct RemoteDescriptors {
  std::uint64_t address = 0;
  Descriptor uffd;
  Descriptor pagemap;

  RemoteMapping mapping(std::uint32_t sizePages) const {
    return {.uffd = uffd.get(), .pagemap = pagemap.get(), .address = address, .pages = {0, sizePages}};
  }
};

/// Of this process. Where userfaultfd is forbidden there are none, and the mapping is compared.
RemoteDescriptors openDescriptors(void* address);

void sendDescriptors(int socket, const RemoteDescriptors& own);
/// Waits for them. @throws SystemError
RemoteDescriptors receiveDescriptors(int socket);

}  // namespace umfb::soak
