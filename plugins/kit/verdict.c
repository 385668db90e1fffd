/*
 * verdict.c - checks what a verified token says against what it must say (RFC 7519, RFC 8725, RFC 9068).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include "claims.h"
#include "fault.h"
#include "jws.h"

/* What the checks share. Each returns TPAM_OK, or TPAM_E_CONFIG with the fault and the outcome set. */
struct verdict {
	const struct tpam_claims *claims;
	const struct tpam_jws *jws;
	const struct tpam_claims_rules *rules;
	int32_t outcome;
	struct tpam_fault *fault;
};

static int refuse(struct verdict *verdict, int32_t reason, const char *expected, const char *got)
{
	return fault_set(verdict->fault, reason, expected, got);
}

static bool type_fits(const char *typ, const char *wanted)
{
	static const char prefix[] = "application/";

	if (strncasecmp(typ, prefix, sizeof(prefix) - 1) == 0 &&
		!strchr(typ + sizeof(prefix) - 1, '/'))
		typ += sizeof(prefix) - 1;
	return strcasecmp(typ, wanted) == 0;
}

static int check_type(struct verdict *verdict)
{
	const char *const *types = verdict->rules->types;
	const char *typ = types ? tpam_jws_typ(verdict->jws) : NULL;

	for (size_t i = 0; types && types[i]; i++)
		if (types[i][0] == '\0' ? !typ : typ && type_fits(typ, types[i]))
			return TPAM_OK;
	return types ? refuse(verdict, TPAM_REASON_WRONG_TYPE, types[0], typ ? typ : "no typ")
		     : TPAM_OK;
}

static int check_issuer(struct verdict *verdict)
{
	const struct json_value *iss = claims_own(verdict->claims, "iss");
	const char *wanted = verdict->rules->issuer;

	if (!wanted)
		return TPAM_OK;
	if (!iss)
		return refuse(verdict, TPAM_REASON_MISSING_CLAIM, "iss", "none");
	if (!value_is(iss, VALUE_TEXT))
		return refuse(verdict, TPAM_REASON_BAD_CLAIM, "iss as text", "iss");
	if (strcmp(iss->text, wanted) != 0)
		return refuse(verdict, TPAM_REASON_WRONG_ISSUER, wanted, iss->text);
	return TPAM_OK;
}

static bool wanted_audience(const struct verdict *verdict, const struct json_value *value)
{
	for (size_t i = 0; verdict->rules->audiences[i]; i++)
		if (strcmp(verdict->rules->audiences[i], value->text) == 0)
			return true;
	return false;
}

/* One element after the other; NULL behind the last, or where it is no list. */
static const struct json_value *next_audience(const struct verdict *verdict,
	const struct json_value *aud, const struct json_value *element)
{
	const struct document *document = &verdict->claims->document;

	if (!value_is(aud, VALUE_LIST))
		return NULL;
	return element ? document_next(document, aud, element) : document_first(document, aud);
}

static int check_audience(struct verdict *verdict)
{
	const struct json_value *aud = claims_own(verdict->claims, "aud"), *element = NULL;
	bool found = false;

	if (aud && !value_is(aud, VALUE_TEXT) && !value_is(aud, VALUE_LIST))
		return refuse(verdict, TPAM_REASON_BAD_CLAIM, "aud as text or a list", "aud");
	while ((element = next_audience(verdict, aud, element)))
		if (!value_is(element, VALUE_TEXT))
			return refuse(
				verdict, TPAM_REASON_BAD_CLAIM, "aud as a list of texts", "aud");
	if (!verdict->rules->audiences)
		return TPAM_OK;
	if (!aud)
		return refuse(verdict, TPAM_REASON_MISSING_CLAIM, "aud", "none");
	if (value_is(aud, VALUE_TEXT))
		found = wanted_audience(verdict, aud);
	while (!found && (element = next_audience(verdict, aud, element)))
		found = wanted_audience(verdict, element);
	if (found)
		return TPAM_OK;
	const char *got = value_is(aud, VALUE_TEXT) ? aud->text
						    : value_text(next_audience(verdict, aud, NULL));
	return refuse(verdict, TPAM_REASON_WRONG_AUDIENCE, verdict->rules->audiences[0], got);
}

/* Reads a time; *ret_present says whether the claim is there. */
static int read_time(struct verdict *verdict, const char *name, int64_t *ret, bool *ret_present)
{
	const struct json_value *value = claims_own(verdict->claims, name);

	*ret_present = value != NULL;
	if (value && !claims_time(value, ret))
		return refuse(verdict, TPAM_REASON_BAD_CLAIM,
			"seconds since 1970 up to the year 9999", name);
	return TPAM_OK;
}

static int check_expiry(struct verdict *verdict)
{
	const struct tpam_claims_rules *rules = verdict->rules;
	int64_t exp = 0;
	bool present;
	int code = read_time(verdict, "exp", &exp, &present);

	if (code != TPAM_OK)
		return code;
	if (!present)
		return rules->flags & TPAM_CLAIMS_NO_EXP
			       ? TPAM_OK
			       : refuse(verdict, TPAM_REASON_MISSING_CLAIM, "exp", "none");
	if (exp == 0)
		return refuse(verdict, TPAM_REASON_BAD_CLAIM, "a time after 1970", "exp");
	if (exp > rules->now - rules->leeway)
		return TPAM_OK;
	verdict->outcome = TPAM_EXPIRED;
	return refuse(verdict, TPAM_REASON_EXPIRED, "exp in the future", "one that has passed");
}

static int check_begin(struct verdict *verdict)
{
	int64_t nbf = 0;
	bool present;
	int code = read_time(verdict, "nbf", &nbf, &present);

	if (code == TPAM_OK && present && nbf > verdict->rules->now + verdict->rules->leeway)
		return refuse(verdict, TPAM_REASON_NOT_YET_VALID, "nbf that has come",
			"one in the future");
	return code;
}

static int check_age(struct verdict *verdict)
{
	const struct tpam_claims_rules *rules = verdict->rules;
	int64_t iat = 0;
	bool present;
	int code = read_time(verdict, "iat", &iat, &present);

	if (code != TPAM_OK)
		return code;
	if (present && iat > rules->now + rules->leeway)
		return refuse(verdict, TPAM_REASON_NOT_YET_VALID, "iat that has come",
			"one in the future");
	if (rules->max_age == 0)
		return TPAM_OK;
	if (!present)
		return refuse(verdict, TPAM_REASON_MISSING_CLAIM, "iat", "none");
	if (iat >= rules->now - rules->max_age - rules->leeway)
		return TPAM_OK;
	verdict->outcome = TPAM_EXPIRED;
	return refuse(verdict, TPAM_REASON_TOO_OLD, "an iat no older than max_age", "an older one");
}

static int check_subject(struct verdict *verdict)
{
	const struct json_value *sub = claims_own(verdict->claims, "sub");

	if (!sub)
		return verdict->rules->flags & TPAM_CLAIMS_NO_SUB
			       ? TPAM_OK
			       : refuse(verdict, TPAM_REASON_MISSING_CLAIM, "sub", "none");
	if (!value_is(sub, VALUE_TEXT) || sub->length == 0)
		return refuse(
			verdict, TPAM_REASON_BAD_CLAIM, "sub as text that is not empty", "sub");
	return TPAM_OK;
}

/* RFC 7800: a token bound to a key is no bearer token. */
static int check_confirmation(struct verdict *verdict)
{
	if (!claims_own(verdict->claims, "cnf") ||
		(verdict->rules->flags & TPAM_CLAIMS_CNF_CHECKED))
		return TPAM_OK;
	return refuse(
		verdict, TPAM_REASON_UNCHECKED_PROOF, "a token that is bound to no key", "cnf");
}

int tpam_claims_check(const struct tpam_claims *claims, const struct tpam_jws *jws,
	const struct tpam_claims_rules *rules, int32_t *ret_outcome, struct tpam_fault *fault)
{
	static int (*const checks[])(struct verdict * verdict) = {check_type, check_issuer,
		check_audience, check_expiry, check_begin, check_age, check_subject,
		check_confirmation};
	struct verdict verdict = {claims, jws, rules, TPAM_INVALID, fault};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		int code = checks[i](&verdict);
		if (code != TPAM_OK) {
			*ret_outcome = verdict.outcome;
			return code;
		}
	}
	return TPAM_OK;
}
