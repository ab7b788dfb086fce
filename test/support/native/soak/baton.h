#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace umfb::soak {

/// Waits a few cycles, and leaves the core's other thread its share of them.
inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/**
 * A number that one side raises and the other waits for, across threads and processes: it lies in shared
 * memory. Whoever waits spins a while, for a round of one store is over sooner than a sleep, then sleeps
 * (futex(2)).
 */
class Baton {
public:
  std::uint32_t get() const { return value_.load(std::memory_order_acquire); }

  void set(std::uint32_t value) {
    value_.store(value);
    if (sleepers_.load() > 0) futex(FUTEX_WAKE, 1);
  }

  /// @returns the number, once it is another one than `old`
  std::uint32_t waitWhile(std::uint32_t old) {
    for (int turn = 0; turn < kSpins; turn++) {
      if (get() != old) return get();
      relax();
    }
    sleepers_++;
    while (value_.load() == old) futex(FUTEX_WAIT, old);
    sleepers_--;
    return get();
  }

private:
  static constexpr int kSpins = 2000;

  void futex(int operation, std::uint32_t value) {
    syscall(SYS_futex, &value_, operation, value, nullptr, nullptr, 0);
  }

  std::atomic<std::uint32_t> value_ = 0;
  std::atomic<std::uint32_t> sleepers_ = 0;
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

}  // namespace umfb::soak
