#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sys/descriptor.h"

namespace umfb {

std::size_t pageBytes();

/**
 * A memfd and this process's mapping of it. Sealed against shrinking and growing: truncation would change
 * pixels unseen by every tracker, and turn our own reads into SIGBUS.
 *
 * Shared by the ArrayBuffer that JavaScript sees and by the trackers; unmapped when the last of them lets go.
 */
class Mapping {
public:
  /// @param sizeBytes rounded up to whole pages
  /// @throws SystemError
  explicit Mapping(std::size_t sizeBytes);
  /// One more mapping of a memfd that exists: duplicated, not taken over.
  /// @throws std::invalid_argument where it is something else, can be truncated, is empty or larger than that
  static std::shared_ptr<Mapping> ofMemfd(int memfd, std::size_t maxBytes);
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  /// Where this process's stores go. Trackers arm this one.
  std::uint8_t* data() const { return data_; }
  /// The same bytes, where this process reads what changed: a second mapping that no tracker arms, so that
  /// our own reads never fault where reads are counted.
  const std::uint8_t* view() const { return view_; }
  /// The same bytes once more, for stores that are told otherwise and that no tracker is to see. Mapped at
  /// the first call; from one thread only. @throws SystemError
  std::uint8_t* untracked();
  std::size_t sizeBytes() const { return sizeBytes_; }
  std::size_t sizePages() const { return sizeBytes_ / pageBytes(); }
  int fd() const { return memfd_.get(); }

private:
  Mapping(std::size_t sizeBytes, Descriptor memfd);

  std::size_t sizeBytes_;
  Descriptor memfd_;
  std::uint8_t* data_;
  const std::uint8_t* view_;
  std::uint8_t* untracked_ = nullptr;
};

}  // namespace umfb
