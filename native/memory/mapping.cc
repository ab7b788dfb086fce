#include "memory/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <stdexcept>
#include <string>
#include <utility>

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

/// F_GET_SEALS first: it fails where the descriptor is no memfd, without asking a file system that may be
/// hostile.
std::size_t sizeOfSealed(int memfd) {
  const int seals = fcntl(memfd, F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    throw std::invalid_argument("memfd: expected one that is sealed against shrinking (F_SEAL_SHRINK)");
  }
  struct stat status {};
  if (fstat(memfd, &status) != 0) throw SystemError("fstat");
  return static_cast<std::size_t>(status.st_size);
}

std::size_t wholePages(std::size_t sizeBytes) {
  return (sizeBytes + pageBytes() - 1) / pageBytes() * pageBytes();
}

}  // namespace

std::size_t pageBytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

Mapping::Mapping(std::size_t sizeBytes)
    : Mapping(wholePages(sizeBytes), createMemfd(wholePages(sizeBytes))) {}

std::shared_ptr<Mapping> Mapping::ofMemfd(int memfd, std::size_t maxBytes) {
  const std::size_t sizeBytes = sizeOfSealed(memfd);
  if (sizeBytes == 0 || sizeBytes > maxBytes) {
    throw std::invalid_argument("memfd: expected from 1 to " + std::to_string(maxBytes) +
                                " bytes, received " + std::to_string(sizeBytes));
  }
  Descriptor copy(fcntl(memfd, F_DUPFD_CLOEXEC, 0));
  if (!copy.isOpen()) throw SystemError("fcntl(F_DUPFD_CLOEXEC)");
  return std::shared_ptr<Mapping>(new Mapping(wholePages(sizeBytes), std::move(copy)));
}

Mapping::Mapping(std::size_t sizeBytes, Descriptor memfd) : sizeBytes_(sizeBytes), memfd_(std::move(memfd)) {
  data_ = map(memfd_.get(), sizeBytes_, PROT_READ | PROT_WRITE);
  try {
    view_ = map(memfd_.get(), sizeBytes_, PROT_READ);
  } catch (const SystemError&) {
    munmap(data_, sizeBytes_);
    throw;
  }
}

std::uint8_t* Mapping::untracked() {
  if (untracked_ == nullptr) untracked_ = map(memfd_.get(), sizeBytes_, PROT_READ | PROT_WRITE);
  return untracked_;
}

Mapping::~Mapping() {
  munmap(data_, sizeBytes_);
  munmap(const_cast<std::uint8_t*>(view_), sizeBytes_);
  if (untracked_ != nullptr) munmap(untracked_, sizeBytes_);
}

}  // namespace umfb
