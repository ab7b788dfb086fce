#include "binding/event_stream_binding.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <ctime>

#include "binding/arguments.h"
#include "binding/errors.h"
#include "sys/descriptor.h"

namespace umfb {
namespace {

constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

/// What waits for a reader at most, as the system accounts for it: some hundred batches of events. Set, for
/// the default is the administrator's to change.
constexpr int kSendBufferBytes = 128 * 1024;

/// Our end never waits; whether the other one does is decided there.
Napi::Value createStreamPair(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw systemError(env, SystemError("socketpair"));
  }
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  if (fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) throw systemError(env, SystemError("fcntl(F_SETFL)"));
  setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes, sizeof kSendBufferBytes);
  Napi::Array pair = Napi::Array::New(env, 2);
  pair.Set(0u, Napi::Number::New(env, ours.release()));
  pair.Set(1u, Napi::Number::New(env, theirs.release()));
  return pair;
}

Napi::Value clockTime(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto clock = static_cast<clockid_t>(wholeNumber(info, 0, "clock", 0, CLOCK_TAI));
  timespec now{};
  if (clock_gettime(clock, &now) != 0) throw systemError(env, SystemError("clock_gettime"));
  return Napi::BigInt::New(env, now.tv_sec * kMicrosecondsPerSecond + now.tv_nsec / 1000);
}

}  // namespace

void initEventStream(Napi::Env env, Napi::Object exports) {
  exports.Set("createStreamPair", Napi::Function::New<createStreamPair>(env, "createStreamPair"));
  exports.Set("clockTime", Napi::Function::New<clockTime>(env, "clockTime"));
}

}  // namespace umfb
