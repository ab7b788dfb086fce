/*
 * Owner and mode of what only the shim knows: a program may change them (fbi takes its console over), and
 * nothing remembers it. Without this the call would reach the machine's own node of that name.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim.h"

static bool is_ours(const char* name) { return shim_classify(name).kind != SHIM_OTHER; }

SHIM_EXPORT int chown(const char* name, uid_t owner, gid_t group) {
  return is_ours(name) ? 0 : SHIM_NEXT(chown)(name, owner, group);
}

SHIM_EXPORT int lchown(const char* name, uid_t owner, gid_t group) {
  return is_ours(name) ? 0 : SHIM_NEXT(lchown)(name, owner, group);
}

SHIM_EXPORT int fchownat(int directory, const char* name, uid_t owner, gid_t group, int flags) {
  return is_ours(name) ? 0 : SHIM_NEXT(fchownat)(directory, name, owner, group, flags);
}

SHIM_EXPORT int chmod(const char* name, mode_t mode) {
  return is_ours(name) ? 0 : SHIM_NEXT(chmod)(name, mode);
}

SHIM_EXPORT int lchmod(const char* name, mode_t mode) {
  return is_ours(name) ? 0 : SHIM_NEXT(lchmod)(name, mode);
}

SHIM_EXPORT int fchmodat(int directory, const char* name, mode_t mode, int flags) {
  return is_ours(name) ? 0 : SHIM_NEXT(fchmodat)(directory, name, mode, flags);
}
