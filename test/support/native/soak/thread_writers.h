#pragma once

#include <thread>
#include <vector>

#include "writers.h"

namespace umfb::soak {

/// Writers in threads of this process, through its own mapping.
class ThreadWriters : public Writers {
public:
  explicit ThreadWriters(Mapping& memory) : memory_(memory) {}
  ~ThreadWriters() override { end(); }

  std::uint64_t start(DeviceTracker&) override {
    startThreads();
    return 0;
  }

  void startThreads() {
    auto* words = reinterpret_cast<std::uint32_t*>(memory_.data());
    const auto count = static_cast<std::uint32_t>(memory_.sizeBytes() / sizeof *words);
    for (std::uint32_t hand = 0; hand < kHands; hand++) {
      threads_.emplace_back([this, hand, words, count] { write(hands(), hand, words, count); });
    }
  }

  void end() override {
    dismiss();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

private:
  Mapping& memory_;
  std::vector<std::thread> threads_;
};

}  // namespace umfb::soak
