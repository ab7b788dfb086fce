#include "writers.h"

#include <sys/mman.h>

#include <new>

#include "remote_writers.h"
#include "sys/system_error.h"
#include "thread_writers.h"

namespace umfb::soak {
namespace {

Hands* shareHands() {
  void* memory = mmap(nullptr, sizeof(Hands), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw SystemError("mmap");
  return new (memory) Hands();
}

}  // namespace

Writers::Writers() : hands_(shareHands(), [](Hands* hands) { munmap(hands, sizeof *hands); }) {}

void Writers::dismiss() {
  for (Hand& hand : hands_->hands) hand.due.set(Hands::kEnd);
}

std::unique_ptr<Writers> makeWriters(Place place, Mapping& memory) {
  if (place == Place::kThreads) return std::make_unique<ThreadWriters>(memory);
  return std::make_unique<RemoteWriters>(memory);
}

}  // namespace umfb::soak
