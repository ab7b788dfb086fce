#pragma once

#include <memory>
#include <string>
#include <vector>

#include "trackers/mechanisms.h"
#include "trackers/tracker.h"

/**
 * mprotect: pages are read-only until they are stored to; a SIGSEGV handler makes the page writable, records
 * it and rings the doorbell. Any kernel, no privilege, and the store goes on where it stood.
 *
 * Sees stores of this process's threads through the armed mapping, and no other writer. Where the kernel
 * stores for somebody, it fails: read(2) into the memory and a KVM guest's store end with EFAULT. A thread
 * that blocks SIGSEGV dies of its first store. So it is used by name alone.
 */
namespace umfb::mprotect {

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);

/// Another process's faults are its own: compared.
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

/// The round trip by stores, after which SIGSEGV is handled as before.
std::vector<std::string> tryOut(const Mechanism& mechanism);

}  // namespace umfb::mprotect
