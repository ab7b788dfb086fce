/*
 * umfb-guard: starts a program, and ends when the program and all that came of it have ended.
 *
 *     umfb-guard [--console SIZE] CONTROL_FD GRACE_MS [NAME=VALUE…] -- PATH ARGV0 [ARGUMENT…]
 *
 * The guest must not outlive its host, and may do what it wants: fork, daemonize, block signals, hang, stop
 * itself. So the guard adopts its orphans (PR_SET_CHILD_SUBREAPER), and when the program has ended, or the
 * host has closed the control socket, or has died (which closes it, too), it sends SIGTERM to all
 * descendants, and after the grace SIGKILL until none is left. On the control socket it says, in one line,
 * how the program ended: "exit 3", "signal 11", or "exec 13", an errno, where it could not be started. What
 * the host says there is typed on the terminal that stands for a standard input of /dev/null.
 *
 * A program that puts itself into the background, as `fbi -T` does, has not ended: when it exits with 0 and
 * leaves descendants, they have the grace to map the device, and go on for as long as one of them does.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "terminal.h"

/** Between two rounds of SIGKILL: a process that was just forked may have been missed. */
enum { kill_round_ms = 20 };
/** Between two looks at whether a guest in the background still has the device mapped. */
enum { background_look_ms = 200 };

static sigset_t watched_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGQUIT);
  return set;
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** proc_pid_stat(5): the command, which may hold anything, is in the last parentheses. @return 0 where it is
 * gone */
static pid_t parent_of(pid_t pid) {
  char path[32], line[512];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE* file = fopen(path, "re");
  if (!file) return 0;
  size_t size = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  line[size] = '\0';
  const char* end = strrchr(line, ')');
  int parent = 0;
  return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

static bool descends_from(pid_t pid, pid_t ancestor) {
  while (pid > 1) {
    pid = parent_of(pid);
    if (pid == ancestor) return true;
  }
  return false;
}

/** Calls `visit` for each descendant until it returns true. @return whether it did */
static bool any_descendant(bool (*visit)(pid_t pid, int argument), int argument) {
  DIR* proc = opendir("/proc");
  if (!proc) return false;
  bool found = false;
  for (struct dirent* entry; !found && (entry = readdir(proc));) {
    pid_t pid = (pid_t)atoi(entry->d_name);
    found = pid > 1 && descends_from(pid, getpid()) && visit(pid, argument);
  }
  closedir(proc);
  return found;
}

static bool send_signal(pid_t pid, int number) {
  kill(pid, number);
  return false;
}

static void signal_descendants(int number) { any_descendant(send_signal, number); }

/** proc_pid_maps(5): device memory is a memfd of this name (native/memory/mapping.cc). */
static bool maps_device(pid_t pid, int unused) {
  (void)unused;
  char path[32], line[PATH_MAX + 128];
  snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
  FILE* file = fopen(path, "re");
  if (!file) return false;
  bool found = false;
  while (!found && fgets(line, sizeof line, file)) found = strstr(line, "/memfd:umfb") != NULL;
  fclose(file);
  return found;
}

/** @return 0, or the errno of what failed */
static int start(pid_t* program, struct terminal* terminal, const char* path, char** arguments,
                 char** settings, char** settings_end) {
  sigset_t watched = watched_signals();
  sigprocmask(SIG_BLOCK, &watched, NULL);
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) return errno;
  pid_t guard = getpid();
  *program = fork();
  if (*program == 0) {
    // Should the guard be killed, so is the program.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) _exit(1);
    sigprocmask(SIG_UNBLOCK, &watched, NULL);
    signal(SIGPIPE, SIG_DFL);
    terminal_take(terminal);
    for (; settings < settings_end; settings++) putenv(*settings);
    execvp(path, arguments);
    if (write(failure[1], &errno, sizeof errno) < 0) _exit(2);
    _exit(1);
  }
  int error = *program < 0 ? errno : 0;
  close(failure[1]);
  // Nothing comes where exec closes the pipe.
  if (!error && read(failure[0], &error, sizeof error) < 0) error = errno;
  close(failure[0]);
  return error;
}

struct guest {
  pid_t program;
  bool ended;
  /** Of its end. */
  long ended_ms;
  int status;
};

/** @return false when no child is left */
static bool reap(struct guest* guest) {
  for (;;) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid == 0) return true;
    if (pid < 0) return errno == EINTR;
    if (pid == guest->program) {
      guest->ended = true;
      guest->ended_ms = now_ms();
      guest->status = status;
    }
  }
}

/** @return false where the host is gone */
static bool hear_host(int control, struct terminal* terminal) {
  char said[256];
  ssize_t size = read(control, said, sizeof said);
  if (size > 0) terminal_hear(terminal, said, (size_t)size);
  return size > 0;
}

/** Waits for a signal, the host's end of the control socket, or the time. @return true where the guest is to
 * end */
static bool wait_for_news(int signals, int control, struct terminal* terminal, long timeout_ms) {
  struct pollfd polled[2 + terminal_polled] = {{.fd = signals, .events = POLLIN},
                                               {.fd = control, .events = POLLIN}};
  terminal_poll(terminal, polled + 2);
  if (poll(polled, 2 + terminal_polled, (int)timeout_ms) <= 0) return false;
  terminal_serve(terminal);
  struct signalfd_siginfo info;
  while (read(signals, &info, sizeof info) > 0) {
    // The keyboard's SIGINT and SIGQUIT reach the guest by themselves; what they mean is the host's to say.
    if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP) return true;
  }
  return polled[1].revents && !hear_host(control, terminal);
}

/** True while the program that has ended goes on in the background. */
static bool is_in_background(const struct guest* guest, long grace_ms) {
  if (!WIFEXITED(guest->status) || WEXITSTATUS(guest->status) != 0) return false;
  return now_ms() < guest->ended_ms + grace_ms || any_descendant(maps_device, 0);
}

/** Returns when the program and all its descendants have ended. */
static void watch(struct guest* guest, int control, struct terminal* terminal, long grace_ms) {
  sigset_t watched = watched_signals();
  int signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  long deadline = -1;  // -1: nobody is to end yet
  while (reap(guest)) {
    long timeout = -1;
    bool must_end = false;
    if (guest->ended && deadline < 0) {
      // A console's program ends with its terminal.
      must_end = terminal->is_console || !is_in_background(guest, grace_ms);
      timeout = background_look_ms;
    }
    if (deadline >= 0) {
      timeout = deadline - now_ms();
      if (timeout <= 0) {
        signal_descendants(SIGKILL);
        timeout = kill_round_ms;
      }
    }
    if (!must_end || deadline >= 0)
      must_end |= wait_for_news(signals, deadline < 0 ? control : -1, terminal, timeout);
    if (must_end && deadline < 0) {
      // A shell pays no attention to SIGTERM; what the program wrote last is still to be read where it ended
      // by itself.
      if (terminal->is_console && !guest->ended) terminal_hang_up(terminal);
      deadline = now_ms() + grace_ms;
      signal_descendants(SIGTERM);
      signal_descendants(SIGCONT);  // one that is stopped gets its SIGTERM only then
    }
  }
  close(signals);
}

int main(int argc, char** argv) {
  static struct terminal terminal;
  bool is_console = argc > 2 && strcmp(argv[1], "--console") == 0;
  char** options = argv + (is_console ? 3 : 1);
  char** settings = options + 2;
  char** settings_end = settings;
  while (settings_end < argv + argc && strcmp(*settings_end, "--") != 0) settings_end++;
  if (settings_end + 2 >= argv + argc) {
    fprintf(stderr,
            "usage: umfb-guard [--console SIZE] CONTROL_FD GRACE_MS [NAME=VALUE...] -- PATH ARGV0 "
            "[ARGUMENT...]\n");
    return 2;
  }
  int control = atoi(options[0]);
  long grace_ms = atol(options[1]);
  fcntl(control, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGPIPE, SIG_IGN);

  int error = 0;
  if (is_console)
    error = terminal_open_console(&terminal, argv[2]);
  else
    terminal_replace_null(&terminal);
  struct guest guest = {0};
  if (!error)
    error = start(&guest.program, &terminal, settings_end[1], settings_end + 2, settings, settings_end);
  if (!error) {
    watch(&guest, control, &terminal, grace_ms);
    terminal_drain(&terminal, (int)grace_ms);
  }
  if (error)
    dprintf(control, "exec %d\n", error);
  else if (WIFSIGNALED(guest.status))
    dprintf(control, "signal %d\n", WTERMSIG(guest.status));
  else
    dprintf(control, "exit %d\n", WEXITSTATUS(guest.status));
  return 0;
}
