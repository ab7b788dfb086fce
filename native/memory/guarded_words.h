#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace umfb {

/**
 * Words that end where a page without access begins: for a system call that is not told how much room there
 * is. Where it would write beyond, it fails with EFAULT instead.
 */
class GuardedWords {
public:
  /// All zero. @param count at least 1 @throws SystemError
  explicit GuardedWords(std::size_t count);
  GuardedWords(const GuardedWords&) = delete;
  GuardedWords& operator=(const GuardedWords&) = delete;
  ~GuardedWords();

  std::span<std::uint64_t> words() const { return words_; }

private:
  std::size_t mappedBytes_;
  void* mapping_;
  std::span<std::uint64_t> words_;
};

}  // namespace umfb
