/*
 * A guest's terminal: a pseudo-terminal whose other end the guard has.
 *
 * A silent one stands for a standard input of /dev/null: what the host says is typed on it, and what the
 * guest writes to it is thrown away. A console's is all that the guest has: the guard's standard input is
 * typed on it, and what the guest writes goes to the guard's standard output. Neither side is ever waited
 * for.
 */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/** On its way from one descriptor to another: as much as a pipe holds. */
struct terminal_buffer {
  size_t start, end;
  char bytes[65536];
};

struct terminal {
  /** -1: there is none. */
  int master;
  /** The guest's end: kept open, or the terminal would end with the first guest that closes it. -1 of a
   * silent one. */
  int slave;
  bool is_console;
  bool input_ended;
  bool output_ended;
  struct terminal_buffer input, output;
  /** What the host says of a console: its size, as a line. */
  char line[64];
  size_t line_length;
};

enum { terminal_polled = 3 };

/** Standard input becomes a silent terminal, if it is /dev/null. */
void terminal_replace_null(struct terminal* terminal);

/** @param size "COLUMNS ROWS WIDTH HEIGHT", the last two in pixels. @return 0, or an errno */
int terminal_open_console(struct terminal* terminal, const char* size);

/** In the guest's process, before exec: a console becomes its controlling terminal, and its standard streams.
 */
void terminal_take(const struct terminal* terminal);

/** What to wait for: `terminal_polled` entries. */
void terminal_poll(const struct terminal* terminal, struct pollfd* polled);

/** Moves bytes as far as that goes without waiting. */
void terminal_serve(struct terminal* terminal);

/** What the host says on the control socket: of a console its size, a line each; else what is typed. */
void terminal_hear(struct terminal* terminal, const char* said, size_t size);

/** The guest hears of the end as of a modem's: SIGHUP to a console's session. */
void terminal_hang_up(struct terminal* terminal);

/** What the guest wrote last, when nobody is left who could write: to the host, if it takes any within the
 * time. */
void terminal_drain(struct terminal* terminal, int timeout_ms);
