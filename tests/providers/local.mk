# tests/providers/local.mk - the plugins of identity providers, against the fake of tests/upstream.

RUNNERS += tests/providers/run
EXTRA_DIST += \
	tests/providers/cases \
	tests/providers/example.py

# A tool of the runner and no test.
EXTRA_PROGRAMS += tests/providers/decide
check_DATA += tests/providers/decide$(EXEEXT)
CLEANFILES += tests/providers/decide$(EXEEXT)
tests_providers_decide_CPPFLAGS = $(public_cppflags)
tests_providers_decide_LDADD = core/libtokenpam.la
AM_TESTS_ENVIRONMENT += \
	DECIDE='$(abs_builddir)/tests/providers/decide$(EXEEXT)'; export DECIDE;

# The n-th allocation fails.
check_PROGRAMS += tests/providers/memory_google
tests_providers_memory_google_SOURCES = tests/providers/memory_google.c $(lacking_sources)
tests_providers_memory_google_CPPFLAGS = $(public_cppflags)
tests_providers_memory_google_LDFLAGS = $(lacking_ldflags)
tests_providers_memory_google_LDADD = $(lacking_ldadd)

check_PROGRAMS += tests/providers/memory_workos
tests_providers_memory_workos_SOURCES = tests/providers/memory_workos.c $(lacking_sources)
tests_providers_memory_workos_CPPFLAGS = $(public_cppflags)
tests_providers_memory_workos_LDFLAGS = $(lacking_ldflags)
tests_providers_memory_workos_LDADD = $(lacking_ldadd)

check_PROGRAMS += tests/providers/memory_github
tests_providers_memory_github_SOURCES = tests/providers/memory_github.c $(lacking_sources)
tests_providers_memory_github_CPPFLAGS = $(public_cppflags)
tests_providers_memory_github_LDFLAGS = $(lacking_ldflags)
tests_providers_memory_github_LDADD = $(lacking_ldadd)

# Parts of plugins by themselves.
UNIT_TESTS += tests/providers/github_parts
tests_providers_github_parts_SOURCES = \
	tests/providers/github_parts.c \
	plugins/github/address.c \
	plugins/github/kind.c \
	plugins/github/names.c \
	plugins/github/scopes.c
tests_providers_github_parts_CPPFLAGS = $(public_cppflags) -I$(srcdir)/plugins/github
tests_providers_github_parts_LDADD =
