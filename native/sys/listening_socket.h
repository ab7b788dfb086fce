#pragma once

#include <sys/un.h>

#include <string>

#include "sys/descriptor.h"

namespace umfb {

/// @throws SystemError ENAMETOOLONG where the path does not fit into an address, ENOENT where it is empty
sockaddr_un socketAddress(const std::string& path);

/**
 * A listening SOCK_SEQPACKET socket and its file, which is made with mode 0600 whatever the umask, and
 * removed with the object. It is also removed by exit(3): process.exit() runs no environment clean-up on
 * Node's main thread.
 */
class ListeningSocket {
public:
  /// @throws SystemError; EADDRINUSE where the path exists
  explicit ListeningSocket(std::string path);
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;
  ~ListeningSocket();

  int fd() const { return socket_.get(); }
  /// @returns a closed descriptor when nobody waits to be accepted
  Descriptor accept();

  /// Removes the file, if it is still the one that was made here.
  void unlink() const;

private:
  std::string path_;
  pid_t owner_;
  Descriptor socket_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  /// Given up for a moment when the process has no descriptor left, to accept and drop who waits: otherwise
  /// the listening socket stays readable, and the event loop spins.
  Descriptor spare_;
};

}  // namespace umfb
