#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "sys/descriptor.h"

namespace umfb {

/// Bounds of one message, each way.
constexpr std::size_t kMaxMessageBytes = 64 * 1024;
constexpr std::size_t kMaxMessageDescriptors = 4;

/// A message as it was received. Its descriptors are closed unless somebody releases them.
struct Message {
  std::size_t sizeBytes = 0;
  std::size_t descriptorCount = 0;
  std::array<Descriptor, kMaxMessageDescriptors> descriptors;
};

enum class Received {
  kMessage,
  kNothing,
  /// The peer is gone, or broke the bounds.
  kEnd,
};

/// SOCK_SEQPACKET unix sockets: messages keep their borders and carry descriptors (unix(7), cmsg(3)).
/// All of them are non-blocking and close-on-exec. Functions throw SystemError.

/// @throws also where it is no socket at all: ENOTSOCK
bool isSeqpacket(int fd);
/// @throws also when `fd` is not such a socket; it is left open then
void adoptSeqpacket(int fd);
Descriptor connectSeqpacket(const std::string& path);
ucred peerCredentials(int fd);

/// @returns false when the peer's queue is full or it is gone
bool sendMessage(int fd, std::span<const std::uint8_t> bytes, std::span<const int> descriptors);

/**
 * @param buffer kMaxMessageBytes large. A longer message, or one with more descriptors than allowed, is a
 * broken peer's: kEnd. An empty message looks as the end does, and ends the connection likewise.
 */
Received receiveMessage(int fd, std::span<std::uint8_t> buffer, Message& message);

}  // namespace umfb
