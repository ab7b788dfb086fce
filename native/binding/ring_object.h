#pragma once

#include <napi.h>

#include <memory>

#include "memory/mapping.h"
#include "ring/ring.h"

namespace umfb {

/// A ring's page, by a mapping that no tracker arms, and what keeps it mapped.
struct RingPage {
  std::shared_ptr<Mapping> memory;
  std::uint8_t* page;
  RingPlace place;
};

/// The handle `RingConsumer`.
class RingConsumerObject : public Napi::ObjectWrap<RingConsumerObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit RingConsumerObject(const Napi::CallbackInfo& info);

private:
  Napi::Value take(const Napi::CallbackInfo& info);
  Napi::Value release(const Napi::CallbackInfo& info);
  Napi::Value skip(const Napi::CallbackInfo& info);

  RingPage page_;
  RingConsumer ring_;
};

/// The handle `RingProducer`.
class RingProducerObject : public Napi::ObjectWrap<RingProducerObject> {
public:
  static void init(Napi::Env env, Napi::Object exports);

  explicit RingProducerObject(const Napi::CallbackInfo& info);

private:
  Napi::Value index(const Napi::CallbackInfo& info);
  Napi::Value post(const Napi::CallbackInfo& info);
  Napi::Value takeBell(const Napi::CallbackInfo& info);

  RingPage page_;
  RingProducer ring_;
};

}  // namespace umfb
