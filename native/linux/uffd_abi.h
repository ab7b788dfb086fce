#pragma once

#include <linux/userfaultfd.h>

#include <cstdint>

/// What Debian 12's linux/userfaultfd.h (Linux 6.1) lacks, with the release that brought it.
/// Values and layouts: Linux's include/uapi/linux/userfaultfd.h.

#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)  // 6.4
#endif
#ifndef UFFDIO_CONTINUE_MODE_WP
#define UFFDIO_CONTINUE_MODE_WP (std::uint64_t{1} << 1)  // 6.4
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15)  // 6.7
#endif
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)  // 6.1: of /dev/userfaultfd
#endif

#ifndef UFFDIO_POISON  // 6.6
#define _UFFDIO_POISON 0x08
#define UFFDIO_POISON _IOWR(UFFDIO, _UFFDIO_POISON, struct uffdio_poison)
#define UFFDIO_POISON_MODE_DONTWAKE (std::uint64_t{1} << 0)

struct uffdio_poison {
  uffdio_range range;
  std::uint64_t mode;
  std::int64_t updated;
};
#endif

#ifndef UFFDIO_MOVE  // 6.8
#define _UFFDIO_MOVE 0x05
#define UFFDIO_MOVE _IOWR(UFFDIO, _UFFDIO_MOVE, struct uffdio_move)
#define UFFDIO_MOVE_MODE_DONTWAKE (std::uint64_t{1} << 0)
#define UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES (std::uint64_t{1} << 1)

struct uffdio_move {
  std::uint64_t dst;
  std::uint64_t src;
  std::uint64_t len;
  std::uint64_t mode;
  std::int64_t move;
};
#endif

static_assert(sizeof(uffdio_poison) == 32 && sizeof(uffdio_move) == 40);
