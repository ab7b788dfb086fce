#pragma once

#include <fcntl.h>
#include <linux/userfaultfd.h>

#include <cstddef>
#include <cstdint>

#include "sys/descriptor.h"

/// What Debian 12's linux/userfaultfd.h lacks. Values: Linux's include/uapi/linux/userfaultfd.h.
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)  // Linux 6.4
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15)  // Linux 6.7
#endif
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)  // Linux 6.1: of /dev/userfaultfd
#endif

/// userfaultfd(2) and ioctl_userfaultfd(2), one function a call. They throw SystemError.
namespace umfb::uffd {

/// What wp-async needs of a userfaultfd. Without WP_UNPOPULATED, protecting a page that nobody touched yet is
/// skipped in silence.
constexpr std::uint64_t kWpAsyncFeatures = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM |
                                           UFFD_FEATURE_WP_UNPOPULATED | UFFD_FEATURE_WP_ASYNC;

/**
 * Opens a userfaultfd, by the system call or, where that is forbidden, by /dev/userfaultfd.
 * @param flags O_CLOEXEC, O_NONBLOCK, UFFD_USER_MODE_ONLY
 */
Descriptor open(int flags);

/// The handshake, once a descriptor. @returns what the kernel offers, where `features` is 0; else what was
/// enabled
std::uint64_t enable(int fd, std::uint64_t features);

/// @returns bits of the ioctls that the range allows (_UFFDIO_*)
std::uint64_t registerRange(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t modes);
void unregisterRange(int fd, std::uint64_t address, std::uint64_t length);
void writeProtect(int fd, std::uint64_t address, std::uint64_t length, bool protect);

}  // namespace umfb::uffd
