#pragma once

#include <cstdint>
#include <span>

#include "linux/uffd_abi.h"

namespace umfb {

/// Who resolves the page faults of one userfaultfd. Called by the fault thread, without any lock of it.
class FaultHandler {
public:
  /// Page faults that wait: UFFD_EVENT_PAGEFAULT messages, at least one. Must resolve them without waiting
  /// for anybody who may be in a fault, or for the event loop.
  virtual void onFaults(std::span<const uffd_msg> faults) noexcept = 0;

  /// The userfaultfd cannot be read any more: nobody is called again, and whoever faults from now on waits
  /// until it is closed.
  virtual void onLost(int error) noexcept = 0;

protected:
  ~FaultHandler() = default;
};

/**
 * Has a userfaultfd read for as long as this object lives, by a native thread that all of them in this
 * process share: started with the first, ended with the last. A store from JavaScript that faults blocks the
 * event loop, so nothing on the way of a fault waits for it.
 *
 * The userfaultfd may be shared with a hostile process. It is never waited for, at most kMaxFaults of its
 * events are taken a turn, and what events bring along (the descriptor of a fork) is closed.
 */
class FaultWatch {
public:
  /// Events of one userfaultfd that are handled before it is another one's turn.
  static constexpr std::size_t kMaxFaults = 32;

  /// @param uffd non-blocking, after the handshake. Borrowed, as the handler is, until the destructor
  /// returns.
  /// @throws SystemError
  FaultWatch(int uffd, FaultHandler& handler);
  FaultWatch(const FaultWatch&) = delete;
  FaultWatch& operator=(const FaultWatch&) = delete;
  /// Returns when the handler does not run and never will: it must not need a lock that the caller holds.
  ~FaultWatch();

private:
  std::uint64_t id_;
};

}  // namespace umfb
