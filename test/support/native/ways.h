// The ways by which bytes of device memory change: what trackers see of each is the table in
// docs/trackers.md. They do what they are told to one page, in the process that calls them.
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Device memory as this process has it: the whole, or some pages from `first_byte` on. */
struct ways_target {
  int memfd;
  uint8_t* mapping;
  size_t first_byte;
  size_t length;
};

/**
 * What has to be done before the page is armed: io_uring pins it. Most ways need nothing.
 * @param page counted from the mapping's first one
 * @return 0, the errno of a system call that failed, or -1: there is no way of that name
 */
int ways_prepare(const char* name, const struct ways_target* target, size_t page);

/** Makes `value` the first word of the page; "load" looks at it, and "punch-hole" makes all of the page zero.
 */
int ways_change(const char* name, const struct ways_target* target, size_t page, uint32_t value);
