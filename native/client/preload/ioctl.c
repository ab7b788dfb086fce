/* ioctl(2): a frame buffer's and event devices' on theirs, a console's on whatever the program takes for one.
 */
#include <asm/termbits.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include "shim.h"

/**
 * Programs ask the console things of the terminal that they were started on, and give up where it is none.
 * The real virtual terminals of this machine are never asked: a program could blank them.
 */
static bool may_be_console(int fd) {
  struct termios settings;
  return fd <= STDERR_FILENO || umfb_syscall(SYS_ioctl, fd, TCGETS, &settings) == 0;
}

SHIM_EXPORT int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (_IOC_TYPE(request) == 'F' && shim_adopt_device(fd)) SHIM_RETURN(shim_device_ioctl(request, argument));
  struct shim_input input;
  if (_IOC_TYPE(request) == 'E' && shim_adopt_input(fd, &input)) {
    SHIM_RETURN(shim_input_ioctl(input, request, argument));
  }
  if (shim_is_console_request(request) && shim_wanted() && may_be_console(fd)) {
    SHIM_RETURN(shim_console_ioctl(request, argument));
  }
  return SHIM_NEXT(ioctl)(fd, request, argument);
}
