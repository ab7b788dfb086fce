#pragma once

#include <napi.h>

#include <memory>

#include "memory/mapping.h"

namespace umfb {

/// The handle `DeviceMemory`: one external ArrayBuffer over each mapping (node-addon-api#799: never two over
/// one).
class DeviceMemoryObject : public Napi::ObjectWrap<DeviceMemoryObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);
  /// @throws TypeError when `value` is something else, ERR_CLOSED when it was closed
  static std::shared_ptr<Mapping> mappingOf(Napi::Value value);

  /// What ObjectWrap calls for every method and accessor. The engine checks the receiver of a method, but not
  /// that of an accessor, which would then be some other handle's memory. @throws TypeError
  static DeviceMemoryObject* Unwrap(Napi::Object object);

  explicit DeviceMemoryObject(const Napi::CallbackInfo& info);

private:
  Napi::Value fd(const Napi::CallbackInfo& info);
  Napi::Value buffer(const Napi::CallbackInfo& info);
  Napi::Value view(const Napi::CallbackInfo& info);
  Napi::Value untracked(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  const std::shared_ptr<Mapping>& open(Napi::Env env) const;

  Napi::ArrayBuffer share(Napi::Env env, std::uint8_t* data) const;

  std::shared_ptr<Mapping> mapping_;
  Napi::Reference<Napi::ArrayBuffer> buffer_;
  Napi::Reference<Napi::ArrayBuffer> view_;
  Napi::Reference<Napi::ArrayBuffer> untracked_;
};

}  // namespace umfb
