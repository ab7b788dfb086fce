#include "binding/shared_words_binding.h"

#include <cstdint>
#include <memory>
#include <string>

#include "binding/arguments.h"
#include "binding/device_memory_object.h"
#include "binding/errors.h"
#include "ring/dirty_bitmap.h"
#include "ring/shared_word.h"

namespace umfb {
namespace {

constexpr std::int64_t kWordBytes = sizeof(std::uint32_t);
constexpr std::int64_t kLargestWord = 0xffffffff;
/// Of the largest device: 4 GiB.
constexpr std::int64_t kMaxPages = 1 << 20;

/// Where (memory, offset) point, by the mapping that no tracker arms. @param sizeBytes that must lie behind
/// it
std::uint8_t* wordsArgument(const Napi::CallbackInfo& info, std::int64_t sizeBytes) {
  const std::shared_ptr<Mapping> memory = DeviceMemoryObject::mappingOf(info[0]);
  const std::int64_t most = static_cast<std::int64_t>(memory->sizeBytes()) - sizeBytes;
  const std::int64_t offset = wholeNumber(info, 1, "offset", 0, most);
  if (offset % kWordBytes != 0) {
    throw Napi::RangeError::New(info.Env(),
                                "offset: expected a multiple of 4, received " + std::to_string(offset));
  }
  return throwing(info.Env(), [&] { return memory->untracked(); }) + offset;
}

SharedWord wordArgument(const Napi::CallbackInfo& info) {
  return SharedWord(wordsArgument(info, kWordBytes));
}

std::uint32_t valueArgument(const Napi::CallbackInfo& info) {
  return static_cast<std::uint32_t>(wholeNumber(info, 2, "value", 0, kLargestWord));
}

Napi::Value loadWord(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), wordArgument(info).load());
}

void storeWord(const Napi::CallbackInfo& info) { wordArgument(info).store(valueArgument(info)); }

Napi::Value exchangeWord(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), wordArgument(info).exchange(valueArgument(info)));
}

/// (memory, offset, pageCount, …)
DirtyBitmap bitmapArgument(const Napi::CallbackInfo& info) {
  const auto pages = static_cast<std::uint32_t>(wholeNumber(info, 2, "pageCount", 0, kMaxPages));
  const std::int64_t words = (std::int64_t{pages} + 31) / 32;
  return {wordsArgument(info, words * kWordBytes), pages};
}

Napi::Value takeBitmap(const Napi::CallbackInfo& info) {
  const DirtyBitmap bitmap = bitmapArgument(info);
  return Napi::Number::New(info.Env(), static_cast<double>(bitmap.take(words(info[3], "runs"))));
}

void markBitmap(const Napi::CallbackInfo& info) {
  const DirtyBitmap bitmap = bitmapArgument(info);
  const std::int64_t pages = wholeNumber(info, 2, "pageCount", 0, kMaxPages);
  const std::int64_t first = wholeNumber(info, 3, "firstPage", 0, pages);
  const std::int64_t count = wholeNumber(info, 4, "count", 0, pages - first);
  bitmap.mark({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)});
}

}  // namespace

void initSharedWords(Napi::Env env, Napi::Object exports) {
  exports.Set("loadWord", Napi::Function::New<loadWord>(env, "loadWord"));
  exports.Set("storeWord", Napi::Function::New<storeWord>(env, "storeWord"));
  exports.Set("exchangeWord", Napi::Function::New<exchangeWord>(env, "exchangeWord"));
  exports.Set("takeBitmap", Napi::Function::New<takeBitmap>(env, "takeBitmap"));
  exports.Set("markBitmap", Napi::Function::New<markBitmap>(env, "markBitmap"));
}

}  // namespace umfb
