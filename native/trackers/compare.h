#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "trackers/mechanisms.h"
#include "trackers/picture.h"

/**
 * compare: needs no privilege and sees every writer, at the price of reading all pages. What was shown last
 * is the shadow; a page that differs from it is dirty, until somebody copies it there.
 */
namespace umfb::compare {

/// Nothing to arm.
std::unique_ptr<Tracker> trackLocal(std::shared_ptr<Mapping> memory, std::shared_ptr<Doorbell> doorbell);
std::unique_ptr<Tracker> trackRemote(const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell);

/// Adds to `dirty` the pages of `candidates` whose shown bytes differ. Pages that are dirty already are not
/// looked at.
void findChanged(const PageBitmap& candidates, const Picture& picture, const Mapping& memory,
                 std::span<const std::uint8_t> shadow, PageBitmap& dirty);

}  // namespace umfb::compare
