# tests/jose/local.mk - the JOSE room of the kit, the plugin bearer, and what an independent implementation says of them.

jose_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/plugins/kit
jose_libs = plugins/kit/libkit.la

# With the kit's objects, so that they reach what the library hides.
JOSE_TESTS = \
	tests/jose/test_b64url \
	tests/jose/test_claims \
	tests/jose/test_json_document \
	tests/jose/test_jws \
	tests/jose/test_keys \
	tests/jose/test_memory \
	tests/jose/test_payload \
	tests/jose/test_scan \
	tests/jose/test_vectors
UNIT_TESTS += $(JOSE_TESTS)

tests_jose_test_b64url_CPPFLAGS = $(jose_cppflags)
tests_jose_test_b64url_LDADD = $(jose_libs)
tests_jose_test_claims_CPPFLAGS = $(jose_cppflags)
tests_jose_test_claims_LDADD = $(jose_libs)
tests_jose_test_json_document_CPPFLAGS = $(jose_cppflags)
tests_jose_test_json_document_LDADD = $(jose_libs)
tests_jose_test_jws_CPPFLAGS = $(jose_cppflags)
tests_jose_test_jws_LDADD = $(jose_libs)
tests_jose_test_keys_CPPFLAGS = $(jose_cppflags)
tests_jose_test_keys_LDADD = $(jose_libs)
tests_jose_test_memory_SOURCES = \
	tests/jose/test_memory.c \
	tests/torture/allocations.c \
	tests/torture/allocations.h
tests_jose_test_memory_CPPFLAGS = $(jose_cppflags)
tests_jose_test_memory_LDADD = $(jose_libs)
tests_jose_test_payload_CPPFLAGS = $(jose_cppflags)
tests_jose_test_payload_LDADD = $(jose_libs)
tests_jose_test_scan_CPPFLAGS = $(jose_cppflags)
tests_jose_test_scan_LDADD = $(jose_libs)
tests_jose_test_vectors_CPPFLAGS = $(jose_cppflags)
tests_jose_test_vectors_LDADD = $(jose_libs)

# With nothing but what the libraries export, as a host would. The plugin is found in TOKENPAM_PLUGINS.
check_PROGRAMS += tests/jose/test_bearer tests/jose/test_bearer_threads
CONCURRENT_TESTS += tests/jose/test_bearer_threads
tests_jose_test_bearer_SOURCES = tests/jose/test_bearer.c tests/jose/bearer.h
tests_jose_test_bearer_CPPFLAGS = $(public_cppflags)
tests_jose_test_bearer_LDADD = core/libtokenpam.la plugins/kit/libtokenpam-kit.la
tests_jose_test_bearer_threads_SOURCES = tests/jose/test_bearer_threads.c tests/jose/bearer.h
tests_jose_test_bearer_threads_CPPFLAGS = $(public_cppflags)
tests_jose_test_bearer_threads_LDADD = core/libtokenpam.la plugins/kit/libtokenpam-kit.la

# The fuzz targets over their corpora, by whatever compiler there is.
check_PROGRAMS += tests/fuzz/corpus_document tests/fuzz/corpus_header tests/fuzz/corpus_jwks tests/fuzz/corpus_jws
tests_fuzz_corpus_document_SOURCES = tests/fuzz/fuzz_document.c tests/fuzz/standalone.c
tests_fuzz_corpus_document_CPPFLAGS = $(jose_cppflags) -DCORPUS='"document"'
tests_fuzz_corpus_document_LDADD = $(jose_libs)
tests_fuzz_corpus_header_SOURCES = tests/fuzz/fuzz_header.c tests/fuzz/standalone.c
tests_fuzz_corpus_header_CPPFLAGS = $(jose_cppflags) -DCORPUS='"header"'
tests_fuzz_corpus_header_LDADD = $(jose_libs)
tests_fuzz_corpus_jwks_SOURCES = tests/fuzz/fuzz_jwks.c tests/fuzz/standalone.c
tests_fuzz_corpus_jwks_CPPFLAGS = $(jose_cppflags) -DCORPUS='"jwks"'
tests_fuzz_corpus_jwks_LDADD = $(jose_libs)
tests_fuzz_corpus_jws_SOURCES = tests/fuzz/fuzz_jws.c tests/fuzz/standalone.c
tests_fuzz_corpus_jws_CPPFLAGS = $(jose_cppflags) -DCORPUS='"jws"'
tests_fuzz_corpus_jws_LDADD = $(jose_libs)

# A tool of the runners and no test.
EXTRA_PROGRAMS = tests/jose/mkjwt
check_DATA += tests/jose/mkjwt$(EXEEXT)
tests_jose_mkjwt_CPPFLAGS = $(jose_cppflags)
tests_jose_mkjwt_LDADD = $(jose_libs)

RUNNERS += tests/jose/run-jwt
AM_TESTS_ENVIRONMENT += \
	MKJWT='$(abs_builddir)/tests/jose/mkjwt$(EXEEXT)'; export MKJWT;

# Not part of 'make check', which needs no network: installs npm's jose for as long as it runs.
.PHONY: check-interop
check-interop: all tests/jose/mkjwt$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) '$(srcdir)/tests/jose/interop'

dist_check_SCRIPTS += tests/jose/interop
EXTRA_DIST += \
	tests/fuzz/corpus/document \
	tests/fuzz/corpus/header \
	tests/fuzz/corpus/jwks \
	tests/fuzz/corpus/jws \
	tests/jose/cases \
	tests/jose/npm/.npmrc \
	tests/jose/npm/interop.js \
	tests/jose/npm/package-lock.json \
	tests/jose/npm/package.json \
	tests/jose/vectors
CLEANFILES += tests/jose/mkjwt$(EXEEXT)
