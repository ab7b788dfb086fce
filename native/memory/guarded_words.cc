#include "memory/guarded_words.h"

#include <sys/mman.h>

#include "memory/mapping.h"
#include "sys/system_error.h"

namespace umfb {

GuardedWords::GuardedWords(std::size_t count) {
  const std::size_t bytes = count * sizeof(std::uint64_t);
  const std::size_t usable = (bytes + pageBytes() - 1) / pageBytes() * pageBytes();
  mappedBytes_ = usable + pageBytes();
  mapping_ = mmap(nullptr, mappedBytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping_ == MAP_FAILED) throw SystemError("mmap");
  if (mprotect(mapping_, usable, PROT_READ | PROT_WRITE) != 0) {
    const int number = errno;
    munmap(mapping_, mappedBytes_);
    throw SystemError("mprotect", number);
  }
  auto* first = static_cast<std::uint8_t*>(mapping_) + usable - bytes;
  words_ = {reinterpret_cast<std::uint64_t*>(first), count};
}

GuardedWords::~GuardedWords() { munmap(mapping_, mappedBytes_); }

}  // namespace umfb
