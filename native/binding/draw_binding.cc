#include "binding/draw_binding.h"

#include <string>

#include "binding/arguments.h"
#include "pixels/blit.h"
#include "pixels/copy.h"
#include "pixels/fill.h"

namespace umfb {
namespace {

constexpr std::int64_t kMaxSide = 16384;
constexpr std::int64_t kMaxStrideBytes = kMaxSide * 8;
constexpr std::int64_t kMaxColour = 0xffffffff;

std::size_t number(const Napi::CallbackInfo& info, std::size_t index, const char* name, std::int64_t least,
                   std::int64_t most) {
  return static_cast<std::size_t>(wholeNumber(info, index, name, least, most));
}

std::uint32_t colour(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  return static_cast<std::uint32_t>(wholeNumber(info, index, name, 0, kMaxColour));
}

/// A rect of a picture: what is drawn to.
struct Target {
  std::uint8_t* corner;
  std::size_t strideBytes;
  unsigned bytesPerPixel;
  std::size_t width, height;
};

/// Throws unless rows of `rowBytes` from byte `first` on lie in `size` bytes. All factors have fewer than 32
/// bits.
void checkInside(Napi::Env env, const char* name, std::size_t first, std::size_t rowBytes,
                 std::size_t strideBytes, std::size_t height, std::size_t size) {
  const std::size_t end = first + (height - 1) * strideBytes + rowBytes;
  if (end > size) {
    throw Napi::RangeError::New(env, std::string(name) + ": the rect ends at byte " + std::to_string(end) +
                                         ", received " + std::to_string(size) + " bytes");
  }
}

/// Reads (pixels, strideBytes, bytesPerPixel, x, y, width, height), the first arguments of every op.
constexpr std::size_t targetArguments = 7;

Target targetArgument(const Napi::CallbackInfo& info) {
  const std::span<std::uint8_t> pixels = bytes(info[0], "pixels");
  const std::size_t strideBytes = number(info, 1, "strideBytes", 1, kMaxStrideBytes);
  const auto bytesPerPixel = static_cast<unsigned>(number(info, 2, "bytesPerPixel", 1, 4));
  const std::size_t x = number(info, 3, "x", 0, kMaxSide - 1);
  const std::size_t y = number(info, 4, "y", 0, kMaxSide - 1);
  const std::size_t width = number(info, 5, "width", 1, kMaxSide);
  const std::size_t height = number(info, 6, "height", 1, kMaxSide);
  if ((x + width) * bytesPerPixel > strideBytes) {
    throw Napi::RangeError::New(info.Env(), "strideBytes: expected at least " +
                                                std::to_string((x + width) * bytesPerPixel) + ", received " +
                                                std::to_string(strideBytes));
  }
  const std::size_t first = y * strideBytes + x * bytesPerPixel;
  checkInside(info.Env(), "pixels", first, width * bytesPerPixel, strideBytes, height, pixels.size());
  return {pixels.data() + first, strideBytes, bytesPerPixel, width, height};
}

/// (target…, colour)
template <auto fillWith>
void fillCall(const Napi::CallbackInfo& info) {
  const Target t = targetArgument(info);
  const std::uint32_t value = colour(info, targetArguments, "colour");
  fillWith(t.corner, t.strideBytes, t.bytesPerPixel, t.width, t.height, value);
}

/// (target…, source, sourceStrideBytes, fromX, fromY)
template <auto copyWith>
void copyCall(const Napi::CallbackInfo& info) {
  const Target t = targetArgument(info);
  const std::span<std::uint8_t> source = bytes(info[targetArguments], "source");
  const std::size_t strideBytes = number(info, targetArguments + 1, "sourceStrideBytes", 1, kMaxStrideBytes);
  const std::size_t x = number(info, targetArguments + 2, "fromX", 0, kMaxSide - 1);
  const std::size_t y = number(info, targetArguments + 3, "fromY", 0, kMaxSide - 1);
  const std::size_t first = y * strideBytes + x * t.bytesPerPixel;
  const std::size_t rowBytes = t.width * t.bytesPerPixel;
  checkInside(info.Env(), "source", first, rowBytes, strideBytes, t.height, source.size());
  copyWith(source.data() + first, strideBytes, t.corner, t.strideBytes, rowBytes, t.height);
}

/// (target…, bits, bitsStrideBytes, fromX, fromY, foreground, background | undefined)
template <auto blitWith>
void blitCall(const Napi::CallbackInfo& info) {
  const Target t = targetArgument(info);
  const std::span<std::uint8_t> bits = bytes(info[targetArguments], "bits");
  const std::size_t strideBytes = number(info, targetArguments + 1, "bitsStrideBytes", 1, kMaxStrideBytes);
  const std::size_t x = number(info, targetArguments + 2, "fromX", 0, kMaxSide - 1);
  const std::size_t y = number(info, targetArguments + 3, "fromY", 0, kMaxSide - 1);
  const std::size_t background = targetArguments + 5;
  const bool transparent = info[background].IsUndefined();
  const GlyphColours colours{
      .foreground = colour(info, targetArguments + 4, "foreground"),
      .background = transparent ? 0 : colour(info, background, "background"),
      .transparent = transparent,
  };
  const std::size_t rowBytes = (x + t.width + 7) / 8;
  checkInside(info.Env(), "bits", y * strideBytes, rowBytes, strideBytes, t.height, bits.size());
  const Glyph glyph{bits.data() + y * strideBytes, strideBytes, x};
  blitWith(t.corner, t.strideBytes, t.bytesPerPixel, t.width, t.height, glyph, colours);
}

template <void (*call)(const Napi::CallbackInfo&)>
void add(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<call>(exports.Env(), name));
}

}  // namespace

void initDraw(Napi::Env, Napi::Object exports) {
  add<fillCall<fill>>(exports, "fill");
  add<fillCall<fillPlain>>(exports, "fillPlain");
  add<fillCall<fillXor>>(exports, "fillXor");
  add<fillCall<fillXorPlain>>(exports, "fillXorPlain");
  add<copyCall<copy>>(exports, "copy");
  add<copyCall<copyPlain>>(exports, "copyPlain");
  add<blitCall<blitGlyph>>(exports, "blitGlyph");
  add<blitCall<blitGlyphPlain>>(exports, "blitGlyphPlain");
}

}  // namespace umfb
