#include "binding/ring_object.h"

#include <span>
#include <string>

#include "binding/arguments.h"
#include "binding/device_memory_object.h"
#include "binding/errors.h"

namespace umfb {
namespace {

constexpr std::size_t kPage = UMFB_DEV_PAGE_BYTES;

std::size_t placeField(Napi::Object place, const char* name, std::size_t most) {
  const Napi::Value value = place.Get(name);
  const std::int64_t number = value.IsNumber() ? value.As<Napi::Number>().Int64Value() : -1;
  if (number < 0 || static_cast<std::size_t>(number) > most || number % sizeof(std::uint32_t) != 0) {
    throw Napi::RangeError::New(
        place.Env(),
        std::string("place.") + name + ": expected a multiple of 4 from 0 to " + std::to_string(most));
  }
  return static_cast<std::size_t>(number);
}

RingPlace placeArgument(Napi::Value value) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "place: expected a RingPlace");
  const auto place = value.As<Napi::Object>();
  const std::size_t cons = placeField(place, "cons", kPage - sizeof(std::uint32_t));
  const std::size_t prod = placeField(place, "prod", kPage - sizeof(std::uint32_t));
  const std::size_t events = placeField(place, "events", kPage - kEventBytes);
  const Napi::Value slots = place.Get("slots");
  const std::int64_t count = slots.IsNumber() ? slots.As<Napi::Number>().Int64Value() : 0;
  const auto most = static_cast<std::int64_t>((kPage - events) / kEventBytes);
  if (count < 1 || count > most) {
    throw Napi::RangeError::New(value.Env(), "place.slots: expected from 1 to " + std::to_string(most));
  }
  return {cons, prod, events, static_cast<std::uint32_t>(count)};
}

/// (memory, pageOffset, place), as both constructors take them.
RingPage pageArguments(const Napi::CallbackInfo& info) {
  const std::shared_ptr<Mapping> memory = DeviceMemoryObject::mappingOf(info[0]);
  // A mapping has at least one page, and pages are no smaller than the protocol's.
  const auto most = static_cast<std::int64_t>(memory->sizeBytes() - kPage);
  const std::int64_t offset = wholeNumber(info, 1, "pageOffset", 0, most);
  if (offset % kPage != 0) {
    throw Napi::RangeError::New(info.Env(), "pageOffset: expected a multiple of " + std::to_string(kPage) +
                                                ", received " + std::to_string(offset));
  }
  const RingPlace place = placeArgument(info[2]);
  std::uint8_t* untracked = throwing(info.Env(), [&] { return memory->untracked(); });
  return {memory, untracked + offset, place};
}

}  // namespace

void RingConsumerObject::init(Napi::Env env, Napi::Object exports) {
  exports.Set("RingConsumer", DefineClass(env, "RingConsumer",
                                          {
                                              InstanceMethod<&RingConsumerObject::take>("take"),
                                              InstanceMethod<&RingConsumerObject::release>("release"),
                                              InstanceMethod<&RingConsumerObject::skip>("skip"),
                                          }));
}

RingConsumerObject::RingConsumerObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<RingConsumerObject>(info),
      page_(pageArguments(info)),
      ring_(page_.page, page_.place) {}

Napi::Value RingConsumerObject::take(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), ring_.take(bytes(info[0], "events")));
}

Napi::Value RingConsumerObject::release(const Napi::CallbackInfo& info) {
  const auto count = static_cast<std::uint32_t>(wholeNumber(info, 0, "count", 0, ring_.taken()));
  return Napi::Boolean::New(info.Env(), ring_.release(count));
}

Napi::Value RingConsumerObject::skip(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), ring_.skip());
}

void RingProducerObject::init(Napi::Env env, Napi::Object exports) {
  exports.Set("RingProducer", DefineClass(env, "RingProducer",
                                          {
                                              InstanceMethod<&RingProducerObject::index>("index"),
                                              InstanceMethod<&RingProducerObject::post>("post"),
                                              InstanceMethod<&RingProducerObject::takeBell>("takeBell"),
                                          }));
}

RingProducerObject::RingProducerObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<RingProducerObject>(info),
      page_(pageArguments(info)),
      ring_(page_.page, page_.place) {}

Napi::Value RingProducerObject::index(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), ring_.index());
}

Napi::Value RingProducerObject::post(const Napi::CallbackInfo& info) {
  const std::span<const std::uint8_t> events = bytes(info[0], "events");
  const auto most = static_cast<std::int64_t>(events.size() / kEventBytes);
  const auto count = static_cast<std::size_t>(wholeNumber(info, 1, "count", 0, most));
  return Napi::Number::New(info.Env(), ring_.post(events.first(count * kEventBytes)));
}

Napi::Value RingProducerObject::takeBell(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), ring_.takeBell());
}

}  // namespace umfb
