// Both ends of a ring, while the other side writes whatever it likes into their page; and the bitmap of dirty
// pages. The page is memory of its own, so that a byte beyond it is noticed.
#include <vector>

#include "input.h"
#include "ring/dirty_bitmap.h"
#include "ring/ring.h"

namespace {

using namespace umfb;

constexpr RingPlace places[] = {
    {UMFB_DEV_FRAMEBUFFER_OUT_CONS, UMFB_DEV_FRAMEBUFFER_OUT_PROD, UMFB_DEV_FRAMEBUFFER_OUT_EVENTS,
     UMFB_DEV_FRAMEBUFFER_OUT_SLOTS},
    {UMFB_DEV_FRAMEBUFFER_IN_CONS, UMFB_DEV_FRAMEBUFFER_IN_PROD, UMFB_DEV_FRAMEBUFFER_IN_EVENTS,
     UMFB_DEV_FRAMEBUFFER_IN_SLOTS},
    {UMFB_DEV_KEYBOARD_IN_CONS, UMFB_DEV_KEYBOARD_IN_PROD, UMFB_DEV_KEYBOARD_IN_EVENTS,
     UMFB_DEV_KEYBOARD_IN_SLOTS},
};

/// Aligned, and exactly as large as it says.
std::vector<std::uint32_t> words(std::size_t bytes) { return std::vector<std::uint32_t>(bytes / 4); }

void scribble(Input& input, std::vector<std::uint32_t>& page) {
  switch (input.upTo(2)) {
    case 0:  // an index
      page[input.upTo(3)] = input.take<std::uint32_t>();
      break;
    case 1:  // an index that is nearly right
      page[input.upTo(3)] += input.take<std::int8_t>();
      break;
    default:
      page[input.upTo(1023)] = input.take<std::uint32_t>();
  }
}

void fuzzRing(Input& input) {
  std::vector<std::uint32_t> page = words(UMFB_DEV_PAGE_BYTES);
  for (int word = 0; word < 4; word++) page[word] = input.take<std::uint32_t>();
  auto* bytes = reinterpret_cast<std::uint8_t*>(page.data());
  const RingPlace& place = places[input.upTo(2)];
  RingConsumer consumer(bytes, place);
  RingProducer producer(bytes, place);
  while (!input.isEmpty()) {
    switch (input.upTo(5)) {
      case 0: {
        std::vector<std::uint8_t> events(input.upTo(60) * kEventBytes);
        const int taken = consumer.take(events);
        expect(taken >= RingConsumer::kNothingToTrust, "a count");
        expect(taken <= static_cast<int>(place.slots), "no more events than slots");
        expect(taken <= static_cast<int>(events.size() / kEventBytes), "no more events than room");
        break;
      }
      case 1:
        consumer.release(input.upTo(consumer.taken()));
        break;
      case 2:
        if (input.upTo(9) == 0) consumer.skip();
        break;
      case 3: {
        const std::vector<std::uint8_t> events(input.upTo(60) * kEventBytes, 0x55);
        const std::uint32_t before = producer.index();
        const std::uint32_t posted = producer.post(events);
        expect(posted <= place.slots && posted <= events.size() / kEventBytes, "no more than there is");
        expect(producer.index() == before + posted, "the index counts them");
        producer.takeBell();
        break;
      }
      default:
        scribble(input, page);
    }
  }
}

/// Every bit that is set is told once, in order, however few runs fit.
void fuzzBitmap(Input& input) {
  const std::uint32_t pages = input.upTo(400) + 1;
  std::vector<std::uint32_t> bits = words((pages + 31) / 32 * 4);
  for (std::uint32_t& word : bits) word = input.take<std::uint32_t>() & input.take<std::uint32_t>();
  std::vector<bool> expected(pages);
  for (std::uint32_t page = 0; page < pages; page++) expected[page] = bits[page / 32] >> page % 32 & 1;

  const DirtyBitmap bitmap(reinterpret_cast<std::uint8_t*>(bits.data()), pages);
  std::vector<std::uint32_t> runs(2 * (input.upTo(20) + 1));
  std::vector<bool> told(pages);
  while (const std::size_t count = bitmap.take(runs)) {
    expect(count <= runs.size() / 2, "no more runs than room");
    for (std::size_t run = 0; run < count; run++) {
      const std::uint32_t first = runs[2 * run], length = runs[2 * run + 1];
      expect(length > 0 && first < pages && length <= pages - first, "pages of the bitmap");
      for (std::uint32_t page = first; page < first + length; page++) {
        expect(!told[page], "a page once");
        told[page] = true;
      }
    }
  }
  expect(told == expected, "every page that was set");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  if (input.upTo(3) == 0)
    fuzzBitmap(input);
  else
    fuzzRing(input);
  return 0;
}
