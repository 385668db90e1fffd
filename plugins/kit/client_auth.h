/*
 * client_auth.h - the question about a token, and how we prove to the endpoint who asks.
 *
 * RFC 7662; RFC 6749, section 2.3.1; RFC 7523; RFC 8705.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_CLIENT_AUTH_H
#define KIT_CLIENT_AUTH_H

#include <stdint.h>

#include <tokenpam/kit.h>

enum client_auth {
	CLIENT_SECRET_BASIC,
	CLIENT_SECRET_POST,
	CLIENT_PRIVATE_KEY_JWT,
	CLIENT_MTLS,
	CLIENT_NONE,
	CLIENT_AUTHS
};

/* Who we are to the endpoint. */
struct client {
	enum client_auth auth;
	const char *id;             /* NULL with CLIENT_NONE at most */
	const char *secret;         /* for CLIENT_SECRET_ */
	const char *audience;       /* of what is signed; NULL: the endpoint */
	struct tpam_signer *signer; /* for CLIENT_PRIVATE_KEY_JWT */
};

/* A question: the form, and the value of Authorization or NULL. */
struct question {
	char *body;
	uint64_t length;
	char *authorization;
};

struct tpam_host;
struct tpam_instance;

/*
 * What the options of an instance say, all but the id, which is there. What does not do is reported. The
 * signer is to be destroyed in any case.
 */
int client_open(
	struct client *client, const struct tpam_host *host, struct tpam_instance *instance);

/*
 * Writes the question about a token for the endpoint `url`; hint: NULL for none; now: seconds since 1970.
 * TPAM_OK or TPAM_E_MEMORY; the question is to be finished in any case.
 */
int question_write(struct question *ret, const struct client *client, const char *url,
	const char *token, size_t length, const char *hint, int64_t now);

/* Wipes and frees. */
void question_finish(struct question *question);

#endif
