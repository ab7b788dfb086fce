#include "binding/errors.h"

#include <uv.h>

#include <string>

namespace umfb {

Napi::Error systemError(Napi::Env env, const SystemError& failure) {
  char code[32];
  uv_err_name_r(-failure.number(), code, sizeof code);
  Napi::Error error = Napi::Error::New(env, failure.what());
  error.Set("code", Napi::String::New(env, code));
  error.Set("errno", Napi::Number::New(env, -failure.number()));
  error.Set("syscall", Napi::String::New(env, failure.syscall()));
  return error;
}

Napi::Error closedError(Napi::Env env, const char* what) {
  Napi::Error error = Napi::Error::New(env, std::string(what) + " was closed");
  error.Set("code", Napi::String::New(env, "ERR_CLOSED"));
  return error;
}

}  // namespace umfb
