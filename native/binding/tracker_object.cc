#include "binding/tracker_object.h"

#include <limits>
#include <string>

#include "binding/arguments.h"
#include "binding/device_memory_object.h"
#include "binding/errors.h"

namespace umfb {
namespace {

/// The range as it was given; that it lies inside the device is for DeviceTracker to say.
PageRange pageRange(const Napi::CallbackInfo& info, std::size_t index) {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  return {static_cast<std::uint32_t>(wholeNumber(info, index, "firstPage", 0, most)),
          static_cast<std::uint32_t>(wholeNumber(info, index + 1, "pageCount", 0, most))};
}

double nanoseconds(const Napi::Object& costs, const char* name) {
  const Napi::Value value = costs.Get(name);
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 0 && number <= 1e9)) {
    throw Napi::RangeError::New(costs.Env(),
                                std::string(name) + ": expected from 0 to 1000000000 nanoseconds");
  }
  return number;
}

TrackingCosts trackingCostsOf(const Napi::Object& costs) {
  return {.dirtyPage = nanoseconds(costs, "dirtyPageNs"),
          .run = nanoseconds(costs, "runNs"),
          .comparedPage = nanoseconds(costs, "comparedPageNs")};
}

Napi::Value probeTrackers(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array probes = Napi::Array::New(env);
  for (const Mechanism& mechanism : mechanisms()) {
    const Probe result = probe(mechanism);
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("mechanism", std::string(result.mechanism));
    entry.Set("automatic", result.automatic);
    entry.Set("works", result.reason.empty());
    entry.Set("reason", result.reason);
    Napi::Array limits = Napi::Array::New(env);
    for (const std::string& limit : result.limits) limits.Set(limits.Length(), limit);
    entry.Set("limits", limits);
    probes.Set(probes.Length(), entry);
  }
  return probes;
}

}  // namespace

void TrackerObject::init(Napi::Env env, Napi::Object exports) {
  exports.Set("Tracker", DefineClass(env, "Tracker",
                                     {
                                         InstanceMethod<&TrackerObject::harvest>("harvest"),
                                         InstanceMethod<&TrackerObject::watch>("watch"),
                                         InstanceMethod<&TrackerObject::setPicture>("setPicture"),
                                         InstanceMethod<&TrackerObject::markDirty>("markDirty"),
                                         InstanceMethod<&TrackerObject::attach>("attach"),
                                         InstanceMethod<&TrackerObject::attachUntracked>("attachUntracked"),
                                         InstanceMethod<&TrackerObject::attachKvmSlot>("attachKvmSlot"),
                                         InstanceMethod<&TrackerObject::detach>("detach"),
                                         InstanceMethod<&TrackerObject::status>("status"),
                                         InstanceMethod<&TrackerObject::close>("close"),
                                     }));
  exports.Set("probeTrackers", Napi::Function::New<probeTrackers>(env, "probeTrackers"));
}

TrackerObject::TrackerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<TrackerObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject()) throw Napi::TypeError::New(env, "options: expected an object");
  const Napi::Object options = info[1].As<Napi::Object>();
  const Napi::Value name = options.Get("mechanism");
  const Mechanism* mechanism = name.IsString() ? findMechanism(name.As<Napi::String>().Utf8Value()) : nullptr;
  if (!mechanism) throw Napi::TypeError::New(env, "mechanism: expected a name that probeTrackers() lists");
  const Napi::Value adaptive = options.Get("adaptive");
  if (!adaptive.IsUndefined() && !adaptive.IsBoolean() && !adaptive.IsObject()) {
    throw Napi::TypeError::New(env, "adaptive: expected a boolean, or costs");
  }
  const std::optional<TrackingCosts> costs =
      adaptive.IsObject() ? std::optional(trackingCostsOf(adaptive.As<Napi::Object>())) : std::nullopt;
  const Napi::Value shadow = options.Get("shadow");
  const Napi::Value onStore = options.Get("onStore");
  if (!onStore.IsUndefined() && !onStore.IsFunction()) {
    throw Napi::TypeError::New(env, "onStore: expected a function");
  }

  // After the options were read: reading them may run JavaScript, which may have closed the memory.
  std::shared_ptr<Mapping> memory = DeviceMemoryObject::mappingOf(info[0]);
  if (bytes(shadow, "shadow").size() != memory->sizeBytes()) {
    throw Napi::RangeError::New(
        env, "shadow: expected as many bytes as the memory has: " + std::to_string(memory->sizeBytes()));
  }
  throwing(env, [&] {
    tracker_ = std::make_unique<DeviceTracker>(std::move(memory), *mechanism, adaptive.ToBoolean(), costs);
    if (onStore.IsFunction()) {
      onStore_ = std::make_shared<Callback>(onStore.As<Napi::Function>(), "umfb.Tracker");
      doorbell_ = std::make_unique<Poll>(env, tracker_->doorbell().fd(), [this] { ring(); });
      doorbell_->unref();
    }
  });
  shadow_ = Napi::Persistent(shadow.As<Napi::Object>());
  info.This().As<Napi::Object>().DefineProperty(
      Napi::PropertyDescriptor::Value("mechanism", name, napi_enumerable));
}

DeviceTracker& TrackerObject::open(Napi::Env env) const {
  if (!tracker_) throw closedError(env, "the tracker");
  return *tracker_;
}

std::span<const std::uint8_t> TrackerObject::shadow(Napi::Env env) const {
  const auto current = bytes(shadow_.Value(), "shadow");
  if (current.size() != tracker_->sizeBytes()) {
    throw Napi::Error::New(env, "shadow: its ArrayBuffer was detached or resized since the tracker was made");
  }
  return current;
}

Napi::Value TrackerObject::harvest(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  DeviceTracker& tracker = open(env);
  const std::span<std::uint32_t> runs = words(info[0], "runs");
  const std::size_t count =
      tracker.harvest(runs, tracker.compares() ? shadow(env) : std::span<const std::uint8_t>());
  return Napi::Number::New(env, static_cast<double>(count));
}

Napi::Value TrackerObject::watch(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), open(info.Env()).watch());
}

void TrackerObject::ring() {
  const Napi::HandleScope scope(Env());
  tracker_->doorbell().silence();
  const Napi::Object self =
      Value();  // Keeps this object while the callback runs, even if it closes the tracker.
  const std::shared_ptr<Callback> onStore = onStore_;
  (*onStore)(self, {});
}

void TrackerObject::setPicture(const Napi::CallbackInfo& info) {
  DeviceTracker& tracker = open(info.Env());
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  const auto bytes = [&](std::size_t index, const char* name) {
    return static_cast<std::size_t>(wholeNumber(info, index, name, 0, most));
  };
  const Picture picture{.offsetBytes = bytes(0, "offsetBytes"),
                        .strideBytes = bytes(1, "strideBytes"),
                        .rowBytes = bytes(2, "rowBytes"),
                        .rows = bytes(3, "rows")};
  throwing(info.Env(), [&] { tracker.setPicture(picture); });
}

void TrackerObject::markDirty(const Napi::CallbackInfo& info) {
  DeviceTracker& tracker = open(info.Env());
  throwing(info.Env(), [&] { tracker.markDirty(pageRange(info, 0)); });
}

Napi::Value TrackerObject::attach(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  DeviceTracker& tracker = open(env);
  const RemoteMapping remote{.uffd = descriptorOrNone(info, 0, "uffd"),
                             .pagemap = descriptorOrNone(info, 1, "pagemap"),
                             .syncUffd = descriptorOrNone(info, 2, "syncUffd"),
                             .syncUserModeOnly = info[7].ToBoolean(),
                             .zapAgent = descriptorOrNone(info, 3, "zapAgent"),
                             .address = unsigned64(info, 4, "address"),
                             .pages = pageRange(info, 5)};
  const std::uint64_t id = throwing(env, [&] { return tracker.attach(remote); });
  return Napi::Number::New(env, static_cast<double>(id));
}

Napi::Value TrackerObject::attachUntracked(const Napi::CallbackInfo& info) {
  DeviceTracker& tracker = open(info.Env());
  const std::uint64_t id = throwing(info.Env(), [&] { return tracker.attachUntracked(pageRange(info, 0)); });
  return Napi::Number::New(info.Env(), static_cast<double>(id));
}

Napi::Value TrackerObject::attachKvmSlot(const Napi::CallbackInfo& info) {
  DeviceTracker& tracker = open(info.Env());
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  const KvmSlot slot{.machine = descriptorNumber(info, 0, "vmFd"),
                     .slot = static_cast<std::uint32_t>(wholeNumber(info, 1, "slot", 0, most)),
                     .pages = pageRange(info, 2)};
  const std::uint64_t id = throwing(info.Env(), [&] { return tracker.attachKvmSlot(slot); });
  return Napi::Number::New(info.Env(), static_cast<double>(id));
}

void TrackerObject::detach(const Napi::CallbackInfo& info) {
  DeviceTracker& tracker = open(info.Env());
  constexpr std::int64_t most = std::int64_t{1} << 53;
  tracker.detach(static_cast<std::uint64_t>(wholeNumber(info, 0, "id", 0, most)));
}

Napi::Value TrackerObject::status(const Napi::CallbackInfo& info) {
  const DeviceTracker::Status status = open(info.Env()).status();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("tracked", static_cast<double>(status.tracked));
  result.Set("compared", static_cast<double>(status.compared));
  result.Set("still", static_cast<double>(status.still));
  result.Set("whyPolled", status.whyPolled);
  result.Set("openPages", static_cast<double>(status.openPages));
  result.Set("lastError", status.lastError);
  return result;
}

void TrackerObject::close(const Napi::CallbackInfo&) {
  if (doorbell_) doorbell_->close({});
  // It leads to whoever holds this tracker: as long as it is kept, neither can be collected.
  onStore_.reset();
  tracker_.reset();
  shadow_.Reset();
}

}  // namespace umfb
