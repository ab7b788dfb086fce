#include "linux/descriptor_kind.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace umfb {
namespace {

/// proc(5): of an anonymous inode "anon_inode:[name]", else the absolute path; nobody can name a file the
/// former.
std::string linkOf(int fd) {
  char target[256];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length < 0 ? "" : std::string(target, static_cast<std::size_t>(length));
}

/// AT_STATX_DONT_SYNC and no fields: the device number, without asking the file system.
bool deviceOf(int fd, const char* path, struct statx& result) {
  return statx(fd, path, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &result) == 0;
}

bool isOnProcfs(int fd) {
  struct statfs procfs {};
  struct statx proc {};
  struct statx file {};
  return statfs("/proc", &procfs) == 0 && procfs.f_type == PROC_SUPER_MAGIC &&
         deviceOf(AT_FDCWD, "/proc", proc) && deviceOf(fd, "", file) &&
         proc.stx_dev_major == file.stx_dev_major && proc.stx_dev_minor == file.stx_dev_minor;
}

}  // namespace

bool isUserfaultfd(int fd) { return linkOf(fd) == "anon_inode:[userfaultfd]"; }

bool isKvmMachine(int fd) { return linkOf(fd) == "anon_inode:kvm-vm"; }

bool isPagemap(int fd) {
  // Of a process that has exited, the path ends in this; its pagemap is one all the same.
  constexpr std::string_view deleted = " (deleted)";
  std::string path = linkOf(fd);
  if (path.ends_with(deleted)) path.resize(path.size() - deleted.size());
  return path.ends_with("/pagemap") && isOnProcfs(fd);
}

}  // namespace umfb
