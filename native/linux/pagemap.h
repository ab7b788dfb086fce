#pragma once

#include <linux/fs.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "sys/descriptor.h"

/// PAGEMAP_SCAN (Linux 6.7), which Debian 12's linux/fs.h lacks. Values: Linux's include/uapi/linux/fs.h;
/// what they mean: Documentation/admin-guide/mm/pagemap.rst.
#ifndef PAGEMAP_SCAN
#define PAGEMAP_SCAN _IOWR('f', 16, struct pm_scan_arg)

#define PAGE_IS_WPALLOWED (1 << 0)
#define PAGE_IS_WRITTEN (1 << 1)

#define PM_SCAN_WP_MATCHING (1 << 0)
#define PM_SCAN_CHECK_WPASYNC (1 << 1)

struct page_region {
  std::uint64_t start;
  std::uint64_t end;
  std::uint64_t categories;
};

struct pm_scan_arg {
  std::uint64_t size;
  std::uint64_t flags;
  std::uint64_t start;
  std::uint64_t end;
  std::uint64_t walk_end;
  std::uint64_t vec;
  std::uint64_t vec_len;
  std::uint64_t max_pages;
  std::uint64_t category_inverted;
  std::uint64_t category_mask;
  std::uint64_t category_anyof_mask;
  std::uint64_t return_mask;
};
#endif

namespace umfb::pagemap {

/// This process's own. @throws SystemError
Descriptor openOwn();

/// Needs the right to read that process's memory (ptrace(2), PTRACE_MODE_READ_FSCREDS). @throws SystemError
Descriptor openOf(int pid);

/// `start`, `flags`, `end` and the masks are the caller's; the rest is filled in.
/// @param regions never empty: a vector of length 0 once panicked the kernel (28aa29986dde)
/// @returns regions written. `walk_end` tells how far the scan came: at most to the end, even without an
/// error.
/// @throws SystemError
std::size_t scan(int fd, pm_scan_arg& argument, std::span<page_region> regions);

}  // namespace umfb::pagemap
