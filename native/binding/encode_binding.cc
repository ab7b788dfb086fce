#include "binding/encode_binding.h"

#include <cstring>

#include "binding/arguments.h"
#include "pixels/convert.h"
#include "pixels/zrle.h"

namespace umfb {
namespace {

constexpr std::int64_t kMaxSide = 16384;
constexpr std::int64_t kMaxStrideBytes = kMaxSide * 8;

using Kernel = std::size_t (*)(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                               std::size_t height, const Translation& t, std::uint8_t* out);

std::size_t convertedBytes(std::size_t width, std::size_t height, const Translation& t) {
  return width * height * t.targetBytes;
}

std::size_t runConvert(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                       std::size_t height, const Translation& t, std::uint8_t* out) {
  convert(source, strideBytes, width, height, t, out);
  return convertedBytes(width, height, t);
}

std::size_t runConvertPlain(const std::uint8_t* source, std::size_t strideBytes, std::size_t width,
                            std::size_t height, const Translation& t, std::uint8_t* out) {
  convertPlain(source, strideBytes, width, height, t, out);
  return convertedBytes(width, height, t);
}

/// Copied, so that what was checked is what is used.
Translation translationArgument(const Napi::CallbackInfo& info, std::size_t index) {
  const std::span<std::uint32_t> given = words(info[index], "translation");
  Translation t;
  if (given.size() != kTranslationWords) {
    throw Napi::RangeError::New(info.Env(), "translation: expected " + std::to_string(kTranslationWords) +
                                                " words, received " + std::to_string(given.size()));
  }
  std::memcpy(&t, given.data(), sizeof t);
  if (!isValid(t))
    throw Napi::RangeError::New(info.Env(), "translation: a size, shift or mask is out of range");
  return t;
}

/// (source, strideBytes, x, y, width, height, translation, out) → bytes written
template <Kernel kernel, std::size_t (*boundBytes)(std::size_t, std::size_t, const Translation&)>
Napi::Value encode(const Napi::CallbackInfo& info) {
  const std::span<std::uint8_t> source = bytes(info[0], "source");
  const std::size_t strideBytes = wholeNumber(info, 1, "strideBytes", 0, kMaxStrideBytes);
  const std::size_t x = wholeNumber(info, 2, "x", 0, kMaxSide - 1);
  const std::size_t y = wholeNumber(info, 3, "y", 0, kMaxSide - 1);
  const std::size_t width = wholeNumber(info, 4, "width", 1, kMaxSide);
  const std::size_t height = wholeNumber(info, 5, "height", 1, kMaxSide);
  const Translation t = translationArgument(info, 6);
  const std::span<std::uint8_t> out = bytes(info[7], "out");

  const std::size_t sourceBytes = (y + height - 1) * strideBytes + (x + width) * t.sourceBytes;
  if (sourceBytes > source.size()) {
    throw Napi::RangeError::New(info.Env(), "source: the rect ends at byte " + std::to_string(sourceBytes) +
                                                ", received " + std::to_string(source.size()) + " bytes");
  }
  const std::size_t outBytes = boundBytes(width, height, t);
  if (outBytes > out.size()) {
    throw Napi::RangeError::New(info.Env(), "out: expected room for " + std::to_string(outBytes) +
                                                " bytes, received " + std::to_string(out.size()));
  }
  const std::uint8_t* corner = source.data() + y * strideBytes + x * t.sourceBytes;
  const std::size_t written = kernel(corner, strideBytes, width, height, t, out.data());
  return Napi::Number::New(info.Env(), static_cast<double>(written));
}

}  // namespace

void initEncode(Napi::Env env, Napi::Object exports) {
  exports.Set("convert", Napi::Function::New<encode<runConvert, convertedBytes>>(env, "convert"));
  exports.Set("convertPlain",
              Napi::Function::New<encode<runConvertPlain, convertedBytes>>(env, "convertPlain"));
  exports.Set("encodeZrle", Napi::Function::New<encode<encodeZrle, zrleBoundBytes>>(env, "encodeZrle"));
  exports.Set("encodeZrlePlain",
              Napi::Function::New<encode<encodeZrlePlain, zrleBoundBytes>>(env, "encodeZrlePlain"));
}

}  // namespace umfb
