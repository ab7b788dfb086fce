#include "binding/device_memory_object.h"

#include "binding/arguments.h"
#include "binding/errors.h"

namespace umfb {
namespace {

/// Bytes of the largest device: a surface of 16384 × 16384 pixels of 4 bytes, twice, and more.
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 32;

/// Marks our objects, so that no other native object is taken for one.
constexpr napi_type_tag kTag = {0x8d1f6a2c3b974e05, 0xa1c0f25d7e63b884};

}  // namespace

void DeviceMemoryObject::init(Napi::Env env, Napi::Object exports) {
  exports.Set("DeviceMemory", DefineClass(env, "DeviceMemory",
                                          {
                                              InstanceAccessor<&DeviceMemoryObject::sizeBytes>("sizeBytes"),
                                              InstanceAccessor<&DeviceMemoryObject::fd>("fd"),
                                              InstanceAccessor<&DeviceMemoryObject::buffer>("buffer"),
                                              InstanceMethod<&DeviceMemoryObject::close>("close"),
                                          }));
}

std::shared_ptr<Mapping> DeviceMemoryObject::mappingOf(Napi::Value value, const char* name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTag)) {
    throw Napi::TypeError::New(value.Env(), std::string(name) + ": expected a DeviceMemory");
  }
  return Unwrap(value.As<Napi::Object>())->open(value.Env());
}

DeviceMemoryObject::DeviceMemoryObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<DeviceMemoryObject>(info) {
  const Napi::Env env = info.Env();
  sizeBytes_ = static_cast<std::size_t>(wholeNumber(info, 0, "sizeBytes", 1, kMaxBytes));
  mapping_ = throwing(env, [&] { return std::make_shared<Mapping>(sizeBytes_); });
  sizeBytes_ = mapping_->sizeBytes();

  // The ArrayBuffer shares the mapping: whichever of them, this object and the trackers goes last, unmaps.
  auto* share = new std::shared_ptr<Mapping>(mapping_);
  const auto buffer = Napi::ArrayBuffer::New(
      env, mapping_->data(), mapping_->sizeBytes(),
      [](Napi::BasicEnv, void*, std::shared_ptr<Mapping>* last) { delete last; }, share);
  buffer_ = Napi::Persistent(buffer);
  info.This().As<Napi::Object>().TypeTag(&kTag);
}

const std::shared_ptr<Mapping>& DeviceMemoryObject::open(Napi::Env env) const {
  if (!mapping_) throw closedError(env, "the device memory");
  return mapping_;
}

Napi::Value DeviceMemoryObject::sizeBytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(sizeBytes_));
}

Napi::Value DeviceMemoryObject::fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), open(info.Env())->fd());
}

Napi::Value DeviceMemoryObject::buffer(const Napi::CallbackInfo& info) {
  open(info.Env());
  return buffer_.Value();
}

void DeviceMemoryObject::close(const Napi::CallbackInfo&) {
  if (!mapping_) return;
  buffer_.Value().Detach();
  buffer_.Reset();
  mapping_.reset();
}

}  // namespace umfb
