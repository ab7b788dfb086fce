#pragma once

#include <cstddef>
#include <cstdint>

#include "sys/descriptor.h"

namespace umfb {

std::size_t pageBytes();

/**
 * A memfd and this process's one mapping of it. Sealed against shrinking and growing: truncation would change
 * pixels unseen by every tracker, and turn our own reads into SIGBUS.
 *
 * Shared by the ArrayBuffer that JavaScript sees and by the trackers; unmapped when the last of them lets go.
 */
class Mapping {
public:
  /// @param sizeBytes rounded up to whole pages
  /// @throws SystemError
  explicit Mapping(std::size_t sizeBytes);
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::uint8_t* data() const { return data_; }
  std::size_t sizeBytes() const { return sizeBytes_; }
  std::size_t sizePages() const { return sizeBytes_ / pageBytes(); }
  int fd() const { return memfd_.get(); }

private:
  std::size_t sizeBytes_;
  Descriptor memfd_;
  std::uint8_t* data_;
};

}  // namespace umfb
