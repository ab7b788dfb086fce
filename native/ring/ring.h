#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ring/layout.h"
#include "ring/shared_word.h"

namespace umfb {

inline constexpr std::size_t kEventBytes = UMFB_DEV_EVENT_BYTES;

/// Where a ring lies in its page, in bytes; `slots` events. src/ring/layout.ts has the table.
struct RingPlace {
  std::size_t cons, prod, events;
  std::uint32_t slots;
};

/**
 * One end of a ring of events in device memory, as docs/protocol.md tells it. Nothing that the other side
 * does to the page can lead beyond the ring: each end keeps its own index to itself, and looks at the other
 * one's once a call.
 *
 * Why no wake-up is lost. A consumer that sleeps has stored `cons` and then loaded `prod`, which equalled it.
 * A producer stores `prod` and then loads `cons`; if that is where `prod` was before, it rings. Both do so by
 * SharedWord::storeThenLoad: either the consumer sees the new `prod` and does not sleep, or the producer sees
 * the last `cons` and rings. Whatever else the producer sees is of a consumer that has not looked for the
 * last time.
 */
class RingEnd {
protected:
  /// @param page where the ring's page begins; its words are aligned, and all of it lies in mapped memory
  RingEnd(std::uint8_t* page, const RingPlace& place)
      : cons_(page + place.cons),
        prod_(page + place.prod),
        events_(page + place.events),
        slots_(place.slots) {}

  std::uint8_t* slot(std::uint32_t index) const { return events_ + index % slots_ * kEventBytes; }

  SharedWord cons_;
  SharedWord prod_;
  std::uint8_t* events_;
  std::uint32_t slots_;
};

/// Takes events; its own index starts at what the memory says.
class RingConsumer : RingEnd {
public:
  /// What take() returns where the producer claims more than the ring holds.
  static constexpr int kNothingToTrust = -1;

  RingConsumer(std::uint8_t* page, const RingPlace& place) : RingEnd(page, place), index_(cons_.load()) {}

  /**
   * Copies the events that are there, as many as fit, and leaves them in the ring.
   * @returns how many; or kNothingToTrust: all that was there was skipped, and there may be more
   */
  int take(std::span<std::uint8_t> events);

  /// @returns how many events the last take() copied that are still to be released
  std::uint32_t taken() const { return taken_; }

  /// The first `count` of them, and what they point to, are done with. @param count at most taken()
  /// @returns true where more is there: who would sleep has to take() again
  bool release(std::uint32_t count);

  /// Starts over behind the newest event. @returns as release()
  bool skip();

private:
  bool advanceTo(std::uint32_t index);

  std::uint32_t index_;
  std::uint32_t taken_ = 0;
};

/// Posts events; its own index starts at what the memory says.
class RingProducer : RingEnd {
public:
  RingProducer(std::uint8_t* page, const RingPlace& place) : RingEnd(page, place), index_(prod_.load()) {}

  /// Of the next event.
  std::uint32_t index() const { return index_; }

  /// @param events whole ones
  /// @returns how many found room. A consumer's index that cannot be is a full ring
  std::uint32_t post(std::span<const std::uint8_t> events);

  /// True once after post() where the ring was empty before: the doorbell has to be rung.
  bool takeBell();

private:
  bool hasRoom(std::uint32_t index, std::uint32_t cons) const;

  std::uint32_t index_;
  bool bell_ = false;
};

}  // namespace umfb
