/* Drawing over fork and exec, and ends that are not orderly. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

static void draw_fork(char** arguments) {
  (void)arguments;
  int fd = open_device();
  uint8_t* pixels = map_device(fd, 0, 4 * page);
  wait_for_host("mapped");
  pid_t child = fork();
  if (child == 0) {
    wait_for_host("child");
    store(pixels, 0, page, 0x00000101);
    uint32_t word = 0x00000102;
    require(pwrite(fd, &word, 4, 6 * page) == 4, "pwrite in the child");
    told(6 * page, word);
    wait_for_host("child stored");
    pid_t grandchild = fork();
    if (grandchild == 0) {
      wait_for_host("grandchild");
      store(pixels, 0, 2 * page, 0x00000103);
      wait_for_host("grandchild stored");
      _exit(0);
    }
    waitpid(grandchild, NULL, 0);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  wait_for_host("parent");
  store(pixels, 0, page + 4, 0x00000104);
  wait_for_host("parent stored");
}

/** A descriptor that was inherited over exec: its number is the argument. */
static void draw_inherited(char** arguments) {
  int fd = atoi(arguments[0]);
  wait_for_host("executed");
  uint32_t word = 0x00000201;
  require(write(fd, &word, 4) == 4, "write");
  told(page, word);
  wait_for_host("written");
  uint8_t* pixels = map_device(fd, 0, 4 * page);
  wait_for_host("mapped");
  store(pixels, 0, 3 * page, 0x00000202);
  wait_for_host("stored");
}

static void draw_exec(char** arguments) {
  (void)arguments;
  int fd = open_device();
  lseek(fd, page, SEEK_SET);
  char number[12];
  snprintf(number, sizeof number, "%d", fd);
  execl("/proc/self/exe", "umfb-test-guest", "inherited", number, (char*)NULL);
  require(false, "exec");
}

/** A daemon that closes every descriptor that it does not know. */
static void draw_closer(char** arguments) {
  (void)arguments;
  uint8_t* pixels = map_device(open_device(), 0, 4 * page);
  wait_for_host("mapped");
  for (int fd = 3; fd < 1024; fd++) close(fd);
  close_range(3, ~0u, 0);
  wait_for_host("closed");
  store(pixels, 0, page, 0x00000301);
  wait_for_host("stored");
  pid_t child = fork();
  if (child == 0) {
    wait_for_host("child");
    store(pixels, 0, 2 * page, 0x00000302);
    wait_for_host("child stored");
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

/** A sandbox that forbids userfaultfd, as container runtimes do: the system call, and the device's ioctl. */
static void draw_forbidden(char** arguments) {
  (void)arguments;
  // USERFAULTFD_IOC_NEW of linux/userfaultfd.h: newer than the headers of Debian 12.
  enum { userfaultfd_ioc_new = _IO(0xAA, 0x00) };
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_userfaultfd, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
      // The low half of the second argument: a little-endian machine's.
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, userfaultfd_ioc_new, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
  require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "PR_SET_SECCOMP");
  uint8_t* pixels = map_device(open_device(), 0, 4 * page);
  wait_for_host("mapped");
  store(pixels, 0, page, 0x00000401);
  wait_for_host("stored");
}

static void draw_crash(char** arguments) {
  (void)arguments;
  uint8_t* pixels = map_device(open_device(), 0, 4 * page);
  wait_for_host("mapped");
  store(pixels, 0, 2 * page, 0x00000501);
  raise(SIGSEGV);
}

/** Stores for ever, and hears no SIGTERM. */
static void draw_hang(char** arguments) {
  (void)arguments;
  signal(SIGTERM, SIG_IGN);
  uint8_t* pixels = map_device(open_device(), 0, 4 * page);
  if (fork() == 0) setsid();
  dprintf(STDOUT_FILENO, "hanging %d\n", getpid());
  for (uint32_t value = 0;; value++) *(volatile uint32_t*)(pixels + value % (4 * page) / 4 * 4) = value;
}

const struct test_case process_cases[] = {
    {"fork", draw_fork},           {"exec", draw_exec},
    {"inherited", draw_inherited}, {"closer", draw_closer},
    {"forbidden", draw_forbidden}, {"crash", draw_crash},
    {"hang", draw_hang},           {0},
};
