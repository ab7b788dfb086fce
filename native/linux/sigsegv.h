#pragma once

#include <cstddef>
#include <cstdint>

#include "sys/signal_lock.h"

/**
 * One SIGSEGV handler for the process, in front of the one that was there: Node's, which turns the
 * out-of-bounds accesses of WebAssembly into exceptions. What is not a fault of ours is passed on, exactly as
 * the kernel would have called it.
 *
 * Once a range was added, the handler stays for good, and without ranges passes everything on: another
 * thread's fault may be on its way to us whenever we would leave, and a handler that was installed after ours
 * may call ours. For the same reason the addon is never unloaded (binding.gyp: nodelete).
 *
 * A handler that is installed later, and does not pass on what it does not know (process.on('SIGSEGV') is
 * one), takes our faults away: a thread that stores then never gets on, or dies. Nobody can keep it from
 * that.
 */
namespace umfb::sigsegv {

/// Ranges at once in this process. They are looked up one after the other.
constexpr std::size_t kMaxRanges = 256;

/// Addresses whose write faults somebody resolves.
class FaultRange {
public:
  FaultRange(const void* start, std::size_t sizeBytes)
      : start_(reinterpret_cast<std::uintptr_t>(start)), sizeBytes_(sizeBytes) {}

  std::uintptr_t start() const { return start_; }
  std::size_t sizeBytes() const { return sizeBytes_; }

  /**
   * Makes the byte writable. Called by the signal handler of the thread that stored, with the lock held:
   * async-signal-safe code only.
   * @returns false where it cannot: the fault is passed on
   */
  virtual bool resolve(std::size_t offset) = 0;

protected:
  ~FaultRange() = default;

private:
  std::uintptr_t start_;
  std::size_t sizeBytes_;
};

/// What the handler holds while it resolves. Whoever else holds it must not store to any range.
SignalLock& lock();

/// Both with the lock held.
/// @throws SystemError EBUSY where a part of it was added already, or where a handler was installed after
/// ours, of which nobody knows whether it passes on; ENOSPC beyond kMaxRanges
void add(FaultRange& range);
/// Its bytes are writable by now. Faults on their way to the handler are none the worse.
void remove(FaultRange& range);

/**
 * For a trial on memory that no other thread knows: when it ends, the handler that was there before is put
 * back, unless somebody else has come to need ours.
 */
class Trial {
public:
  Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial();

private:
  bool wasInstalled_;
  std::uint64_t addedBefore_;
};

}  // namespace umfb::sigsegv
