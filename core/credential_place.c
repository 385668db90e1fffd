/*
 * credential_place.c - the words that say where a credential stands: bearer, basic, header:NAME, cookie:NAME.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include "instance.h"
#include "text.h"

struct form {
	const char *word; /* a name follows those that end with a colon */
	enum credential_place place;
};

static const struct form forms[] = {
	{"bearer", CREDENTIAL_BEARER},
	{"basic", CREDENTIAL_BASIC},
	{"header:", CREDENTIAL_HEADER},
	{"cookie:", CREDENTIAL_COOKIE},
};

/* Read as a whole, these would get past the rules for Authorization and for cookies. */
static bool header_is_taken(const char *name)
{
	return strcasecmp(name, "authorization") == 0 || strcasecmp(name, "cookie") == 0;
}

static bool name_is_fine(const struct form *form, const char *name)
{
	if (!text_is_token(name, strlen(name)))
		return false;
	return form->place != CREDENTIAL_HEADER || !header_is_taken(name);
}

bool credential_place_read(enum credential_place *ret, const char **ret_name, const char *text)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct form *form = forms + i;
		size_t length = strlen(form->word);
		bool named = form->word[length - 1] == ':';
		if (strncmp(text, form->word, length) != 0)
			continue;
		if (named ? !name_is_fine(form, text + length) : text[length] != '\0')
			continue;
		*ret = form->place;
		*ret_name = named ? text + length : NULL;
		return true;
	}
	return false;
}
