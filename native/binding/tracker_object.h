#pragma once

#include <napi.h>

#include <memory>
#include <span>

#include "binding/callback.h"
#include "binding/poll.h"
#include "trackers/device_tracker.h"

namespace umfb {

/// The handle `Tracker`, and the function `probeTrackers`.
class TrackerObject : public Napi::ObjectWrap<TrackerObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit TrackerObject(const Napi::CallbackInfo& info);

private:
  Napi::Value harvest(const Napi::CallbackInfo& info);
  Napi::Value watch(const Napi::CallbackInfo& info);
  void setPicture(const Napi::CallbackInfo& info);
  void markDirty(const Napi::CallbackInfo& info);
  Napi::Value attach(const Napi::CallbackInfo& info);
  Napi::Value attachUntracked(const Napi::CallbackInfo& info);
  Napi::Value attachKvmSlot(const Napi::CallbackInfo& info);
  void detach(const Napi::CallbackInfo& info);
  Napi::Value status(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  DeviceTracker& open(Napi::Env env) const;
  std::span<const std::uint8_t> shadow(Napi::Env env) const;
  /// The doorbell rang.
  void ring();

  std::unique_ptr<DeviceTracker> tracker_;
  /// Shared with a call under way, which may close the tracker.
  std::shared_ptr<Callback> onStore_;
  /// Of the tracker's doorbell: closed before it.
  std::unique_ptr<Poll> doorbell_;
  Napi::ObjectReference shadow_;
};

}  // namespace umfb
