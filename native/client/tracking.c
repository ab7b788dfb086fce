/*
 * Mappings that the host is to see stores through. The host registers and arms them, from outside, by the
 * descriptors that this process hands over; here only the list is kept.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/mman.h>

#include "internal.h"

// Newer than the headers of Debian 12 (Linux 6.7's include/uapi/linux/userfaultfd.h).
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15)
#endif

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

/** Opens what wp-async needs, once a process; where that is forbidden, mappings are compared. */
static void open_async(struct umfb* fb) {
  if (fb->uffd_tried) return;
  fb->uffd_tried = true;
  int uffd = umfb_open_userfaultfd(O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY,
                                   UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM |
                                       UFFD_FEATURE_WP_UNPOPULATED | UFFD_FEATURE_WP_ASYNC);
  if (uffd < 0) return;
  int pagemap = (int)umfb_syscall(SYS_openat, AT_FDCWD, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) {
    umfb_close_fd(&uffd);
    return;
  }
  fb->uffd = umfb_raise_fd(uffd);
  fb->pagemap = umfb_raise_fd(pagemap);
}

/**
 * Opens a userfaultfd for one mapping, whose faults the host handles. Stores by the kernel on the program's
 * behalf are faults too, where this process may have that; else they fail, and the host is told.
 * @return the descriptor, or -1
 */
static int open_sync(const struct umfb* fb, uint32_t* flags) {
  const int open_flags = O_CLOEXEC | O_NONBLOCK;
  uint64_t features = UFFD_FEATURE_PAGEFAULT_FLAG_WP | UFFD_FEATURE_WP_HUGETLBFS_SHMEM;
  if (fb->tracking & UMFB_TRACK_ZAP) features |= UFFD_FEATURE_MINOR_SHMEM;
  uint32_t flag = UMFB_MAP_SYNC;
  int uffd = umfb_open_userfaultfd(open_flags, features);
  if (uffd < 0) {
    flag |= UMFB_MAP_SYNC_USER_ONLY;
    uffd = umfb_open_userfaultfd(open_flags | UFFD_USER_MODE_ONLY, features);
  }
  if (uffd < 0) return -1;
  *flags |= flag;
  return uffd;
}

static int send_map(struct umfb* fb, const struct umfb_map* map, const int* fds, unsigned fd_count,
                    uint32_t* id) {
  struct umfb_request request = {
      .op = UMFB_OP_MAP, .body = map, .body_size = sizeof *map, .fds = fds, .fd_count = fd_count};
  struct umfb_mapping mapping;
  int error = umfb_call(fb, &request, &mapping, sizeof mapping, NULL);
  if (!error) *id = mapping.id;
  return error;
}

/** Adds the descriptors for tracking by events, all of them or none. @return how many, from `fds` on */
static unsigned add_sync(const struct umfb* fb, struct umfb_tracked* tracked, uint32_t* flags, int* fds) {
  uint32_t sync_flags = 0;
  fds[0] = open_sync(fb, &sync_flags);
  if (fds[0] < 0) return 0;
  unsigned count = 1;
  if (fb->tracking & UMFB_TRACK_ZAP) {
    fds[1] = umfb_start_zap_agent(tracked);
    if (fds[1] < 0) {
      umfb_close_fd(&fds[0]);
      return 0;
    }
    sync_flags |= UMFB_MAP_ZAP;
    count = 2;
  }
  *flags |= sync_flags;
  return count;
}

int umfb_announce(struct umfb* fb, struct umfb_tracked* tracked) {
  struct umfb_map map = {.first_page = (uint32_t)(tracked->offset / page_size()),
                         .page_count = (uint32_t)(tracked->length / page_size()),
                         .address = tracked->address};
  int fds[4];
  unsigned kept = 0, given = 0;
  if (fb->tracking & UMFB_TRACK_ASYNC) open_async(fb);
  if (fb->tracking & UMFB_TRACK_ASYNC && fb->uffd >= 0) {
    map.flags |= UMFB_MAP_ASYNC;
    fds[kept++] = fb->uffd;
    fds[kept++] = fb->pagemap;
  }
  if (fb->tracking & UMFB_TRACK_SYNC) given = add_sync(fb, tracked, &map.flags, fds + kept);
  int error = send_map(fb, &map, fds, kept + given, &tracked->id);
  // The host has the only ones then: if it dies, the kernel lets everybody go on who waits in a fault.
  for (unsigned index = 0; index < given; index++) umfb_close_fd(&fds[kept + index]);
  if (error) umfb_stop_zap_agent(tracked);
  return error;
}

int umfb_track(struct umfb* fb, void* address, size_t length, size_t offset) {
  size_t page = page_size();
  length = (length + page - 1) / page * page;
  if ((uintptr_t)address % page || offset % page || length == 0) return -EINVAL;
  if (offset > fb->capacity || length > fb->capacity - offset) return -EINVAL;
  if (fb->lost) return -EIO;
  if (fb->tracked_count == UMFB_MAX_MAPPINGS) return -ENOMEM;
  struct umfb_tracked tracked = {
      .address = (uintptr_t)address, .length = length, .offset = offset, .agent_socket = -1};
  int error = umfb_announce(fb, &tracked);
  if (!error) fb->tracked[fb->tracked_count++] = tracked;
  return error;
}

int umfb_untrack(struct umfb* fb, const void* address, size_t length) {
  size_t page = page_size();
  uintptr_t start = (uintptr_t)address;
  uintptr_t end = start + (length + page - 1) / page * page;
  int result = 0;
  for (size_t index = 0; index < fb->tracked_count;) {
    struct umfb_tracked old = fb->tracked[index];
    if (old.address + old.length <= start || end <= old.address) {
      index++;
      continue;
    }
    fb->tracked[index] = fb->tracked[--fb->tracked_count];
    struct umfb_mapping mapping = {.id = old.id};
    struct umfb_request request = {.op = UMFB_OP_UNMAP, .body = &mapping, .body_size = sizeof mapping};
    int error = umfb_call(fb, &request, NULL, 0, NULL);
    umfb_stop_zap_agent(&old);
    // What stays of it is announced anew. It lies outside of the range, so this loop passes it by.
    if (!error && old.address < start) {
      error = umfb_track(fb, (void*)old.address, start - old.address, old.offset);
    }
    if (!error && end < old.address + old.length) {
      error = umfb_track(fb, (void*)end, old.address + old.length - end, old.offset + (end - old.address));
    }
    if (error) result = error;
  }
  return result;
}

bool umfb_find(const struct umfb* fb, const void* address, size_t length, size_t* offset) {
  uintptr_t start = (uintptr_t)address;
  for (size_t index = 0; index < fb->tracked_count; index++) {
    const struct umfb_tracked* tracked = &fb->tracked[index];
    if (start < tracked->address || start - tracked->address >= tracked->length) continue;
    *offset = tracked->offset + (start - tracked->address);
    return length <= tracked->length - (start - tracked->address);
  }
  return false;
}

int umfb_compare_all(struct umfb* fb) {
  if (fb->all_compared) return 0;
  struct umfb_map map = {.page_count = (uint32_t)(fb->capacity / page_size())};
  uint32_t id;
  int error = send_map(fb, &map, NULL, 0, &id);
  if (!error) fb->all_compared = true;
  return error;
}

int umfb_map(struct umfb* fb, size_t offset, size_t length, void** address) {
  void* mapped;
  int error = umfb_map_file(fb->memory, offset, length, &mapped);
  if (error) return error;
  error = umfb_track(fb, mapped, length, offset);
  if (error)
    umfb_syscall(SYS_munmap, mapped, length);
  else
    *address = mapped;
  return error;
}

int umfb_unmap(struct umfb* fb, void* address, size_t length) {
  int error = umfb_untrack(fb, address, length);
  long unmapped = umfb_syscall(SYS_munmap, address, length);
  return unmapped < 0 ? (int)unmapped : error;
}

int umfb_mark_dirty(struct umfb* fb, size_t offset, size_t length) {
  size_t page = page_size();
  if (offset > fb->capacity || length > fb->capacity - offset) return -EINVAL;
  if (length == 0) return 0;
  size_t first = offset / page;
  size_t last = (offset + length - 1) / page;
  struct umfb_pages pages = {.first_page = (uint32_t)first, .page_count = (uint32_t)(last - first + 1)};
  struct umfb_request request = {.op = UMFB_OP_DIRTY, .body = &pages, .body_size = sizeof pages};
  return umfb_tell(fb, &request);
}
