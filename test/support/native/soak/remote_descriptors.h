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
  Descriptor syncUffd;

  RemoteMapping mapping(std::uint32_t sizePages) const {
    return {.uffd = uffd.get(),
            .pagemap = pagemap.get(),
            .syncUffd = syncUffd.get(),
            .address = address,
            .pages = {0, sizePages}};
  }
};

/// Of this process. Where userfaultfd is forbidden there are none, and the mapping is compared.
RemoteDescriptors openDescriptors(void* address);

/// Closes them: with the last one of a synchronous userfaultfd, whoever waits in a fault goes on.
void sendDescriptors(int socket, RemoteDescriptors own);
/// Waits for them. @throws SystemError
RemoteDescriptors receiveDescriptors(int socket);

}  // namespace umfb::soak
