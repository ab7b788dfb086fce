#pragma once

#include <sys/types.h>

#include "sys/descriptor.h"
#include "writers.h"

namespace umfb::soak {

/// Writers in a process of their own, through a mapping of its own, which is armed from outside.
class RemoteWriters : public Writers {
public:
  explicit RemoteWriters(Mapping& memory);
  ~RemoteWriters() override;

  void start(DeviceTracker& tracker) override;

private:
  [[noreturn]] void runChild(Mapping& memory, Descriptor toParent);

  pid_t child_ = -1;
  Descriptor fromChild_;
};

}  // namespace umfb::soak
