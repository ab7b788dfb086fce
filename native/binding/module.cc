#include <napi.h>

#include "binding/arguments.h"
#include "binding/channel_listener_object.h"
#include "binding/channel_object.h"
#include "binding/device_memory_object.h"
#include "binding/draw_binding.h"
#include "binding/encode_binding.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/event_stream_binding.h"
#include "binding/pagemap_object.h"
#include "binding/pixels_binding.h"
#include "binding/ring_object.h"
#include "binding/shared_words_binding.h"
#include "binding/tracker_object.h"
#include "binding/userfaultfd_object.h"
#include "memory/mapping.h"

namespace umfb {
namespace {

void closeDescriptor(const Napi::CallbackInfo& info) {
  const int fd = descriptorNumber(info, 0, "fd");
  if (::close(fd) != 0) throw systemError(info.Env(), SystemError("close"));
}

/**
 * The addon's exports: src/native/binding.ts is the contract.
 *
 * Handles close themselves at the environment's end: Node-API finalizes every wrapped object then, and what
 * the event loop watches is closed before by the hooks of Poll. Nothing here depends on their order.
 */
Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Environment);
  exports.Set("pageSize", Napi::Number::New(env, static_cast<double>(pageBytes())));
  exports.Set("closeDescriptor", Napi::Function::New<closeDescriptor>(env, "closeDescriptor"));
  DeviceMemoryObject::init(env, exports);
  ChannelObject::init(env, exports);
  ChannelListenerObject::init(env, exports);
  TrackerObject::init(env, exports);
  UserfaultfdObject::init(env, exports);
  PagemapObject::init(env, exports);
  initPixels(env, exports);
  initDraw(env, exports);
  initEncode(env, exports);
  initEventStream(env, exports);
  RingConsumerObject::init(env, exports);
  RingProducerObject::init(env, exports);
  initSharedWords(env, exports);
  return exports;
}

}  // namespace
}  // namespace umfb

static Napi::Object InitModule(Napi::Env env, Napi::Object exports) { return umfb::init(env, exports); }

NODE_API_MODULE(NODE_GYP_MODULE_NAME, InitModule)
