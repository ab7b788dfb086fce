#pragma once

#include <napi.h>

#include <utility>

#include "sys/system_error.h"

namespace umfb {

/// An Error as Node makes them of failed system calls: `code` ('EPERM'), `errno` (negative), `syscall`.
Napi::Error systemError(Napi::Env env, const SystemError& failure);

/// An Error with code 'ERR_CLOSED'.
Napi::Error closedError(Napi::Env env, const char* what);

/// Runs `body` and turns a SystemError into its JavaScript error. No other exception may leave the core.
template <typename Body>
auto throwing(Napi::Env env, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const SystemError& failure) {
    throw systemError(env, failure);
  }
}

}  // namespace umfb
