// Pinned I/O: io_uring's fixed buffers (io_uring_register(2)), by system calls. The kernel looks the pages up
// once, when they are registered, and stores to them later without any page table.
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Registers a buffer, in place of the last one. Returns 0 or an errno; EPERM, ENOSYS: io_uring is forbidden.
 */
int fixed_buffer_pin(void* address, size_t length);

/** Reads `value` from a pipe into the first word of the buffer. */
int fixed_buffer_store(uint32_t value);
