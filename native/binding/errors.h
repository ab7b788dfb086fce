#pragma once

#include <napi.h>

#include <stdexcept>
#include <utility>

#include "sys/system_error.h"

namespace umfb {

/// An Error as Node makes them of failed system calls: `code` ('EPERM'), `errno` (negative), `syscall`.
Napi::Error systemError(Napi::Env env, const SystemError& failure);

/// An Error with code 'ERR_CLOSED'.
Napi::Error closedError(Napi::Env env, const char* what);

/// Runs `body` and turns what the core throws into its JavaScript error: a SystemError, or of an argument a
/// TypeError (std::invalid_argument) or RangeError (std::out_of_range).
template <typename Body>
auto throwing(Napi::Env env, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const SystemError& failure) {
    throw systemError(env, failure);
  } catch (const std::invalid_argument& failure) {
    throw Napi::TypeError::New(env, failure.what());
  } catch (const std::out_of_range& failure) {
    throw Napi::RangeError::New(env, failure.what());
  }
}

}  // namespace umfb
