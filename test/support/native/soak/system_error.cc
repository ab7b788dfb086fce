/// The addon words a failed call as Node does, by libuv; this program has none, and glibc's words do.
#include "sys/system_error.h"

#include <cstring>

namespace umfb {

SystemError::SystemError(std::string syscall, int number, const std::string& subject)
    : std::runtime_error(std::string(strerrorname_np(number)) + ": " + strerrordesc_np(number) + ", " +
                         syscall + (subject.empty() ? "" : " '" + subject + "'")),
      number_(number),
      syscall_(std::move(syscall)) {}

}  // namespace umfb
