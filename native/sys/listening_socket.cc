#include "sys/listening_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>

#include "sys/system_error.h"

namespace umfb {
namespace {

/// Waiting connections; those beyond it get EAGAIN from connect(2).
constexpr int kBacklog = 16;

/// All listening sockets of the process. Never destroyed: other threads may still run while exit(3) does.
struct Registry {
  std::mutex mutex;
  std::set<const ListeningSocket*> sockets;
};

Registry& registry() {
  static auto* const instance = [] {
    std::atexit([] {
      Registry& all = registry();
      std::lock_guard lock(all.mutex);
      for (const ListeningSocket* socket : all.sockets) socket->unlink();
    });
    return new Registry;
  }();
  return *instance;
}

}  // namespace

sockaddr_un socketAddress(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty()) throw SystemError("bind", ENOENT);
  if (path.size() >= sizeof address.sun_path) throw SystemError("bind", ENAMETOOLONG, path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

ListeningSocket::ListeningSocket(std::string path)
    : path_(std::move(path)),
      owner_(getpid()),
      socket_(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      spare_(open("/dev/null", O_RDONLY | O_CLOEXEC)) {
  const sockaddr_un address = socketAddress(path_);
  if (!socket_.isOpen()) throw SystemError("socket");
  // bind(2) gives the file the mode of the socket's inode, less the umask: no moment in which others may
  // connect, and the process-wide umask stays alone.
  if (fchmod(socket_.get(), 0600) != 0) throw SystemError("fchmod");
  if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw SystemError("bind", errno, path_);
  }
  struct stat file {};
  if (lstat(path_.c_str(), &file) != 0 || listen(socket_.get(), kBacklog) != 0) {
    const int number = errno;
    ::unlink(path_.c_str());
    throw SystemError("listen", number, path_);
  }
  device_ = file.st_dev;
  inode_ = file.st_ino;
  std::lock_guard lock(registry().mutex);
  registry().sockets.insert(this);
}

ListeningSocket::~ListeningSocket() {
  std::lock_guard lock(registry().mutex);
  registry().sockets.erase(this);
  unlink();
}

Descriptor ListeningSocket::accept() {
  for (;;) {
    Descriptor peer(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (peer.isOpen()) return peer;
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if ((errno != EMFILE && errno != ENFILE) || !spare_.isOpen()) return Descriptor();
    // accept4(2) wants a descriptor before it looks who waits: it may well be nobody.
    spare_.close();
    const bool dropped = Descriptor(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)).isOpen();
    spare_ = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!dropped) return Descriptor();
  }
}

void ListeningSocket::unlink() const {
  struct stat file {};
  if (owner_ != getpid() || lstat(path_.c_str(), &file) != 0) return;
  if (file.st_dev == device_ && file.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace umfb
