#include "trackers/fault_thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "linux/uffd.h"
#include "sys/descriptor.h"
#include "sys/system_error.h"

namespace umfb {
namespace {

/// Userfaultfds that one epoll_wait(2) reports; the kernel takes turns among more.
constexpr int kMaxReady = 16;

/// Every thread but Node's own leaves signals to those.
class SignalsBlocked {
public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  sigset_t before_;
};

class FaultThread {
public:
  FaultThread() : epoll_(epoll_create1(EPOLL_CLOEXEC)), stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!epoll_.isOpen()) throw SystemError("epoll_create1");
    if (!stop_.isOpen()) throw SystemError("eventfd");
    watch(stop_.get(), kStop);
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "umfb-faults");
  }
  FaultThread(const FaultThread&) = delete;
  FaultThread& operator=(const FaultThread&) = delete;
  ~FaultThread() {
    // It cannot fail: nobody else writes to the counter.
    [[maybe_unused]] const int result = eventfd_write(stop_.get(), 1);
    thread_.join();
  }

  void add(std::uint64_t id, int uffd, FaultHandler& handler) {
    const std::lock_guard lock(mutex_);
    watch(uffd, id);
    handlers_.emplace(id, Watched{uffd, &handler});
  }

  void remove(std::uint64_t id) {
    std::unique_lock lock(mutex_);
    forget(id);
    finished_.wait(lock, [&] { return running_ != id; });
  }

private:
  /// No userfaultfd's.
  static constexpr std::uint64_t kStop = 0;

  struct Watched {
    int uffd;
    FaultHandler* handler;
  };

  void watch(int fd, std::uint64_t id) {
    // Level-triggered: what a turn leaves is the next one's.
    epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw SystemError("epoll_ctl");
  }

  void forget(std::uint64_t id) {
    const auto found = handlers_.find(id);
    if (found == handlers_.end()) return;
    // By hand, since closing the descriptor would not do it: its process may have another one of the same
    // file.
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, found->second.uffd, nullptr);
    handlers_.erase(found);
  }

  void run() {
    std::array<epoll_event, kMaxReady> ready;
    for (;;) {
      const int count = epoll_wait(epoll_.get(), ready.data(), kMaxReady, -1);
      for (int i = 0; i < count; ++i) {
        if (ready[i].data.u64 == kStop) return;
        turn(ready[i].data.u64);
      }
    }
  }

  void turn(std::uint64_t id) {
    Watched watched;
    {
      const std::lock_guard lock(mutex_);
      const auto found = handlers_.find(id);
      if (found == handlers_.end()) return;  // Removed since it was reported.
      watched = found->second;
      running_ = id;
    }
    // The userfaultfd and the handler stay while running_ names them.
    try {
      handle(watched);
    } catch (const SystemError& failure) {
      {
        const std::lock_guard lock(mutex_);
        forget(id);
      }
      watched.handler->onLost(failure.number());
    }
    {
      const std::lock_guard lock(mutex_);
      running_ = kStop;
    }
    finished_.notify_all();
  }

  void handle(const Watched& watched) {
    std::array<uffd_msg, FaultWatch::kMaxFaults> messages;
    const std::size_t count = uffd::readMessages(watched.uffd, messages);
    std::size_t faults = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (messages[i].event == UFFD_EVENT_PAGEFAULT) {
        messages[faults++] = messages[i];
      } else if (messages[i].event == UFFD_EVENT_FORK) {
        ::close(static_cast<int>(messages[i].arg.fork.ufd));
      }
    }
    if (faults > 0) watched.handler->onFaults(std::span(messages).first(faults));
  }

  std::mutex mutex_;
  std::condition_variable finished_;
  std::unordered_map<std::uint64_t, Watched> handlers_;
  /// Whose handler runs just now.
  std::uint64_t running_ = kStop;
  Descriptor epoll_;
  Descriptor stop_;
  std::thread thread_;
};

/**
 * The one of this process, while somebody needs it. Never destroyed at exit(3): Node's main thread ends
 * without closing its handles, and other threads may be in a fault until the very end.
 */
struct SharedThread {
  std::mutex mutex;
  std::unique_ptr<FaultThread> thread;
  std::size_t users = 0;
  std::uint64_t nextId = 1;
};

SharedThread& shared() {
  static auto* const only = new SharedThread;
  return *only;
}

}  // namespace

FaultWatch::FaultWatch(int uffd, FaultHandler& handler) {
  SharedThread& only = shared();
  const std::lock_guard lock(only.mutex);
  if (!only.thread) only.thread = std::make_unique<FaultThread>();
  id_ = only.nextId++;
  try {
    only.thread->add(id_, uffd, handler);
  } catch (...) {
    if (only.users == 0) only.thread.reset();
    throw;
  }
  ++only.users;
}

FaultWatch::~FaultWatch() {
  SharedThread& only = shared();
  const std::lock_guard lock(only.mutex);
  only.thread->remove(id_);
  if (--only.users == 0) only.thread.reset();
}

}  // namespace umfb
