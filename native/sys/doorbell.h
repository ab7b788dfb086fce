#pragma once

#include <atomic>

#include "sys/descriptor.h"

namespace umfb {

/**
 * Tells an event loop that a store was noticed. Silent until somebody asks to be told, and rings once then: a
 * busy surface looks at every frame anyway, and must not pay for a bell.
 */
class Doorbell {
public:
  /// @throws SystemError
  Doorbell();

  /// Becomes readable when it rings: eventfd(2).
  int fd() const { return eventfd_.get(); }

  /// From now on, the next ring() is heard.
  void await();
  void ignore();

  /// Called after the store was recorded, by any thread, or by a signal handler: async-signal-safe.
  void ring();

  /// Makes the descriptor unreadable again.
  void silence();

private:
  Descriptor eventfd_;
  std::atomic<bool> awaited_ = false;
};

}  // namespace umfb
