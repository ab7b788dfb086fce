/*
 * umfb-test-guest CASE: a guest for tests, that draws by plain fbdev calls, and tells on standard output what
 * it drew:
 *
 *     wrote OFFSET VALUE     this 32-bit word of device memory has this value from now on
 *     failed TEXT            an expectation did not hold
 *     sync NAME              the host is to look now; the guest goes on at a line on standard input
 */
#ifndef UMFB_TEST_GUEST_H
#define UMFB_TEST_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_case {
  const char* name;
  void (*run)(char** arguments);
};

/** Ended by an entry without a name. */
extern const struct test_case drawing_cases[];
extern const struct test_case process_cases[];
extern const struct test_case call_cases[];
extern const struct test_case client_cases[];
extern const struct test_case input_cases[];
extern const struct test_case device_cases[];
extern const struct test_case scribble_cases[];

enum { page = 4096 };

void wait_for_host(const char* name);
/** Says that a word of device memory has a value. */
void told(size_t offset, uint32_t value);
/** Stores a word and tells of it. `offset` is that of `pixels` in device memory. */
void store(void* pixels, size_t offset, size_t at, uint32_t value);
/** Says "failed" unless it holds. */
void expect(bool holds, const char* text);
/** Ends the program with a message unless it holds: nothing after it would make sense. */
void require(bool holds, const char* text);

int open_device(void);
uint8_t* map_device(int fd, size_t offset, size_t length);

#endif
