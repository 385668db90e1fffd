# tests/local.mk - what 'make check' runs.
#
# Programs link core's objects, so they reach what the library hides. Runners are scripts that get the build by
# environment. Every test may run beside every other.

UNIT_TESTS = \
	tests/unit/test_api \
	tests/unit/test_authorize \
	tests/unit/test_base64 \
	tests/unit/test_challenge \
	tests/unit/test_challenge_told \
	tests/unit/test_codes \
	tests/unit/test_contract \
	tests/unit/test_control \
	tests/unit/test_credential \
	tests/unit/test_descriptor \
	tests/unit/test_dispatch \
	tests/unit/test_engine \
	tests/unit/test_expand \
	tests/unit/test_glob_abuse \
	tests/unit/test_grant \
	tests/unit/test_guard \
	tests/unit/test_identity \
	tests/unit/test_instance \
	tests/unit/test_json \
	tests/unit/test_limits \
	tests/unit/test_lint \
	tests/unit/test_lint_model \
	tests/unit/test_options \
	tests/unit/test_pattern \
	tests/unit/test_permits \
	tests/unit/test_plugin \
	tests/unit/test_program \
	tests/unit/test_reader \
	tests/unit/test_report \
	tests/unit/test_request \
	tests/unit/test_safefile \
	tests/unit/test_settings \
	tests/unit/test_simulate \
	tests/unit/test_siphash \
	tests/unit/test_text \
	tests/unit/test_tool_model \
	tests/unit/test_words

# Those that the thread sanitizer watches, too.
CONCURRENT_TESTS = \
	tests/cache/test_threads \
	tests/concurrent/test_concurrent \
	tests/concurrent/test_loop \
	tests/refresh/test_load \
	tests/refresh/test_gate

RUNNERS = \
	tests/abi/run \
	tests/audit/run-verify \
	tests/docs/run \
	tests/docs/run-guide \
	tests/docs/run-translations \
	tests/install/run \
	tests/run-cli \
	tests/run-completion \
	tests/run-conf \
	tests/run-config \
	tests/run-drawing \
	tests/run-fastmcp \
	tests/run-replay \
	tests/run-stacks \
	tests/run-why \
	tests/secrets/run-shown

if HAVE_MICROHTTPD
RUNNERS += tests/run-example tests/run-rotation
endif

check_PROGRAMS = $(UNIT_TESTS)
LDADD = core/libcore.la
TESTS = $(check_PROGRAMS) $(RUNNERS)
dist_check_SCRIPTS = $(RUNNERS) tests/valgrind/run
EXTRA_DIST += \
	tests/abi/layout.c \
	tests/cli \
	tests/config \
	tests/debian \
	debian \
	tests/docs/console.py \
	tests/stacks \
	tests/unit/challenge.h \
	tests/unit/check.h \
	tests/unit/sandbox.h \
	tests/unit/scratch.h \
	tests/unit/stacks.h

# An installation for the tests to look at and to build with; made once, since two at a time would meet.
TEST_STAGE = $(abs_builddir)/tests/stage
check_DATA = tests/stage.stamp
tests/stage.stamp: $(lib_LTLIBRARIES) $(plugin_LTLIBRARIES) $(bin_PROGRAMS) $(pkginclude_HEADERS) tokenpam.pc
	$(AM_V_GEN)rm -rf "$(TEST_STAGE)" && $(MKDIR_P) "$(TEST_STAGE)"
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) --silent install DESTDIR="$(TEST_STAGE)" >/dev/null
	$(AM_V_at)touch $@
CLEANFILES += tests/stage.stamp
clean-local:
	rm -rf "$(TEST_STAGE)"

# The leak sanitizer guesses from an address where a thread's memory of a plugin begins, and ends the process where that
# goes wrong: it is told not to.
AM_TESTS_ENVIRONMENT = \
	unset TOKENPAM_ENV MAKEFLAGS MFLAGS MAKELEVEL DESTDIR; \
	ASAN_OPTIONS="intercept_tls_get_addr=0$${ASAN_OPTIONS:+:$$ASAN_OPTIONS}"; export ASAN_OPTIONS; \
	srcdir='$(abs_srcdir)'; export srcdir; \
	builddir='$(abs_builddir)'; export builddir; \
	TOKENPAM='$(abs_builddir)/hosts/cli/tokenpam'; export TOKENPAM; \
	TOKENPAM_PLUGINS='$(abs_builddir)/plugins/.libs:$(abs_builddir)/tests/plugins/.libs'; export TOKENPAM_PLUGINS; \
	TOKENPAM_STAGE='$(TEST_STAGE)'; export TOKENPAM_STAGE; \
	CC='$(CC)'; export CC; \
	TOKENPAM_LIBS='$(INIH_LIBS) $(JANSSON_LIBS) $(PAM_LIBS) $(LIBS)'; export TOKENPAM_LIBS; \
	SANITIZER_CFLAGS='$(SANITIZER_CFLAGS)'; export SANITIZER_CFLAGS; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE;

# Not part of 'make check', which also runs where valgrind is no use: under a sanitizer.
.PHONY: check-valgrind
check-valgrind: all $(check_PROGRAMS) $(check_LTLIBRARIES)
	@$(AM_TESTS_ENVIRONMENT) '$(srcdir)/tests/valgrind/run'

# Nor is this: it wants root and a mirror.
.PHONY: check-debian
check-debian:
	@cd '$(srcdir)' && tests/debian/run

include tests/plugins/local.mk
include tests/concurrent/local.mk
include tests/differential/local.mk
include tests/torture/local.mk
include tests/jose/local.mk
include tests/http/local.mk
include tests/jwks/local.mk
include tests/introspect/local.mk
include tests/oidc/local.mk
include tests/providers/local.mk
include tests/upstream/local.mk
include tests/bench/local.mk
include tests/cache/local.mk
include tests/refresh/local.mk
include tests/audit/local.mk
include tests/secrets/local.mk
include tests/bench/core.mk
