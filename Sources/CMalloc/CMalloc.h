// The one call to the allocator that Swift's own module of the C library leaves out.

#ifndef SWELL_CMALLOC_H
#define SWELL_CMALLOC_H

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Gives back to the kernel what is free, also in the midst of the heap; does nothing where that is not for us to ask.
static inline void cmalloc_give_back(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#endif
