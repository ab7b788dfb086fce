#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>

namespace umfb {

/**
 * A lock that a signal handler may take: futex(2) and nothing else, so that a waiter sleeps, whatever the
 * priorities. Not recursive: who holds it must not be interrupted by a handler that takes it. A handler masks
 * all signals; everybody else uses SignalLockGuard.
 */
class SignalLock {
public:
  void lock();
  void unlock();

private:
  std::atomic<std::uint32_t> state_ = 0;
};

/// Holds the lock, with all signals of this thread blocked.
class SignalLockGuard {
public:
  explicit SignalLockGuard(SignalLock& lock);
  SignalLockGuard(const SignalLockGuard&) = delete;
  SignalLockGuard& operator=(const SignalLockGuard&) = delete;
  ~SignalLockGuard();

private:
  SignalLock& lock_;
  sigset_t blockedBefore_;
};

}  // namespace umfb
