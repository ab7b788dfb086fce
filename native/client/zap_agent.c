/*
 * The agent of a mapping that is tracked by zapping: a thread that unmaps pages when the host asks for it,
 * since nobody can do that from outside. What it unmaps stays in device memory, and is mapped again by the
 * next access.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "internal.h"

struct umfb_zap_agent {
  pthread_t thread;
  int socket;
  uintptr_t address;
  size_t page_count;
};

static bool unmap(const struct umfb_zap_agent* agent, const struct umfb_zap* zap) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if (zap->count > UMFB_MAX_ZAP_RUNS) return false;
  for (uint32_t index = 0; index < zap->count; index++) {
    const struct umfb_pages* run = &zap->runs[index];
    // Nothing but this mapping: elsewhere, unmapping destroys what is there.
    if (run->first_page > agent->page_count || run->page_count > agent->page_count - run->first_page) {
      return false;
    }
    uintptr_t start = agent->address + run->first_page * page;
    if (umfb_syscall(SYS_madvise, start, run->page_count * page, MADV_DONTNEED) != 0) return false;
  }
  return true;
}

static void* run(void* argument) {
  const struct umfb_zap_agent* agent = argument;
  struct umfb_zap zap;
  long received;
  do {
    received = umfb_syscall(SYS_recvfrom, agent->socket, &zap, sizeof zap, 0, NULL, NULL);
    if (received != (long)sizeof zap || !unmap(agent, &zap)) break;
    struct umfb_zapped answer = {.serial = zap.serial};
    received = umfb_syscall(SYS_sendto, agent->socket, &answer, sizeof answer, MSG_NOSIGNAL, NULL, 0);
  } while (received > 0);
  // The host notices, and compares from then on.
  umfb_syscall(SYS_shutdown, agent->socket, SHUT_RDWR);
  return NULL;
}

static int start_thread(struct umfb_zap_agent* agent) {
  // Signals are the program's.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&agent->thread, NULL, run, agent);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error == 0) pthread_setname_np(agent->thread, "umfb-zap");
  return -error;
}

int umfb_start_zap_agent(struct umfb_tracked* tracked) {
  void* memory;
  int error = umfb_allocate(sizeof(struct umfb_zap_agent), &memory);
  if (error) return error;
  struct umfb_zap_agent* agent = memory;
  int ends[2];
  error = (int)umfb_syscall(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
  if (error == 0) {
    tracked->agent = agent;
    tracked->agent_socket = umfb_raise_fd(ends[0]);
    *agent = (struct umfb_zap_agent){.socket = tracked->agent_socket,
                                     .address = tracked->address,
                                     .page_count = tracked->length / (size_t)sysconf(_SC_PAGESIZE)};
    error = start_thread(agent);
    if (error == 0) return ends[1];
    umfb_forget_zap_agent(tracked);
    umfb_close_fd(&ends[1]);
    return error;
  }
  umfb_syscall(SYS_munmap, agent, sizeof *agent);
  return error;
}

void umfb_stop_zap_agent(struct umfb_tracked* tracked) {
  if (!tracked->agent) return;
  umfb_syscall(SYS_shutdown, tracked->agent_socket, SHUT_RDWR);
  pthread_join(tracked->agent->thread, NULL);
  umfb_forget_zap_agent(tracked);
}

void umfb_forget_zap_agent(struct umfb_tracked* tracked) {
  if (!tracked->agent) return;
  umfb_close_fd(&tracked->agent_socket);
  umfb_syscall(SYS_munmap, tracked->agent, sizeof *tracked->agent);
  tracked->agent = NULL;
}
