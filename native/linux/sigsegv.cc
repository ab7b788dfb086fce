#include "linux/sigsegv.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "sys/system_error.h"

namespace umfb::sigsegv {
namespace {

/// Constant-initialized and never destroyed: a fault may come at any time, until the process is gone.
struct State {
  SignalLock lock;
  std::array<FaultRange*, kMaxRanges> ranges{};
  std::size_t count = 0;
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  bool installed = false;
  struct sigaction previous {};
};
constinit State state;

// What a handler reads must not be allocated at the first access, as glibc does with a library that was
// loaded late.
#ifdef __GLIBC__
#define UMFB_TLS_IN_HANDLER __attribute__((tls_model("initial-exec")))
#else
#define UMFB_TLS_IN_HANDLER
#endif

/// How many ranges had been removed when this thread was last sent back to try again.
thread_local std::uint64_t removedAtRetry UMFB_TLS_IN_HANDLER = 0;

FaultRange* find(std::uintptr_t address) {
  for (std::size_t i = 0; i < state.count; ++i) {
    FaultRange* range = state.ranges[i];
    if (address - range->start() < range->sizeBytes()) return range;
  }
  return nullptr;
}

/**
 * @returns false where it is not for us
 *
 * A fault may have been on its way here while its range was removed. So after a removal each thread is sent
 * back once with a fault that nobody owns: what was ours succeeds now, and what was not faults again, and is
 * passed on. A thread has one fault on its way at most, so once is enough.
 */
bool resolve(const siginfo_t& info) {
  // All other codes are faults of other kinds (unmapped memory), or signals that somebody sent.
  if (info.si_code != SEGV_ACCERR) return false;
  const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  state.lock.lock();
  bool resolved;
  if (FaultRange* range = find(address)) {
    resolved = range->resolve(address - range->start());
  } else {
    resolved = removedAtRetry != state.removed;
    removedAtRetry = state.removed;
  }
  state.lock.unlock();
  return resolved;
}

struct sigaction takePrevious() {
  state.lock.lock();
  const struct sigaction previous = state.previous;
  if (previous.sa_flags & SA_RESETHAND) state.previous.sa_handler = SIG_DFL;
  state.lock.unlock();
  return previous;
}

/// Lets the kernel do what it does without a handler: end the process, with the state of the fault in its
/// core.
void passOnToKernel(int signal, siginfo_t* info) {
  struct sigaction byDefault {};
  byDefault.sa_handler = SIG_DFL;
  sigaction(signal, &byDefault, nullptr);
  // The instruction of a fault runs again and faults again; what was sent, positive codes are the kernel's
  // faults, has to be sent again.
  if (info->si_code <= 0) syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), signal, info);
}

/// The mask that the kernel would have given to `handler`: what the thread had blocked, and what it asks for.
void blockFor(const struct sigaction& handler, int signal, const void* context) {
  const sigset_t& interrupted = static_cast<const ucontext_t*>(context)->uc_sigmask;
  sigset_t mask = handler.sa_mask;
  // One by one: only the first word of that set is the kernel's.
  for (int number = 1; number < NSIG; ++number) {
    if (sigismember(&interrupted, number) == 1) sigaddset(&mask, number);
  }
  if (!(handler.sa_flags & SA_NODEFER)) sigaddset(&mask, signal);
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

void passOn(int signal, siginfo_t* info, void* context) {
  const struct sigaction previous = takePrevious();
  const bool sent = info->si_code <= 0;
  if (previous.sa_handler == SIG_IGN && sent) return;
  // A fault that is ignored ends the process, too.
  if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) return passOnToKernel(signal, info);
  blockFor(previous, signal, context);
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(signal, info, context);
  } else {
    previous.sa_handler(signal);
  }
}

void handle(int signal, siginfo_t* info, void* context) {
  const int saved = errno;
  if (!resolve(*info)) passOn(signal, info, context);
  errno = saved;
}

bool isOurs(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) && action.sa_sigaction == handle;
}

struct sigaction current() {
  struct sigaction action {};
  if (sigaction(SIGSEGV, nullptr, &action) != 0) throw SystemError("sigaction(SIGSEGV)");
  return action;
}

void install() {
  const struct sigaction before = current();
  if (isOurs(before)) return;
  const bool isFunction = before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN;
  if (state.installed && isFunction) {
    // It may call ours: to go in front of it would be a circle.
    throw SystemError("sigaction(SIGSEGV)", EBUSY, "a handler that was installed after umfb's");
  }
  struct sigaction ours {};
  ours.sa_sigaction = handle;
  // On the alternate stack of threads that have one. All signals are masked while the lock may be held.
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK | (before.sa_flags & SA_RESTART);
  sigfillset(&ours.sa_mask);
  state.previous = before;
  if (sigaction(SIGSEGV, &ours, nullptr) != 0) throw SystemError("sigaction(SIGSEGV)");
  // A child of fork(2) that stores to a range must not find the lock held by a thread that it does not have.
  [[maybe_unused]] static const int once =
      pthread_atfork([] { state.lock.lock(); }, [] { state.lock.unlock(); }, [] { state.lock.unlock(); });
  state.installed = true;
}

}  // namespace

SignalLock& lock() { return state.lock; }

void add(FaultRange& range) {
  for (std::size_t i = 0; i < state.count; ++i) {
    const FaultRange& other = *state.ranges[i];
    if (range.start() < other.start() + other.sizeBytes() &&
        other.start() < range.start() + range.sizeBytes()) {
      throw SystemError("mprotect", EBUSY, "memory that is tracked already");
    }
  }
  if (state.count == kMaxRanges) {
    throw SystemError("mprotect", ENOSPC, "more than " + std::to_string(kMaxRanges) + " mappings at once");
  }
  install();
  state.ranges[state.count++] = &range;
  ++state.added;
}

void remove(FaultRange& range) {
  const auto end = state.ranges.begin() + static_cast<std::ptrdiff_t>(state.count);
  const auto found = std::find(state.ranges.begin(), end, &range);
  if (found == end) return;
  *found = state.ranges[--state.count];
  ++state.removed;
}

Trial::Trial() {
  const SignalLockGuard guard(state.lock);
  wasInstalled_ = state.installed;
  addedBefore_ = state.added;
}

Trial::~Trial() {
  const SignalLockGuard guard(state.lock);
  // One range was added, the trial's own.
  if (wasInstalled_ || !state.installed || state.count != 0 || state.added > addedBefore_ + 1) return;
  struct sigaction now {};
  if (sigaction(SIGSEGV, nullptr, &now) != 0 || !isOurs(now)) return;
  if (sigaction(SIGSEGV, &state.previous, nullptr) == 0) state.installed = false;
}

}  // namespace umfb::sigsegv
