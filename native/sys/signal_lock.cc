#include "sys/signal_lock.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace umfb {
namespace {

constexpr std::uint32_t kFree = 0;
constexpr std::uint32_t kHeld = 1;
/// Held, and somebody may sleep.
constexpr std::uint32_t kAwaited = 2;

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t) &&
                  std::atomic<std::uint32_t>::is_always_lock_free,
              "the kernel looks at the same word");

void futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  // Any failure (EAGAIN, EINTR) means: look again.
  syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

}  // namespace

// The third mutex of Ulrich Drepper, "Futexes Are Tricky".
void SignalLock::lock() {
  std::uint32_t state = kFree;
  if (state_.compare_exchange_strong(state, kHeld, std::memory_order_acquire)) return;
  while (state_.exchange(kAwaited, std::memory_order_acquire) != kFree) futex(state_, FUTEX_WAIT, kAwaited);
}

void SignalLock::unlock() {
  if (state_.exchange(kFree, std::memory_order_release) == kAwaited) futex(state_, FUTEX_WAKE, 1);
}

SignalLockGuard::SignalLockGuard(SignalLock& lock) : lock_(lock) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &blockedBefore_);
  lock_.lock();
}

SignalLockGuard::~SignalLockGuard() {
  lock_.unlock();
  pthread_sigmask(SIG_SETMASK, &blockedBefore_, nullptr);
}

}  // namespace umfb
