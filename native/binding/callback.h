#pragma once

#include <napi.h>

#include <initializer_list>

namespace umfb {

/**
 * A JavaScript function that the event loop calls: with the microtasks and next ticks that follow, and with
 * what it throws reported as an uncaught exception.
 */
class Callback {
public:
  Callback(Napi::Function function, const char* resourceName)
      : function_(Napi::Persistent(function)), context_(function.Env(), resourceName) {}

  /// @returns false when the function could not be called at all, because the environment is ending
  bool operator()(Napi::Object receiver, std::initializer_list<napi_value> arguments) const;

private:
  Napi::FunctionReference function_;
  Napi::AsyncContext context_;
};

}  // namespace umfb
