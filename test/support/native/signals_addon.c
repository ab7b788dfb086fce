// What tests of SIGSEGV handlers need and JavaScript cannot do: test/support/signals.ts describes each
// function.
#define _GNU_SOURCE
#include <errno.h>
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint32_t number(napi_env env, napi_callback_info info, size_t index) {
  napi_value values[2];
  size_t count = 2;
  uint32_t value = 0;
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
  if (index >= count || napi_get_value_uint32(env, values[index], &value) != napi_ok)
    napi_throw_type_error(env, NULL, "expected a number");
  return value;
}

static napi_value text(napi_env env, const char* value) {
  napi_value result;
  return napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result) == napi_ok ? result : NULL;
}

static napi_value whole(napi_env env, uint32_t value) {
  napi_value result;
  return napi_create_uint32(env, value, &result) == napi_ok ? result : NULL;
}

// A handler that writes down how it was called, and opens the page that `fault` stores to.

static uint8_t* page;
static char record[256];

static void write_down(const char* kind, const siginfo_t* info) {
  sigset_t blocked;
  pthread_sigmask(SIG_BLOCK, NULL, &blocked);
  int length = snprintf(record, sizeof record, "%s", kind);
  if (info)
    length += snprintf(record + length, sizeof record - (size_t)length, " code %d at %s", info->si_code,
                       info->si_addr == page ? "the page" : "elsewhere");
  length += snprintf(record + length, sizeof record - (size_t)length, " blocked");
  for (int signal = 1; signal < 32; signal++) {
    if (sigismember(&blocked, signal) == 1)
      length += snprintf(record + length, sizeof record - (size_t)length, " %d", signal);
  }
  mprotect(page, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE);
}

static void on_signal(int signal) {
  (void)signal;
  write_down("plain", NULL);
}

static void on_signal_with_info(int signal, siginfo_t* info, void* context) {
  (void)signal;
  (void)context;
  write_down("with information", info);
}

static napi_value install(napi_env env, napi_callback_info info) {
  struct sigaction action = {.sa_flags = (int)number(env, info, 0)};
  if (action.sa_flags & SA_SIGINFO)
    action.sa_sigaction = on_signal_with_info;
  else
    action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, (int)number(env, info, 1));
  sigaction(SIGSEGV, &action, NULL);
  return NULL;
}

// Lets both run with a signal blocked, which a handler must find blocked, too.
static void block(int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(how, &set, NULL);
}

static napi_value fault(napi_env env, napi_callback_info info) {
  (void)info;
  if (!page) page = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(page, (size_t)sysconf(_SC_PAGESIZE), PROT_READ);
  record[0] = 0;
  block(SIG_BLOCK);
  errno = 77;
  *(volatile uint8_t*)page = 1;
  const int kept = errno == 77;
  block(SIG_UNBLOCK);
  return text(env, kept ? record : "errno was changed");
}

static napi_value send(napi_env env, napi_callback_info info) {
  (void)info;
  record[0] = 0;
  block(SIG_BLOCK);
  pthread_kill(pthread_self(), SIGSEGV);
  block(SIG_UNBLOCK);
  return text(env, record);
}

static napi_value handler(napi_env env, napi_callback_info info) {
  (void)info;
  struct sigaction action;
  sigaction(SIGSEGV, NULL, &action);
  char name[32];
  snprintf(name, sizeof name, "%p", (void*)action.sa_sigaction);
  return text(env, name);
}

// A handler in front of all others, which passes on.

static struct sigaction behind;
static atomic_uint passed;

static void pass_on(int signal, siginfo_t* info, void* context) {
  atomic_fetch_add(&passed, 1);
  behind.sa_sigaction(signal, info, context);
}

static napi_value go_in_front(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGSEGV, &action, &behind);
  return NULL;
}

static napi_value leave_front(napi_env env, napi_callback_info info) {
  (void)info;
  sigaction(SIGSEGV, &behind, NULL);
  return whole(env, passed);
}

// A thread that stores, one word a page, until it is told to stop.

static pthread_t thread;
static atomic_int stopping;
static struct {
  uint8_t* first;
  size_t length;
} target;
static atomic_uint stores;

static void* store(void* unused) {
  (void)unused;
  const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  for (uint32_t value = 1; !stopping; value++) {
    for (size_t offset = 0; offset < target.length && !stopping; offset += page_bytes) {
      *(volatile uint32_t*)(target.first + offset) = value;
      atomic_fetch_add(&stores, 1);
    }
  }
  return NULL;
}

static napi_value start_stores(napi_env env, napi_callback_info info) {
  napi_value buffer;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &buffer, NULL, NULL);
  napi_get_arraybuffer_info(env, buffer, (void**)&target.first, &target.length);
  stopping = 0;
  stores = 0;
  if (pthread_create(&thread, NULL, store, NULL) != 0) napi_throw_error(env, NULL, "pthread_create");
  return NULL;
}

static napi_value stored(napi_env env, napi_callback_info info) {
  (void)info;
  return whole(env, stores);
}

static napi_value stop_stores(napi_env env, napi_callback_info info) {
  stopping = 1;
  pthread_join(thread, NULL);
  return stored(env, info);
}

// Areas of the address space, of which a process may have a certain number.

static uint8_t* areas;
static size_t area_pages;

static napi_value use_up_areas(napi_env env, napi_callback_info info) {
  const uint32_t leave = number(env, info, 0);
  const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  area_pages = 1 << 18;
  areas = mmap(NULL, area_pages * page_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  uint32_t made = 0;
  // Every other page another protection: two areas each.
  while (2 * made + 1 < area_pages &&
         mprotect(areas + (2 * made + 1) * page_bytes, page_bytes, PROT_READ) == 0)
    made++;
  for (uint32_t i = 0; i < leave / 2 && made > 0; i++, made--)
    mprotect(areas + (2 * made - 1) * page_bytes, page_bytes, PROT_NONE);
  return whole(env, made);
}

static napi_value give_back_areas(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  munmap(areas, area_pages * (size_t)sysconf(_SC_PAGESIZE));
  return NULL;
}

NAPI_MODULE_INIT() {
  static const struct {
    const char* name;
    napi_callback function;
  } functions[] = {
      {"install", install},
      {"fault", fault},
      {"send", send},
      {"handler", handler},
      {"goInFront", go_in_front},
      {"leaveFront", leave_front},
      {"startStores", start_stores},
      {"stored", stored},
      {"stopStores", stop_stores},
      {"useUpAreas", use_up_areas},
      {"giveBackAreas", give_back_areas},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
