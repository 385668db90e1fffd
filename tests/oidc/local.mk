# tests/oidc/local.mk - a certified OpenID provider, and what the plugins make of its tokens.

# Against a provider on loopback that says what it is told: the plugin, and the sections of conf/providers.
RUNNERS += tests/oidc/run-local
EXTRA_DIST += \
	tests/oidc/cases \
	tests/oidc/signer.py

# The n-th allocation fails.
check_PROGRAMS += tests/oidc/test_memory
tests_oidc_test_memory_SOURCES = tests/oidc/test_memory.c $(lacking_sources)
tests_oidc_test_memory_CPPFLAGS = $(public_cppflags)
tests_oidc_test_memory_LDFLAGS = $(lacking_ldflags)
tests_oidc_test_memory_LDADD = $(lacking_ldadd)

# A tool of the runner and no test.
EXTRA_PROGRAMS += tests/oidc/live
CLEANFILES += tests/oidc/live$(EXEEXT)
tests_oidc_live_CPPFLAGS = $(public_cppflags)
tests_oidc_live_LDADD = core/libtokenpam.la

# Not part of 'make check', which needs no network: installs npm's packages for as long as it runs. With OIDC_FLAGS=--without-keys
# bearer fetches no keys by itself.
OIDC_FLAGS =
.PHONY: check-oidc
check-oidc: all tests/jose/mkjwt$(EXEEXT) tests/oidc/live$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) LIVE='$(abs_builddir)/tests/oidc/live$(EXEEXT)' \
		'$(srcdir)/tests/oidc/run' $(OIDC_FLAGS)

dist_check_SCRIPTS += tests/oidc/run
EXTRA_DIST += \
	tests/oidc/issuer.py \
	tests/oidc/npm/.npmrc \
	tests/oidc/npm/package-lock.json \
	tests/oidc/npm/package.json \
	tests/oidc/provider.js \
	tests/oidc/suite.py
