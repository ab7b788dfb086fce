#include "remote_writers.h"

#include <err.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "remote_descriptors.h"
#include "sys/system_error.h"
#include "trackable.h"

namespace umfb::soak {

RemoteWriters::RemoteWriters(Mapping& memory) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw SystemError("socketpair");
  fromChild_ = Descriptor(ends[0]);
  Descriptor toParent(ends[1]);
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ < 0) throw SystemError("fork");
  if (child_ == 0) runChild(memory, std::move(toParent), parent);
}

void RemoteWriters::end() {
  if (child_ == 0) return;
  dismiss();
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = 0;
  // A sanitizer's complaint, perhaps.
  if (status != 0) errx(1, "the writers' process ended with status %#x", static_cast<unsigned>(status));
}

std::uint64_t RemoteWriters::start(DeviceTracker& tracker) {
  RemoteDescriptors received = receiveDescriptors(fromChild_.get());
  return tracker.attach(received.mapping(tracker.sizePages()));
}

void RemoteWriters::runChild(Mapping& memory, Descriptor toParent, pid_t parent) {
  try {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // It may have died before that was said.
    if (getppid() != parent) _exit(1);
    // A mapping of its own: what is inherited nobody can arm.
    void* address = mmap(nullptr, memory.sizeBytes(), PROT_READ | PROT_WRITE, MAP_SHARED, memory.fd(), 0);
    if (address == MAP_FAILED) throw SystemError("mmap");
    auto* words = static_cast<std::uint32_t*>(address);
    const auto count = static_cast<std::uint32_t>(memory.sizeBytes() / sizeof *words);
    sendDescriptors(toParent.get(), address, memory.sizeBytes());
    std::vector<std::thread> threads;
    for (std::uint32_t hand = 0; hand < kHands; hand++) {
      threads.emplace_back([this, hand, words, count] { write(hands(), hand, words, count); });
    }
    for (std::thread& thread : threads) thread.join();
    trackable_stop_agent();
  } catch (const SystemError& failure) {
    errx(1, "a writer's process: %s", failure.what());
  }
  // Not the parent's exit handlers.
  _exit(0);
}

}  // namespace umfb::soak
