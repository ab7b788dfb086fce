#pragma once

/// memfd_create(2), with the flag that Linux 6.3 brought and older headers lack (linux/memfd.h).

#include <sys/mman.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
