#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CMemory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void cmemory_return_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#ifdef __linux__
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Whether the loader has written into the code of a module, which would be lost. No compiler makes such modules unless
// it is told to.
static bool is_patched(const struct dl_phdr_info *module) {
    for (int i = 0; i < module->dlpi_phnum; i++) {
        if (module->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const void *)(module->dlpi_addr + module->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return true;
            if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL)) return true;
        }
    }
    return false;
}

static int return_module(struct dl_phdr_info *module, size_t size, void *context) {
    (void)size, (void)context;
    if (is_patched(module)) return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        uintptr_t begin = (module->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = module->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        // The kernel refuses for its own module, which is no file; nothing is lost by that.
        (void)madvise((void *)begin, end - begin, MADV_DONTNEED);
    }
    return 0;
}

void cmemory_return_code(void) {
    dl_iterate_phdr(return_module, NULL);
}
#else
void cmemory_return_code(void) {}
#endif
