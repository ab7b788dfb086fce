#pragma once

#include <fcntl.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "linux/uffd_abi.h"
#include "sys/descriptor.h"

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

/// What the handshake enabled, as far as the kernel tells (proc(5), fdinfo). Nothing: there was none yet.
std::optional<std::uint64_t> enabledFeatures(int fd);

/// @returns bits of the ioctls that the range allows (_UFFDIO_*)
std::uint64_t registerRange(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t modes);
void unregisterRange(int fd, std::uint64_t address, std::uint64_t length);
void wake(int fd, std::uint64_t address, std::uint64_t length);

/**
 * @param wake those that wait in a fault, where `protect` is false
 * @throws SystemError EAGAIN while a fork, mremap, munmap or madvise of that address space waits for its
 * event to be read. Never retried here: who reads that event may be who called, and who caused it a hostile
 * guest.
 */
void writeProtect(int fd, std::uint64_t address, std::uint64_t length, bool protect, bool wake = true);

/// The following give pages to a range, from its start. @returns bytes done: fewer than asked for where a
/// later page could not be, for a reason that a call for the rest throws. `mode` is each ioctl's own.
std::uint64_t copy(int fd, std::uint64_t address, std::span<const std::uint8_t> source, std::uint64_t mode);
std::uint64_t zeropage(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode);
std::uint64_t continueRange(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode);
std::uint64_t poison(int fd, std::uint64_t address, std::uint64_t length, std::uint64_t mode);
std::uint64_t move(int fd, std::uint64_t address, std::uint64_t from, std::uint64_t length,
                   std::uint64_t mode);

/**
 * Reads the events that are there, without waiting. Who is told of a fork owns the descriptor in it.
 * @returns how many
 * @throws SystemError also where whoever shares the descriptor made it blocking: it cannot be polled then
 */
std::size_t readMessages(int fd, std::span<uffd_msg> messages);

/// Whether readMessages() never waits, whatever another process that shares the descriptor does to it.
bool isReadableWithoutWaiting(int fd);

}  // namespace umfb::uffd
