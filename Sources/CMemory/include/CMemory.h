/// What Swift's own module of the C library leaves out about memory.

#ifndef CMEMORY_H
#define CMEMORY_H

/// Has all threads that begin to allocate from now on share one heap; does nothing where the C library is not glibc.
///
/// By default glibc gives up to eight heaps for each processor to the threads, and what is free in one serves no other.
void cmemory_share_heap(void);

/// Gives back to the kernel what is free in the heap, also in the midst of it; does nothing where the C library is not
/// glibc.
void cmemory_return_heap(void);

/// Lets go of the pages of code and constants, those of all libraries included, as the kernel does by itself when memory
/// is short. What is in use comes back at its next use, from the kernel's cache as long as it keeps them.
///
/// Code that somebody has written into stays: a debugger's breakpoints, an agent's probes. Does nothing where the kernel
/// does not tell of that.
void cmemory_return_code(void);

#endif
