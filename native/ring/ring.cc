#include "ring/ring.h"

#include <algorithm>
#include <cstring>

namespace umfb {

int RingConsumer::take(std::span<std::uint8_t> events) {
  const std::uint32_t prod = prod_.load();
  const std::uint32_t available = prod - index_;
  if (available > slots_) {
    advanceTo(prod);
    return kNothingToTrust;
  }
  const auto count =
      static_cast<std::uint32_t>(std::min<std::size_t>(available, events.size() / kEventBytes));
  for (std::uint32_t i = 0; i < count; ++i) {
    std::memcpy(events.data() + i * kEventBytes, slot(index_ + i), kEventBytes);
  }
  taken_ = count;
  return static_cast<int>(count);
}

bool RingConsumer::release(std::uint32_t count) {
  const std::uint32_t left = taken_ - count;
  const bool more = advanceTo(index_ + count);
  taken_ = left;
  return more;
}

bool RingConsumer::skip() { return advanceTo(prod_.load()); }

bool RingConsumer::advanceTo(std::uint32_t index) {
  index_ = index;
  taken_ = 0;
  return cons_.storeThenLoad(index, prod_) != index;
}

std::uint32_t RingProducer::post(std::span<const std::uint8_t> events) {
  const std::uint32_t waiting = index_ - cons_.load();
  const std::uint32_t room = waiting > slots_ ? 0 : slots_ - waiting;
  const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(room, events.size() / kEventBytes));
  if (count == 0) return 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::memcpy(slot(index_ + i), events.data() + i * kEventBytes, kEventBytes);
  }
  const std::uint32_t before = index_;
  index_ += count;
  if (prod_.storeThenLoad(index_, cons_) == before) bell_ = true;
  return count;
}

bool RingProducer::takeBell() {
  const bool bell = bell_;
  bell_ = false;
  return bell;
}

}  // namespace umfb
