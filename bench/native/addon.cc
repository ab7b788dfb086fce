// What a trial needs and JavaScript lacks: the writer in this process, the two sides' handshake, clocks of
// threads, and the truth about what changed. bench/tracking/native.ts has the contract.
#include <napi.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "control.h"

namespace {

Napi::Uint8Array bytes(const Napi::Value& value) {
  if (!value.IsTypedArray()) throw Napi::TypeError::New(value.Env(), "expected a Uint8Array");
  return value.As<Napi::Uint8Array>();
}

control* controlOf(const Napi::CallbackInfo& info) {
  return reinterpret_cast<control*>(bytes(info[0]).Data());
}

void drawHere(const Napi::CallbackInfo& info) {
  const picture target{bytes(info[1]).Data(), info[2].ToNumber().Uint32Value()};
  draw_asked(controlOf(info), &target);
}

void askFor(const Napi::CallbackInfo& info) { ask(controlOf(info)); }

Napi::Value awaitReply(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), await_reply(controlOf(info), info[1].ToNumber().Uint32Value()) != 0);
}

Napi::Value threadCpuNs(const Napi::CallbackInfo& info) {
  const int tid = info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : 0;
  // A thread's clock by its id: include/linux/posix-timers_types.h, CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED.
  const clockid_t clock =
      tid == 0 ? CLOCK_THREAD_CPUTIME_ID : static_cast<clockid_t>(~static_cast<unsigned>(tid) << 3 | 6);
  return Napi::Number::New(info.Env(), static_cast<double>(clock_ns(clock)));
}

/// Counts the pages and the pixels of 32 bits that differ, and makes `before` equal.
Napi::Value takeChanges(const Napi::CallbackInfo& info) {
  Napi::Uint8Array now = bytes(info[0]), before = bytes(info[1]);
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (now.ByteLength() != before.ByteLength() || now.ByteLength() % page != 0) {
    throw Napi::RangeError::New(info.Env(), "expected two arrays of as many whole pages");
  }
  double pages = 0, pixels = 0;
  for (std::size_t at = 0; at < now.ByteLength(); at += page) {
    const std::uint8_t* a = now.Data() + at;
    std::uint8_t* b = before.Data() + at;
    if (std::memcmp(a, b, page) == 0) continue;
    pages++;
    for (std::size_t i = 0; i < page; i += 4) pixels += std::memcmp(a + i, b + i, 4) != 0;
    std::memcpy(b, a, page);
  }
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("pages", pages);
  result.Set("pixels", pixels);
  return result;
}

/// A mapping of its own, which no tracker arms: reading there is seen by none.
Napi::Value mapForReading(const Napi::CallbackInfo& info) {
  const int fd = info[0].ToNumber().Int32Value();
  struct stat status;
  void* memory = MAP_FAILED;
  if (fstat(fd, &status) == 0) memory = mmap(nullptr, status.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) throw Napi::Error::New(info.Env(), std::strerror(errno));
  const auto size = static_cast<std::size_t>(status.st_size);
  return Napi::ArrayBuffer::New(info.Env(), memory, size,
                                [size](Napi::Env, void* mapped) { munmap(mapped, size); });
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("drawHere", Napi::Function::New<drawHere>(env, "drawHere"));
  exports.Set("ask", Napi::Function::New<askFor>(env, "ask"));
  exports.Set("awaitReply", Napi::Function::New<awaitReply>(env, "awaitReply"));
  exports.Set("threadCpuNs", Napi::Function::New<threadCpuNs>(env, "threadCpuNs"));
  exports.Set("mapForReading", Napi::Function::New<mapForReading>(env, "mapForReading"));
  exports.Set("takeChanges", Napi::Function::New<takeChanges>(env, "takeChanges"));
  return exports;
}

}  // namespace

NODE_API_MODULE(umfb_bench, init)
