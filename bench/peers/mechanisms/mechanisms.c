#include "mechanisms.h"

const struct peer* const peers[] = {&wp_async_peer, &wp_sync_peer, &zap_peer,
                                    &mprotect_peer, &memcmp_peer,  NULL};
