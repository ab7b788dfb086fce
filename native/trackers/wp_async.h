#pragma once

#include <memory>

#include "trackers/mechanisms.h"
#include "trackers/tracker.h"

/**
 * wp-async (Linux 6.7): userfaultfd's asynchronous write protection. The kernel itself resolves the fault of
 * the first store to a page; PAGEMAP_SCAN takes the written pages and re-protects them, atomically under the
 * page table's lock. No handler, no thread, and no store can fall between: the order "take, re-arm" is the
 * kernel's.
 *
 * Sees stores, read(2) into the mapping and process_vm_writev of the armed mapping; not a second mapping's
 * stores, a fork child's, or pwrite(2) on the memfd.
 */
namespace umfb::wp_async {

std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);

/// From outside: the owner of the address space made the descriptors; everything else is done here.
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

}  // namespace umfb::wp_async
