#include "memory.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "../system.h"
#include "words.h"

/** A part of device memory. */
struct part {
  uint64_t offset;
  uint64_t bytes;
};

enum { part_count = 7 };

static bool is_inside(struct part part, uint64_t bytes) {
  return part.offset % UMFB_DEV_PAGE_BYTES == 0 && part.offset <= bytes && part.bytes <= bytes - part.offset;
}

static bool are_apart(struct part one, struct part other) {
  return one.offset + one.bytes <= other.offset || other.offset + other.bytes <= one.offset;
}

/** A memory that could shrink would take this process with it: SIGBUS. */
static int check_file(int fd, size_t* bytes) {
  int seals = (int)umfb_syscall(SYS_fcntl, fd, F_GET_SEALS);
  struct stat status;
  int error = (int)umfb_syscall(SYS_fstat, fd, &status);
  if (error) return error;
  if (seals < 0 || !(seals & F_SEAL_SHRINK)) return -EPROTO;
  if (status.st_size < UMFB_DEV_PAGE_BYTES) return -EPROTO;
  *bytes = (size_t)status.st_size;
  return 0;
}

/** @param info a copy: what is checked is what is used */
static bool check_info(const struct umfb_info* info, uint64_t bytes) {
  if (memcmp(info->magic, UMFB_DEV_MAGIC, sizeof info->magic) != 0) return false;
  if (info->version < UMFB_DEV_VERSION || info->page_bytes != UMFB_DEV_PAGE_BYTES) return false;
  const struct part parts[part_count] = {
      {0, UMFB_DEV_PAGE_BYTES},
      {info->framebuffer_offset, UMFB_DEV_PAGE_BYTES},
      {info->keyboard_offset, UMFB_DEV_PAGE_BYTES},
      {info->colours_offset, UMFB_DEV_PAGE_BYTES},
      {info->bitmap_offset, info->bitmap_bytes},
      {info->heap_offset, info->heap_bytes},
      {info->pixels_offset, info->pixels_bytes},
  };
  if (info->memory_bytes > bytes) return false;
  for (int index = 0; index < part_count; index++) {
    if (!is_inside(parts[index], info->memory_bytes)) return false;
    for (int before = 0; before < index; before++) {
      if (!are_apart(parts[before], parts[index])) return false;
    }
  }
  const uint64_t pages = (info->pixels_bytes + UMFB_DEV_PAGE_BYTES - 1) / UMFB_DEV_PAGE_BYTES;
  return pages <= (uint64_t)info->bitmap_bytes * 8;
}

int umfb_memory_open(struct umfb_memory* memory, int fd) {
  size_t bytes;
  void* mapped;
  int error = check_file(fd, &bytes);
  if (!error) error = umfb_map_file(fd, 0, bytes, &mapped);
  if (error) return error;
  struct umfb_info info;
  memcpy(&info, mapped, sizeof info);
  if (!check_info(&info, bytes)) {
    umfb_syscall(SYS_munmap, mapped, bytes);
    return -EPROTO;
  }
  uint8_t* base = mapped;
  *memory = (struct umfb_memory){
      .fd = umfb_raise_fd(fd),
      .bytes = bytes,
      .info = mapped,
      .framebuffer = base + info.framebuffer_offset,
      .keyboard = base + info.keyboard_offset,
      .colours = (uint32_t*)(base + info.colours_offset),
      .bitmap = (uint32_t*)(base + info.bitmap_offset),
      .heap = base + info.heap_offset,
      .heap_bytes = info.heap_bytes,
      .pixels = base + info.pixels_offset,
      .pixels_bytes = info.pixels_bytes,
  };
  return 0;
}

void umfb_memory_close(struct umfb_memory* memory) {
  if (memory->info) umfb_syscall(SYS_munmap, memory->info, memory->bytes);
  memory->info = NULL;
  umfb_close_fd(&memory->fd);
}
