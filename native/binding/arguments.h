#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>

namespace umfb {

/// Readers of untrusted arguments. They throw a TypeError or RangeError that names the argument.

/// A whole number from `least` to `most`.
std::int64_t wholeNumber(const Napi::CallbackInfo& info, std::size_t index, const char* name,
                         std::int64_t least, std::int64_t most);
/// A bigint from 0 to 2^64 - 1.
std::uint64_t unsigned64(const Napi::CallbackInfo& info, std::size_t index, const char* name);
/// A descriptor's number, or -1 where undefined.
int descriptorOrNone(const Napi::CallbackInfo& info, std::size_t index, const char* name);
int descriptorNumber(const Napi::CallbackInfo& info, std::size_t index, const char* name);
std::string text(const Napi::CallbackInfo& info, std::size_t index, const char* name);
Napi::Function function(const Napi::CallbackInfo& info, std::size_t index, const char* name);

/// The bytes of a Uint8Array. Valid until JavaScript runs again.
std::span<std::uint8_t> bytes(Napi::Value value, const char* name);
/// The elements of a Uint32Array. Valid until JavaScript runs again.
std::span<std::uint32_t> words(Napi::Value value, const char* name);
/// The elements of a BigUint64Array. Valid until JavaScript runs again.
std::span<std::uint64_t> words64(Napi::Value value, const char* name);

}  // namespace umfb
