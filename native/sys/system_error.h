#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>

namespace umfb {

/// A system call that failed: what JavaScript gets to see as `code`, `errno` and `syscall`.
class SystemError : public std::runtime_error {
public:
  /// @param subject what it was called on, for the message
  explicit SystemError(std::string syscall, int number = errno, const std::string& subject = "");

  /// Positive, as in errno(3).
  int number() const { return number_; }
  const std::string& syscall() const { return syscall_; }

private:
  int number_;
  std::string syscall_;
};

}  // namespace umfb
