/*
 * opendir(3) and its relatives on /dev/input and /sys/class/input: programs look there for event devices. To
 * them there are ours and none of the machine's own. Other directories are passed through.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim.h"

/** Listings that a process may have open at a time. */
enum { most_listings = 16 };

/** ".", "..", and the devices. */
enum { entry_count = 2 + UMFB_INPUT_DEVICES };

/** What stands for a DIR: a pointer into this table is ours. */
static struct listing {
  atomic_bool taken;
  unsigned char type;
  long position;
  struct dirent entry;
} listings[most_listings];

static bool is_ours(const DIR* directory) {
  uintptr_t at = (uintptr_t)directory;
  return at >= (uintptr_t)listings && at < (uintptr_t)(listings + most_listings);
}

/** The devices are nodes in /dev/input, and links in /sys/class/input. @return 0 where it is neither */
static unsigned char type_of_entries(const char* path) {
  if (shim_classify(path).kind != SHIM_DIRECTORY) return 0;
  if (strcmp(path, "/dev/input") == 0 || strcmp(path, "/dev/input/") == 0) return DT_CHR;
  if (strcmp(path, "/sys/class/input") == 0 || strcmp(path, "/sys/class/input/") == 0) return DT_LNK;
  return 0;
}

static DIR* open_listing(unsigned char type) {
  for (struct listing* listing = listings; listing < listings + most_listings; listing++) {
    bool free = false;
    if (!atomic_compare_exchange_strong(&listing->taken, &free, true)) continue;
    listing->type = type;
    listing->position = 0;
    return (DIR*)listing;
  }
  errno = EMFILE;
  return NULL;
}

static void describe_entry(struct dirent* entry, long position, unsigned char type) {
  *entry = (struct dirent){.d_ino = (ino_t)(1 + position),
                           .d_off = position + 1,
                           .d_reclen = sizeof *entry,
                           .d_type = position < 2 ? DT_DIR : type};
  if (position < 2)
    strcpy(entry->d_name, position ? ".." : ".");
  else
    snprintf(entry->d_name, sizeof entry->d_name, "event%ld", position - 2);
}

SHIM_EXPORT DIR* opendir(const char* path) {
  unsigned char type = type_of_entries(path);
  return type ? open_listing(type) : SHIM_NEXT(opendir)(path);
}

SHIM_EXPORT int closedir(DIR* directory) {
  if (!is_ours(directory)) return SHIM_NEXT(closedir)(directory);
  atomic_store(&((struct listing*)directory)->taken, false);
  return 0;
}

SHIM_EXPORT struct dirent* readdir(DIR* directory) {
  if (!is_ours(directory)) return SHIM_NEXT(readdir)(directory);
  struct listing* listing = (struct listing*)directory;
  if (listing->position >= entry_count) return NULL;
  describe_entry(&listing->entry, listing->position++, listing->type);
  return &listing->entry;
}

SHIM_EXPORT struct dirent64* readdir64(DIR* directory) __attribute__((alias("readdir")));

SHIM_EXPORT void rewinddir(DIR* directory) {
  if (is_ours(directory))
    ((struct listing*)directory)->position = 0;
  else
    SHIM_NEXT(rewinddir)(directory);
}

SHIM_EXPORT long telldir(DIR* directory) {
  return is_ours(directory) ? ((struct listing*)directory)->position : SHIM_NEXT(telldir)(directory);
}

SHIM_EXPORT void seekdir(DIR* directory, long position) {
  if (is_ours(directory))
    ((struct listing*)directory)->position = position < 0 ? 0 : position;
  else
    SHIM_NEXT(seekdir)(directory, position);
}

/** POSIX lets a directory have no descriptor. */
SHIM_EXPORT int dirfd(DIR* directory) {
  if (is_ours(directory)) SHIM_RETURN(-ENOTSUP);
  return SHIM_NEXT(dirfd)(directory);
}

typedef int filter_function(const struct dirent*);
typedef int compare_function(const struct dirent**, const struct dirent**);

static int scan(unsigned char type, struct dirent*** result, filter_function* filter,
                compare_function* compare) {
  struct dirent** found = calloc(entry_count, sizeof *found);
  int count = 0;
  for (long position = 0; found && position < entry_count; position++) {
    struct dirent entry;
    describe_entry(&entry, position, type);
    if (filter && !filter(&entry)) continue;
    found[count] = malloc(sizeof entry);
    if (!found[count]) break;
    *found[count++] = entry;
  }
  if (!found) return -1;
  if (compare) qsort(found, (size_t)count, sizeof *found, (int (*)(const void*, const void*))compare);
  *result = found;
  return count;
}

SHIM_EXPORT int scandir(const char* path, struct dirent*** result, filter_function* filter,
                        compare_function* compare) {
  unsigned char type = type_of_entries(path);
  return type ? scan(type, result, filter, compare) : SHIM_NEXT(scandir)(path, result, filter, compare);
}

SHIM_EXPORT int scandir64(const char* path, struct dirent64*** result, int (*filter)(const struct dirent64*),
                          int (*compare)(const struct dirent64**, const struct dirent64**))
    __attribute__((alias("scandir")));
