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
  const std::uint32_t cons = cons_.load();
  const std::size_t offered = events.size() / kEventBytes;
  const std::uint32_t before = index_;
  std::uint32_t count = 0;
  for (; count < offered && hasRoom(before + count, cons); ++count) {
    std::memcpy(slot(before + count), events.data() + count * kEventBytes, kEventBytes);
  }
  if (count == 0) return 0;
  index_ = before + count;
  if (prod_.storeThenLoad(index_, cons_) == before) bell_ = true;
  return count;
}

bool RingProducer::hasRoom(std::uint32_t index, std::uint32_t cons) const {
  if (index - cons >= slots_) return false;
  if (index >= cons) return true;
  // Between the two, indices have wrapped, and the slots have jumped with them: this one may still be in use
  // by an event from before. The one that was `back` before the last of those had the same slot.
  constexpr std::uint32_t last = ~std::uint32_t{0};
  const std::uint32_t back = (last % slots_ + slots_ - index % slots_) % slots_;
  return back > last - cons;
}

bool RingProducer::takeBell() {
  const bool bell = bell_;
  bell_ = false;
  return bell;
}

}  // namespace umfb
