#include "pixels/convert.h"

namespace umfb {
namespace {

// Sizes known at compile time make loads and stores single instructions, and let the masked copy be
// vectorised.
template <std::uint32_t kSourceBytes, typename Store>
void eachPixel(const std::uint8_t* source, std::size_t width, const Translation& t, Store store) {
  if (t.sameLayoutMask != 0) {
    const std::uint32_t mask = t.sameLayoutMask;
    for (std::size_t x = 0; x < width; x++)
      store(x, loadPixel(source + x * kSourceBytes, kSourceBytes) & mask);
    return;
  }
  const std::uint32_t redShift = t.shift[0], greenShift = t.shift[1], blueShift = t.shift[2];
  const std::uint32_t redMask = t.mask[0], greenMask = t.mask[1], blueMask = t.mask[2];
  for (std::size_t x = 0; x < width; x++) {
    const std::uint32_t pixel = loadPixel(source + x * kSourceBytes, kSourceBytes);
    store(x, t.table[0][(pixel >> redShift) & redMask] + t.table[1][(pixel >> greenShift) & greenMask] +
                 t.table[2][(pixel >> blueShift) & blueMask]);
  }
}

template <typename Store>
void eachPixel(const std::uint8_t* source, std::size_t width, const Translation& t, Store store) {
  switch (t.sourceBytes) {
    case 1:
      return eachPixel<1>(source, width, t, store);
    case 2:
      return eachPixel<2>(source, width, t, store);
    case 3:
      return eachPixel<3>(source, width, t, store);
    default:
      return eachPixel<4>(source, width, t, store);
  }
}

template <std::uint32_t kTargetBytes>
void convertRows(const std::uint8_t* source, std::size_t strideBytes, std::size_t width, std::size_t height,
                 const Translation& t, std::uint8_t* out) {
  for (std::size_t y = 0; y < height; y++) {
    eachPixel(source + y * strideBytes, width, t, [out](std::size_t x, std::uint32_t value) {
      storePixel(out + x * kTargetBytes, value, kTargetBytes);
    });
    out += width * kTargetBytes;
  }
}

}  // namespace

void convert(const std::uint8_t* source, std::size_t strideBytes, std::size_t width, std::size_t height,
             const Translation& t, std::uint8_t* out) {
  switch (t.targetBytes) {
    case 1:
      return convertRows<1>(source, strideBytes, width, height, t, out);
    case 2:
      return convertRows<2>(source, strideBytes, width, height, t, out);
    case 3:
      return convertRows<3>(source, strideBytes, width, height, t, out);
    default:
      return convertRows<4>(source, strideBytes, width, height, t, out);
  }
}

void convertPlain(const std::uint8_t* source, std::size_t strideBytes, std::size_t width, std::size_t height,
                  const Translation& t, std::uint8_t* out) {
  for (std::size_t y = 0; y < height; y++) {
    for (std::size_t x = 0; x < width; x++) {
      const std::uint32_t pixel = loadPixel(source + y * strideBytes + x * t.sourceBytes, t.sourceBytes);
      storePixel(out, translatePixel(t, pixel), t.targetBytes);
      out += t.targetBytes;
    }
  }
}

void translateRow(const std::uint8_t* source, std::size_t width, const Translation& t, std::uint32_t* out) {
  eachPixel(source, width, t, [out](std::size_t x, std::uint32_t value) { out[x] = value; });
}

}  // namespace umfb
