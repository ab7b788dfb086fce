#include "binding/pixels_binding.h"

#include <string>
#include <vector>

#include "binding/arguments.h"
#include "pixels/refine.h"

namespace umfb {
namespace {

constexpr std::int64_t mostRects = 1 << 20;
constexpr std::int64_t longestStrideBytes = 1 << 20;

Napi::RangeError rangeError(Napi::Env env, const std::string& message) {
  return Napi::RangeError::New(env, message);
}

/// The rects that an Int32Array has room for. Valid until JavaScript runs again.
std::span<Rect> rectRoom(Napi::Value value, const char* name) {
  napi_typedarray_type type;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_int32_array) {
    throw Napi::TypeError::New(value.Env(), std::string(name) + ": expected an Int32Array");
  }
  return {static_cast<Rect*>(data), data == nullptr ? 0 : length / 4};
}

std::string describe(const Rect& rect) {
  return std::to_string(rect.x1) + ", " + std::to_string(rect.y1) + ", " + std::to_string(rect.x2) + ", " +
         std::to_string(rect.y2);
}

/// Throws unless the rect lies in a picture of that many bytes, below none of the rects before it.
void checkCandidate(Napi::Env env, const Rect& rect, std::int32_t previousTop, std::size_t pictureBytes,
                    std::size_t strideBytes, unsigned bytesPerPixel) {
  if (rect.x1 < 0 || rect.y1 < 0 || rect.x1 >= rect.x2 || rect.y1 >= rect.y2) {
    throw rangeError(env, "rects: expected 0 <= x1 < x2 and 0 <= y1 < y2, received " + describe(rect));
  }
  if (rect.y1 < previousTop) {
    throw rangeError(env, "rects: expected y1 never to decrease, received " + describe(rect) +
                              " after y1 = " + std::to_string(previousTop));
  }
  const std::size_t rowBytes = std::size_t{bytesPerPixel} * rect.x2;
  const std::size_t end = strideBytes * (rect.y2 - 1) + rowBytes;
  if (rowBytes > strideBytes || end > pictureBytes) {
    throw rangeError(env, "rects: expected rects inside " + std::to_string(pictureBytes) + " bytes with " +
                              std::to_string(strideBytes) + " bytes a row, received " + describe(rect));
  }
}

/// Checked copies of the first `count` rects: the array may be `out` too. The memory is kept from call to
/// call.
std::span<const Rect> readCandidates(Napi::Env env, std::span<const Rect> rects, std::size_t count,
                                     std::size_t pictureBytes, std::size_t strideBytes,
                                     unsigned bytesPerPixel) {
  thread_local std::vector<Rect> candidates;
  candidates.assign(rects.begin(), rects.begin() + static_cast<std::ptrdiff_t>(count));
  std::int32_t previousTop = 0;
  for (const Rect& rect : candidates) {
    checkCandidate(env, rect, previousTop, pictureBytes, strideBytes, bytesPerPixel);
    previousTop = rect.y1;
  }
  return candidates;
}

template <auto refineWith>
Napi::Value refineCall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto live = bytes(info[0], "live");
  const auto shadow = bytes(info[1], "shadow");
  const auto strideBytes =
      static_cast<std::size_t>(wholeNumber(info, 2, "strideBytes", 1, longestStrideBytes));
  const auto bytesPerPixel = static_cast<unsigned>(wholeNumber(info, 3, "bytesPerPixel", 1, 4));
  const auto joinGap = static_cast<std::int32_t>(wholeNumber(info, 4, "joinGap", 0, largestJoinGap));
  const auto rects = rectRoom(info[5], "rects");
  const auto rectCount = static_cast<std::size_t>(wholeNumber(info, 6, "rectCount", 0, mostRects));
  const auto out = rectRoom(info[7], "out");
  if (rectCount > rects.size()) {
    throw rangeError(env, "rectCount: expected at most " + std::to_string(rects.size()) +
                              ", as rects has, received " + std::to_string(rectCount));
  }
  if (out.size() < 2) throw rangeError(env, "out: expected room for at least two rects");

  const std::size_t pictureBytes = std::min(live.size(), shadow.size());
  const auto candidates = readCandidates(env, rects, rectCount, pictureBytes, strideBytes, bytesPerPixel);
  const std::size_t written =
      refineWith(live.data(), shadow.data(), strideBytes, bytesPerPixel, joinGap, candidates, out);
  return Napi::Number::New(env, static_cast<double>(written));
}

}  // namespace

void initPixels(Napi::Env env, Napi::Object exports) {
  exports.Set("refine", Napi::Function::New<refineCall<refine>>(env, "refine"));
  exports.Set("refinePlain", Napi::Function::New<refineCall<refinePlain>>(env, "refinePlain"));
}

}  // namespace umfb
