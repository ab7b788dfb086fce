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
                                              InstanceAccessor<&DeviceMemoryObject::fd>("fd"),
                                              InstanceAccessor<&DeviceMemoryObject::buffer>("buffer"),
                                              InstanceAccessor<&DeviceMemoryObject::view>("view"),
                                              InstanceAccessor<&DeviceMemoryObject::untracked>("untracked"),
                                              InstanceMethod<&DeviceMemoryObject::close>("close"),
                                          }));
}

DeviceMemoryObject* DeviceMemoryObject::Unwrap(Napi::Object object) {
  if (!object.CheckTypeTag(&kTag)) throw Napi::TypeError::New(object.Env(), "expected a DeviceMemory");
  return Napi::ObjectWrap<DeviceMemoryObject>::Unwrap(object);
}

std::shared_ptr<Mapping> DeviceMemoryObject::mappingOf(Napi::Value value) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "expected a DeviceMemory");
  return Unwrap(value.As<Napi::Object>())->open(value.Env());
}

DeviceMemoryObject::DeviceMemoryObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<DeviceMemoryObject>(info) {
  const Napi::Env env = info.Env();
  if (info[1].IsUndefined()) {
    const auto sizeBytes = static_cast<std::size_t>(wholeNumber(info, 0, "sizeBytes", 1, kMaxBytes));
    mapping_ = throwing(env, [&] { return std::make_shared<Mapping>(sizeBytes); });
  } else {
    const int memfd = descriptorNumber(info, 1, "memfd");
    mapping_ = throwing(env, [&] { return Mapping::ofMemfd(memfd, kMaxBytes); });
  }

  buffer_ = Napi::Persistent(share(env, mapping_->data()));
  view_ = Napi::Persistent(share(env, const_cast<std::uint8_t*>(mapping_->view())));

  const Napi::Object self = info.This().As<Napi::Object>();
  self.TypeTag(&kTag);
  self.DefineProperty(Napi::PropertyDescriptor::Value(
      "sizeBytes", Napi::Number::New(env, static_cast<double>(mapping_->sizeBytes())), napi_enumerable));
}

/// The ArrayBuffer shares the mapping: whichever of them, this object and the trackers goes last, unmaps.
Napi::ArrayBuffer DeviceMemoryObject::share(Napi::Env env, std::uint8_t* data) const {
  auto* share = new std::shared_ptr<Mapping>(mapping_);
  return Napi::ArrayBuffer::New(
      env, data, mapping_->sizeBytes(),
      [](Napi::BasicEnv, void*, std::shared_ptr<Mapping>* last) { delete last; }, share);
}

const std::shared_ptr<Mapping>& DeviceMemoryObject::open(Napi::Env env) const {
  if (!mapping_) throw closedError(env, "the device memory");
  return mapping_;
}

Napi::Value DeviceMemoryObject::fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), open(info.Env())->fd());
}

Napi::Value DeviceMemoryObject::buffer(const Napi::CallbackInfo& info) {
  open(info.Env());
  return buffer_.Value();
}

Napi::Value DeviceMemoryObject::view(const Napi::CallbackInfo& info) {
  open(info.Env());
  return view_.Value();
}

Napi::Value DeviceMemoryObject::untracked(const Napi::CallbackInfo& info) {
  const auto& mapping = open(info.Env());
  if (untracked_.IsEmpty()) {
    std::uint8_t* data = throwing(info.Env(), [&] { return mapping->untracked(); });
    untracked_ = Napi::Persistent(share(info.Env(), data));
  }
  return untracked_.Value();
}

void DeviceMemoryObject::close(const Napi::CallbackInfo&) {
  if (!mapping_) return;
  for (auto* buffer : {&buffer_, &view_, &untracked_}) {
    if (buffer->IsEmpty()) continue;
    buffer->Value().Detach();
    buffer->Reset();
  }
  mapping_.reset();
}

}  // namespace umfb
