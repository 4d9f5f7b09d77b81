/// What Swift's own module of the C library leaves out about memory.

#ifndef CMEMORY_H
#define CMEMORY_H

/// Gives back to the kernel what is free in the heap, also in the midst of it; does nothing where the C library is not
/// glibc.
void cmemory_return_heap(void);

/// Lets go of the pages of code and constants, those of all libraries included. What is in use comes back from the
/// kernel's cache at its next use, without a look at the disk; does nothing where there is no ELF.
void cmemory_return_code(void);

#endif
