#include "memory/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "linux/memfd_flags.h"
#include "sys/system_error.h"

namespace umfb {
namespace {

constexpr const char* kName = "umfb-device";

Descriptor createMemfd(std::size_t sizeBytes) {
  constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Descriptor memfd(memfd_create(kName, flags | MFD_NOEXEC_SEAL));
  if (!memfd.isOpen() && errno == EINVAL)
    memfd = Descriptor(memfd_create(kName, flags));  // Before Linux 6.3.
  if (!memfd.isOpen()) throw SystemError("memfd_create");
  if (ftruncate(memfd.get(), static_cast<off_t>(sizeBytes)) != 0) throw SystemError("ftruncate");
  // F_SEAL_SEAL too: whoever is handed the memfd must not be able to forbid our writes.
  if (fcntl(memfd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    throw SystemError("fcntl(F_ADD_SEALS)");
  }
  return memfd;
}

std::uint8_t* map(int memfd, std::size_t sizeBytes, int protection) {
  void* address = mmap(nullptr, sizeBytes, protection, MAP_SHARED, memfd, 0);
  if (address == MAP_FAILED) throw SystemError("mmap");
  return static_cast<std::uint8_t*>(address);
}

}  // namespace

std::size_t pageBytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

Mapping::Mapping(std::size_t sizeBytes)
    : sizeBytes_((sizeBytes + pageBytes() - 1) / pageBytes() * pageBytes()), memfd_(createMemfd(sizeBytes_)) {
  data_ = map(memfd_.get(), sizeBytes_, PROT_READ | PROT_WRITE);
  try {
    view_ = map(memfd_.get(), sizeBytes_, PROT_READ);
  } catch (const SystemError&) {
    munmap(data_, sizeBytes_);
    throw;
  }
}

Mapping::~Mapping() {
  munmap(data_, sizeBytes_);
  munmap(const_cast<std::uint8_t*>(view_), sizeBytes_);
}

}  // namespace umfb
