#include "sys/system_error.h"

#include <uv.h>

namespace umfb {

namespace {

/// "ENOENT: no such file or directory, connect '/run/x'", worded as Node words its own.
std::string describe(const std::string& syscall, int number, const std::string& subject) {
  char name[32];
  char text[128];
  uv_err_name_r(-number, name, sizeof name);
  uv_strerror_r(-number, text, sizeof text);
  return std::string(name) + ": " + text + ", " + syscall + (subject.empty() ? "" : " '" + subject + "'");
}

}  // namespace

SystemError::SystemError(std::string syscall, int number, const std::string& subject)
    : std::runtime_error(describe(syscall, number, subject)), number_(number), syscall_(std::move(syscall)) {}

}  // namespace umfb
