/*
 * allocations.c - an allocator that fails when told to, and counts what lives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "allocations.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANGES_MAX 64

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

#ifdef SANITIZED
/* The address sanitizer's own, by the names that are always its. */
void *__interceptor_malloc(size_t size);
void *__interceptor_calloc(size_t count, size_t size);
void *__interceptor_realloc(void *old, size_t size);
void *__interceptor_memalign(size_t alignment, size_t size);
void __interceptor_free(void *memory);
#define real_malloc   __interceptor_malloc
#define real_calloc   __interceptor_calloc
#define real_realloc  __interceptor_realloc
#define real_memalign __interceptor_memalign
#define real_free     __interceptor_free
#else
/* glibc's own, under the names by which it exports them for such as this. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);
#define real_malloc   __libc_malloc
#define real_calloc   __libc_calloc
#define real_realloc  __libc_realloc
#define real_memalign __libc_memalign
#define real_free     __libc_free
#endif

struct range {
	uintptr_t from, to;
};

static struct range exempt[RANGES_MAX];
static size_t exempt_count;

static long living;
static bool armed, all_after, fired;
static unsigned long left;
static void *last_caller;

/* Whose allocations are not ours. */
static const char *const exempt_names[] = {"ld-linux", "ld-musl", "libcrypto", "libasan"};

static bool is_exempt_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	for (size_t i = 0; i < sizeof(exempt_names) / sizeof(exempt_names[0]); i++)
		if (strncmp(name, exempt_names[i], strlen(exempt_names[i])) == 0)
			return true;
	return false;
}

static int look_at_object(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	if (!is_exempt_name(info->dlpi_name))
		return 0;
	for (size_t i = 0; i < info->dlpi_phnum && exempt_count < RANGES_MAX; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + header->p_vaddr;
		if (header->p_type == PT_LOAD)
			exempt[exempt_count++] = (struct range){from, from + header->p_memsz};
	}
	return 0;
}

void allocations_begin(void)
{
	exempt_count = 0;
	(void)dl_iterate_phdr(look_at_object, NULL);
}

static bool is_exempt(const void *caller)
{
	uintptr_t address = (uintptr_t)caller;
	for (size_t i = 0; i < exempt_count; i++)
		if (address >= exempt[i].from && address < exempt[i].to)
			return true;
	return false;
}

void allocations_arm(unsigned long nth, bool all)
{
	left = nth;
	all_after = all;
	fired = false;
	armed = true;
}

bool allocations_disarm(void)
{
	armed = false;
	return fired;
}

/* The address sanitizer allocates for strdup() and others by itself; it looks for leaks by itself, too. */
long allocations_living(void)
{
#ifdef SANITIZED
	return 0;
#else
	return living;
#endif
}

void allocations_explain(void)
{
	Dl_info info = {.dli_fname = NULL};
	if (fired && dladdr(last_caller, &info) && info.dli_fname)
		fprintf(stderr, "  failed for %s, %s+0x%tx\n",
			info.dli_sname ? info.dli_sname : "?", info.dli_fname,
			(char *)last_caller - (char *)info.dli_fbase);
}

static bool fails(void *caller)
{
	if (!armed || is_exempt(caller))
		return false;
	if (left > 1) {
		left--;
		return false;
	}
	if (left == 0 && !all_after)
		return false;
	left = 0;
	if (!fired)
		last_caller = caller;
	fired = true;
	errno = ENOMEM;
	return true;
}

static void *count(void *memory)
{
	living += memory != NULL;
	return memory;
}

#define CALLER __builtin_return_address(0)
#define SEEN   __attribute__((visibility("default"), noinline))

SEEN void *malloc(size_t size)
{
	return fails(CALLER) ? NULL : count(real_malloc(size));
}

SEEN void *calloc(size_t number, size_t size)
{
	return fails(CALLER) ? NULL : count(real_calloc(number, size));
}

static void *resize(void *old, size_t size)
{
	if (!old)
		return count(real_malloc(size));
	void *memory = real_realloc(old, size);
	living -= !memory && size == 0;
	return memory;
}

SEEN void *realloc(void *old, size_t size)
{
	return fails(CALLER) ? NULL : resize(old, size);
}

SEEN void *reallocarray(void *old, size_t number, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(number, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return fails(CALLER) ? NULL : resize(old, bytes);
}

SEEN void *memalign(size_t alignment, size_t size)
{
	return fails(CALLER) ? NULL : count(real_memalign(alignment, size));
}

SEEN void *aligned_alloc(size_t alignment, size_t size)
{
	return fails(CALLER) ? NULL : count(real_memalign(alignment, size));
}

SEEN int posix_memalign(void **ret, size_t alignment, size_t size)
{
	void *memory = fails(CALLER) ? NULL : count(real_memalign(alignment, size));
	if (!memory)
		return ENOMEM;
	*ret = memory;
	return 0;
}

SEEN void free(void *memory)
{
	living -= memory != NULL;
	real_free(memory);
}
