/*
 * names.c - takes the place of getaddrinfo().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

typedef int asker(
	const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned hanging, most, asked, rounds;

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), size = strlen(end);

	return length > size && strcmp(name + length - size, end) == 0;
}

/* A lookup that libcurl has left behind may begin when its round is over: then it is not counted any more. */
static int hang(unsigned round)
{
	pthread_mutex_lock(&lock);
	if (round == rounds) {
		if (++hanging > most)
			most = hanging;
		pthread_cond_broadcast(&changed);
		while (round == rounds)
			pthread_cond_wait(&changed, &lock);
		hanging--;
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	return EAI_NONAME;
}

__attribute__((visibility("default"))) int getaddrinfo(
	const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
	asker *real;

	if (node && ends_in(node, ".hang.test"))
		return hang((unsigned)strtoul(node + strlen("name"), NULL, 10));
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (!node || !ends_in(node, ".fine.test"))
		return real(node, service, hints, ret);
	pthread_mutex_lock(&lock);
	asked++;
	pthread_mutex_unlock(&lock);
	return real("127.0.0.1", service, hints, ret);
}

static unsigned look(const unsigned *number)
{
	pthread_mutex_lock(&lock);
	unsigned value = *number;
	pthread_mutex_unlock(&lock);
	return value;
}

unsigned names_hanging(void)
{
	return look(&hanging);
}

unsigned names_round(void)
{
	return look(&rounds);
}

unsigned names_asked(void)
{
	return look(&asked);
}

void names_await(unsigned count)
{
	pthread_mutex_lock(&lock);
	while (hanging < count)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

unsigned names_let_go(void)
{
	pthread_mutex_lock(&lock);
	rounds++;
	pthread_cond_broadcast(&changed);
	while (hanging > 0)
		pthread_cond_wait(&changed, &lock);
	unsigned found = most;
	most = 0;
	pthread_mutex_unlock(&lock);
	return found;
}
