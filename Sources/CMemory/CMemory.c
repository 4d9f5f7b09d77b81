#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CMemory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void cmemory_share_heap(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
#endif
}

void cmemory_return_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#ifdef __linux__
#include <inttypes.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Mappings with pages of their own, which no file could give back.
struct own_pages {
    struct {
        uintptr_t begin, end;
    } *mappings;
    size_t count, capacity;
};

// Adds a mapping; false when memory is short.
static bool add(struct own_pages *own, uintptr_t begin, uintptr_t end) {
    if (own->count == own->capacity) {
        size_t capacity = own->capacity ? own->capacity * 2 : 256;
        void *larger = realloc(own->mappings, capacity * sizeof *own->mappings);
        if (!larger) return false;
        own->mappings = larger;
        own->capacity = capacity;
    }
    own->mappings[own->count].begin = begin;
    own->mappings[own->count++].end = end;
    return true;
}

// Reads what the kernel tells of all mappings; false when it does not.
//
// Source: Linux, Documentation/filesystems/proc.rst, /proc/PID/smaps.
static bool find_own_pages(struct own_pages *own) {
    FILE *file = fopen("/proc/self/smaps", "re");
    if (!file) return false;
    char *line = NULL;
    size_t length = 0;
    uintptr_t begin = 0, end = 0;
    bool is_told = false, is_complete = true;
    while (is_complete && getline(&line, &length, file) > 0) {
        uintptr_t first, last;
        char kind[16];
        unsigned long kilobytes;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &first, &last) == 2) {
            begin = first;
            end = last;
        } else if (sscanf(line, "%15[A-Za-z]: %lu kB", kind, &kilobytes) == 2) {
            bool is_anonymous = strcmp(kind, "Anonymous") == 0;
            is_told |= is_anonymous;
            if (kilobytes > 0 && (is_anonymous || strcmp(kind, "Swap") == 0)) is_complete = add(own, begin, end);
        }
    }
    is_complete = is_complete && !ferror(file);
    free(line);
    fclose(file);
    return is_told && is_complete;
}

static int return_module(struct dl_phdr_info *module, size_t size, void *context) {
    (void)size;
    const struct own_pages *own = context;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) || segment->p_align < page) continue;
        uintptr_t begin = (module->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = module->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        bool is_clean = true;
        for (size_t k = 0; k < own->count && is_clean; k++) {
            is_clean = end <= own->mappings[k].begin || own->mappings[k].end <= begin;
        }
        // A refusal is no harm: the pages stay.
        if (is_clean) (void)madvise((void *)begin, end - begin, MADV_DONTNEED);
    }
    return 0;
}

void cmemory_return_code(void) {
    struct own_pages own = {0};
    // The loader holds its lock meanwhile: no module goes away, and nothing else comes into its place.
    if (find_own_pages(&own)) dl_iterate_phdr(return_module, &own);
    free(own.mappings);
}
#else
void cmemory_return_code(void) {}
#endif
