#pragma once

#include <sys/types.h>

#include "sys/descriptor.h"
#include "writers.h"

namespace umfb::soak {

/// Writers in a process of their own, through a mapping of its own, which is armed from outside.
class RemoteWriters : public Writers {
public:
  explicit RemoteWriters(Mapping& memory);
  ~RemoteWriters() override { end(); }

  std::uint64_t start(DeviceTracker& tracker) override;
  void end() override;

private:
  [[noreturn]] void runChild(Mapping& memory, Descriptor toParent, pid_t parent);

  /// 0: it has ended.
  pid_t child_ = 0;
  Descriptor fromChild_;
};

}  // namespace umfb::soak
