#include "binding/arguments.h"

#include <cmath>
#include <limits>

namespace umfb {
namespace {

Napi::TypeError wrongType(Napi::Env env, const char* name, const char* expected) {
  return Napi::TypeError::New(env, std::string(name) + ": expected " + expected);
}

/// One call into the engine, no handles kept: harvest is called at every frame.
template <typename Element>
std::span<Element> elements(Napi::Value value, const char* name, napi_typedarray_type expected,
                            const char* expectedName) {
  napi_typedarray_type type;
  std::size_t length = 0;
  void* data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != expected) throw wrongType(value.Env(), name, expectedName);
  return {static_cast<Element*>(data), data == nullptr ? 0 : length};
}

}  // namespace

std::int64_t wholeNumber(const Napi::CallbackInfo& info, std::size_t index, const char* name,
                         std::int64_t least, std::int64_t most) {
  const Napi::Value value = info[index];
  if (!value.IsNumber()) throw wrongType(info.Env(), name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
      std::trunc(number) != number) {
    throw Napi::RangeError::New(info.Env(), std::string(name) + ": expected a whole number from " +
                                                std::to_string(least) + " to " + std::to_string(most) +
                                                ", received " + value.ToString().Utf8Value());
  }
  return static_cast<std::int64_t>(number);
}

std::uint64_t unsigned64(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  const Napi::Value value = info[index];
  bool lossless = false;
  const std::uint64_t number = value.IsBigInt() ? value.As<Napi::BigInt>().Uint64Value(&lossless) : 0;
  if (!lossless) throw wrongType(info.Env(), name, "a bigint from 0 to 2^64 - 1");
  return number;
}

int descriptorOrNone(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  return info[index].IsUndefined() ? -1 : descriptorNumber(info, index, name);
}

int descriptorNumber(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  return static_cast<int>(wholeNumber(info, index, name, 0, std::numeric_limits<int>::max()));
}

std::string text(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  if (!info[index].IsString()) throw wrongType(info.Env(), name, "a string");
  const std::string value = info[index].As<Napi::String>().Utf8Value();
  if (value.find('\0') != std::string::npos) throw wrongType(info.Env(), name, "a string without NUL");
  return value;
}

Napi::Function function(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  if (!info[index].IsFunction()) throw wrongType(info.Env(), name, "a function");
  return info[index].As<Napi::Function>();
}

std::span<std::uint8_t> bytes(Napi::Value value, const char* name) {
  return elements<std::uint8_t>(value, name, napi_uint8_array, "a Uint8Array");
}

std::span<std::uint32_t> words(Napi::Value value, const char* name) {
  return elements<std::uint32_t>(value, name, napi_uint32_array, "a Uint32Array");
}

std::span<std::uint64_t> words64(Napi::Value value, const char* name) {
  return elements<std::uint64_t>(value, name, napi_biguint64_array, "a BigUint64Array");
}

}  // namespace umfb
