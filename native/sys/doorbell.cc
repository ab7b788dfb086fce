#include "sys/doorbell.h"

#include <sys/eventfd.h>

#include <cerrno>

#include "sys/system_error.h"

namespace umfb {

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler uses it");

Doorbell::Doorbell() : eventfd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!eventfd_.isOpen()) throw SystemError("eventfd");
}

void Doorbell::await() { awaited_ = true; }

void Doorbell::ignore() { awaited_ = false; }

void Doorbell::ring() {
  if (!awaited_.exchange(false)) return;
  const int saved = errno;
  // It cannot fail: the counter is far from its limit, since it is awaited again only by a reader.
  [[maybe_unused]] const int result = eventfd_write(eventfd_.get(), 1);
  errno = saved;
}

void Doorbell::silence() {
  eventfd_t rings;
  // EAGAIN: it had not rung.
  [[maybe_unused]] const int result = eventfd_read(eventfd_.get(), &rings);
}

}  // namespace umfb
