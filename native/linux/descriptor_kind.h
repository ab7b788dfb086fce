#pragma once

/**
 * Tells what a descriptor from another process is, before anything is asked of it: an ioctl, and even
 * fstatfs(2), on a file of a hostile file system (FUSE) may never return. The kernel answers here by itself
 * alone.
 */
namespace umfb {

bool isUserfaultfd(int fd);

/// A KVM virtual machine.
bool isKvmMachine(int fd);

/// A process's pagemap on the /proc that this process sees; those of another instance of procfs are not told
/// apart from forgeries, and are refused.
bool isPagemap(int fd);

}  // namespace umfb
