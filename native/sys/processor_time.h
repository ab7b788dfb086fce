#pragma once

#include <time.h>

namespace umfb {

/// What a thread or process has used, which others on a busy machine do not disturb. A system call.
/// @param clock CLOCK_THREAD_CPUTIME_ID or CLOCK_PROCESS_CPUTIME_ID
inline double processorNanoseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

}  // namespace umfb
