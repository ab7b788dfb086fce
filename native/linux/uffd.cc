#include "linux/uffd.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <cstdio>
#include <memory>
#include <string>

#include "sys/system_error.h"

namespace umfb::uffd {
namespace {

/// fs/userfaultfd.c, UFFD_FEATURE_INITIALIZED: set by the handshake, and shown among the features.
constexpr std::uint64_t kInitialized = std::uint64_t{1} << 31;

/// @param done the argument's last field: bytes done, or once more the error, negated
template <typename Argument>
std::uint64_t fill(const char* name, int fd, unsigned long request, Argument& argument, std::uint64_t length,
                   const __s64& done) {
  if (ioctl(fd, request, &argument) == 0) return length;
  if (errno == EAGAIN && done > 0) return static_cast<std::uint64_t>(done);
  throw SystemError(name);
}

}  // namespace

Descriptor open(int flags) {
  Descriptor fd(static_cast<int>(syscall(SYS_userfaultfd, flags)));
  if (fd.isOpen()) return fd;
  const int number = errno;
  // Whoever may open the device needs neither the system call nor a capability.
  const Descriptor device(::open("/dev/userfaultfd", O_RDWR | O_CLOEXEC));
  if (device.isOpen()) fd = Descriptor(ioctl(device.get(), USERFAULTFD_IOC_NEW, flags));
  if (!fd.isOpen()) throw SystemError("userfaultfd", number);
  return fd;
}

std::uint64_t enable(int fd, std::uint64_t features) {
  uffdio_api api{};
  api.api = UFFD_API;
  api.features = features;
  if (ioctl(fd, UFFDIO_API, &api) != 0) {
    // EINVAL: this kernel lacks one of the features (ioctl_userfaultfd(2)); a second handshake would tell
    // which.
    throw SystemError("ioctl(UFFDIO_API)", errno, errno == EINVAL ? "a feature that this kernel lacks" : "");
  }
  return api.features;
}

std::optional<std::uint64_t> enabledFeatures(int fd) {
  const std::string path = "/proc/self/fdinfo/" + std::to_string(fd);
  const std::unique_ptr<FILE, int (*)(FILE*)> info(std::fopen(path.c_str(), "re"), std::fclose);
  if (!info) throw SystemError("open", errno, path);
  char line[128];
  unsigned long long features = 0;
  while (std::fgets(line, sizeof line, info.get())) {
    if (std::sscanf(line, "API: %*x:%llx:", &features) == 1) break;
  }
  if ((features & kInitialized) == 0) return std::nullopt;
  return features & ~kInitialized;
}

std::uint64_t registerRange(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t modes) {
  uffdio_register range{};
  range.range = {address, length};
  range.mode = modes;
  if (ioctl(fd, UFFDIO_REGISTER, &range) != 0) throw SystemError("ioctl(UFFDIO_REGISTER)");
  return range.ioctls;
}

void unregisterRange(int fd, std::uint64_t address, std::uint64_t length) {
  uffdio_range range{address, length};
  if (ioctl(fd, UFFDIO_UNREGISTER, &range) != 0) throw SystemError("ioctl(UFFDIO_UNREGISTER)");
}

void wake(int fd, std::uint64_t address, std::uint64_t length) {
  uffdio_range range{address, length};
  if (ioctl(fd, UFFDIO_WAKE, &range) != 0) throw SystemError("ioctl(UFFDIO_WAKE)");
}

void writeProtect(int fd, std::uint64_t address, std::uint64_t length, bool protect, bool wake) {
  uffdio_writeprotect range{};
  range.range = {address, length};
  range.mode = protect ? UFFDIO_WRITEPROTECT_MODE_WP : wake ? 0 : UFFDIO_WRITEPROTECT_MODE_DONTWAKE;
  if (ioctl(fd, UFFDIO_WRITEPROTECT, &range) != 0) throw SystemError("ioctl(UFFDIO_WRITEPROTECT)");
}

std::uint64_t copy(int fd, std::uint64_t address, std::span<const std::uint8_t> source, std::uint64_t mode) {
  uffdio_copy argument{};
  argument.dst = address;
  argument.src = reinterpret_cast<std::uintptr_t>(source.data());
  argument.len = source.size();
  argument.mode = mode;
  return fill("ioctl(UFFDIO_COPY)", fd, UFFDIO_COPY, argument, source.size(), argument.copy);
}

std::uint64_t zeropage(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode) {
  uffdio_zeropage argument{};
  argument.range = {address, length};
  argument.mode = mode;
  return fill("ioctl(UFFDIO_ZEROPAGE)", fd, UFFDIO_ZEROPAGE, argument, length, argument.zeropage);
}

std::uint64_t continueRange(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode) {
  uffdio_continue argument{};
  argument.range = {address, length};
  argument.mode = mode;
  return fill("ioctl(UFFDIO_CONTINUE)", fd, UFFDIO_CONTINUE, argument, length, argument.mapped);
}

std::uint64_t poison(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode) {
  uffdio_poison argument{};
  argument.range = {address, length};
  argument.mode = mode;
  return fill("ioctl(UFFDIO_POISON)", fd, UFFDIO_POISON, argument, length, argument.updated);
}

std::uint64_t move(int fd, std::uint64_t address, std::uint64_t from, std::uint64_t length,
                   std::uint64_t mode) {
  uffdio_move argument{};
  argument.dst = address;
  argument.src = from;
  argument.len = length;
  argument.mode = mode;
  return fill("ioctl(UFFDIO_MOVE)", fd, UFFDIO_MOVE, argument, length, argument.move);
}

std::size_t readMessages(int fd, std::span<uffd_msg> messages) {
  const iovec buffer{messages.data(), messages.size_bytes()};
  // Not by O_NONBLOCK alone: another process that has the descriptor can clear that at any moment. Before
  // Linux 6.10 there is nothing better.
  ssize_t length = preadv2(fd, &buffer, 1, -1, RWF_NOWAIT);
  if (length < 0 && errno == EOPNOTSUPP) length = ::read(fd, messages.data(), messages.size_bytes());
  if (length >= 0) return static_cast<std::size_t>(length) / sizeof(uffd_msg);
  if (errno != EAGAIN) throw SystemError("read", errno, "userfaultfd");
  if ((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0) {
    throw SystemError("read", EBADF, "a userfaultfd that another process made blocking");
  }
  return 0;
}

bool isReadableWithoutWaiting(int fd) {
  // Too short for an event, so none is taken: EINVAL, once the kernel has accepted not to wait.
  char byte;
  const iovec buffer{&byte, sizeof byte};
  return preadv2(fd, &buffer, 1, -1, RWF_NOWAIT) >= 0 || errno != EOPNOTSUPP;
}

}  // namespace umfb::uffd
