// The fast kernels and their plain twins, on memory that is exactly as large as the rects need.
#include <vector>

#include "input.h"
#include "pixels/blit.h"
#include "pixels/copy.h"
#include "pixels/fill.h"
#include "pixels/refine.h"

namespace {

using namespace umfb;

/// Two pictures with the same bytes, in memory of their own.
struct Twins {
  std::vector<std::uint8_t> fast, plain;

  Twins(Input& input, std::size_t bytes) : fast(bytes) {
    const std::uint8_t seed = input.take<std::uint8_t>();
    for (std::size_t i = 0; i < bytes; i++) fast[i] = static_cast<std::uint8_t>(seed + i * 31 + i / 256);
    plain = fast;
  }

  void compare(const char* what) const { expect(fast == plain, what); }
};

struct Shape {
  unsigned bytesPerPixel;
  std::size_t width, height, strideBytes;

  explicit Shape(Input& input)
      : bytesPerPixel(input.upTo(3) + 1),
        width(input.upTo(70) + 1),
        height(input.upTo(6) + 1),
        strideBytes(rowBytes() + input.upTo(9)) {}

  std::size_t rowBytes() const { return width * bytesPerPixel; }
  /// The last row ends with its last pixel.
  std::size_t bytes() const { return strideBytes * (height - 1) + rowBytes(); }
};

void fuzzFill(Input& input) {
  const Shape shape(input);
  Twins twins(input, shape.bytes());
  const auto colour = input.take<std::uint32_t>();
  if (input.upTo(1) == 0) {
    fill(twins.fast.data(), shape.strideBytes, shape.bytesPerPixel, shape.width, shape.height, colour);
    fillPlain(twins.plain.data(), shape.strideBytes, shape.bytesPerPixel, shape.width, shape.height, colour);
  } else {
    fillXor(twins.fast.data(), shape.strideBytes, shape.bytesPerPixel, shape.width, shape.height, colour);
    fillXorPlain(twins.plain.data(), shape.strideBytes, shape.bytesPerPixel, shape.width, shape.height,
                 colour);
  }
  twins.compare("the same fill");
}

/// A rect of the picture to another place in it.
void fuzzCopy(Input& input) {
  const Shape shape(input);
  Twins twins(input, shape.bytes());
  const std::size_t columns = input.upTo(static_cast<std::uint32_t>(shape.width - 1));
  const std::size_t rows = input.upTo(static_cast<std::uint32_t>(shape.height - 1));
  const auto place = [&] {
    return input.upTo(static_cast<std::uint32_t>(rows)) * shape.strideBytes +
           input.upTo(static_cast<std::uint32_t>(columns)) * shape.bytesPerPixel;
  };
  const std::size_t from = place(), to = place();
  const std::size_t rowBytes = (shape.width - columns) * shape.bytesPerPixel;
  const std::size_t height = shape.height - rows;
  copy(twins.fast.data() + from, shape.strideBytes, twins.fast.data() + to, shape.strideBytes, rowBytes,
       height);
  copyPlain(twins.plain.data() + from, shape.strideBytes, twins.plain.data() + to, shape.strideBytes,
            rowBytes, height);
  twins.compare("the same copy");
}

void fuzzGlyph(Input& input) {
  const Shape shape(input);
  Twins twins(input, shape.bytes());
  const std::size_t firstBit = input.upTo(20);
  const std::size_t rowBytes = (firstBit + shape.width + 7) / 8;
  const std::size_t strideBytes = rowBytes + input.upTo(3);
  std::vector<std::uint8_t> bits(strideBytes * (shape.height - 1) + rowBytes);
  const auto given = input.takeBytes(bits.size());
  std::copy(given.begin(), given.end(), bits.begin());
  const Glyph glyph{bits.data(), strideBytes, firstBit};
  const GlyphColours colours{input.take<std::uint32_t>(), input.take<std::uint32_t>(), input.upTo(1) == 0};
  blitGlyph(twins.fast.data(), shape.strideBytes, shape.bytesPerPixel, shape.width, shape.height, glyph,
            colours);
  blitGlyphPlain(twins.plain.data(), shape.strideBytes, shape.bytesPerPixel, shape.width, shape.height, glyph,
                 colours);
  twins.compare("the same glyph");
}

/// What is refined equals what was live, inside of the candidates, and every changed pixel was told.
void fuzzRefine(Input& input) {
  const Shape shape(input);
  Twins shadows(input, shape.bytes());
  std::vector<std::uint8_t> live = shadows.fast;
  for (auto changes = input.upTo(40); changes > 0; changes--) {
    live[input.upTo(static_cast<std::uint32_t>(live.size() - 1))] ^= input.take<std::uint8_t>();
  }
  const Rect whole{0, 0, static_cast<std::int32_t>(shape.width), static_cast<std::int32_t>(shape.height)};
  const auto joinGap = static_cast<std::int32_t>(input.upTo(20));
  std::vector<Rect> out(input.upTo(30) + 2);
  std::vector<Rect> plainOut(out.size());
  const std::size_t count = refine(live.data(), shadows.fast.data(), shape.strideBytes, shape.bytesPerPixel,
                                   joinGap, std::span(&whole, 1), out);
  refinePlain(live.data(), shadows.plain.data(), shape.strideBytes, shape.bytesPerPixel, joinGap,
              std::span(&whole, 1), plainOut);
  shadows.compare("the same shadow");
  expect(count <= out.size(), "no more rects than room");
  for (const Rect& rect : std::span(out).first(count)) {
    expect(rect.x1 >= 0 && rect.x1 < rect.x2 && rect.x2 <= whole.x2, "a rect of the picture");
    expect(rect.y1 >= 0 && rect.y1 < rect.y2 && rect.y2 <= whole.y2, "a rect of the picture");
  }
  for (std::size_t y = 0; y < shape.height; y++) {
    const std::size_t row = y * shape.strideBytes;
    expect(std::equal(live.begin() + row, live.begin() + row + shape.rowBytes(), shadows.fast.begin() + row),
           "the shadow is what was live");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  constexpr void (*all[])(Input&) = {fuzzFill, fuzzCopy, fuzzGlyph, fuzzRefine};
  while (!input.isEmpty()) all[input.upTo(3)](input);
  return 0;
}
