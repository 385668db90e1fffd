# tests/jwks/local.mk - keys from the network: how long answers may be used, metadata, and an issuer that does as it is told.

JWKS_TESTS = \
	tests/jwks/test_freshness \
	tests/jwks/test_metadata
UNIT_TESTS += $(JWKS_TESTS)
tests_jwks_test_freshness_CPPFLAGS = $(http_cppflags)
tests_jwks_test_freshness_CFLAGS = $(http_cflags)
tests_jwks_test_freshness_LDADD = $(http_libs)
tests_jwks_test_metadata_CPPFLAGS = $(http_cppflags)
tests_jwks_test_metadata_LDADD = $(http_libs)

# With nothing but what the libraries export. It takes the place of functions of the kit, so it exports its own.
check_PROGRAMS += tests/jwks/test_memory
tests_jwks_test_memory_SOURCES = \
	tests/jwks/test_memory.c \
	tests/torture/allocations.c \
	tests/torture/allocations.h
tests_jwks_test_memory_CPPFLAGS = $(public_cppflags)
tests_jwks_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
tests_jwks_test_memory_LDADD = core/libtokenpam.la plugins/kit/libtokenpam-kit.la

# The fuzz targets over their corpora, by whatever compiler there is.
check_PROGRAMS += tests/fuzz/corpus_http tests/fuzz/corpus_metadata
tests_fuzz_corpus_http_SOURCES = tests/fuzz/fuzz_http.c tests/fuzz/standalone.c
tests_fuzz_corpus_http_CPPFLAGS = $(http_cppflags) -DCORPUS='"http"'
tests_fuzz_corpus_http_CFLAGS = $(http_cflags)
tests_fuzz_corpus_http_LDADD = $(http_libs)
tests_fuzz_corpus_metadata_SOURCES = tests/fuzz/fuzz_metadata.c tests/fuzz/standalone.c
tests_fuzz_corpus_metadata_CPPFLAGS = $(http_cppflags) -DCORPUS='"metadata"'
tests_fuzz_corpus_metadata_CFLAGS = $(http_cflags)
tests_fuzz_corpus_metadata_LDADD = $(http_libs)

# Tools of the runners: they need their issuer. The load is put on what the libraries export, as a host would.
JWKS_TOOLS = \
	tests/jwks/drive$(EXEEXT) \
	tests/jwks/load$(EXEEXT)
EXTRA_PROGRAMS += tests/jwks/drive tests/jwks/load
check_DATA += $(JWKS_TOOLS)
CLEANFILES += $(JWKS_TOOLS)
tests_jwks_load_SOURCES = tests/jwks/load.c tests/jose/bearer.h
tests_jwks_load_CPPFLAGS = $(public_cppflags)
tests_jwks_load_LDADD = core/libtokenpam.la plugins/kit/libtokenpam-kit.la
tests_jwks_drive_SOURCES = tests/jwks/drive.c tests/http/fakehost.h
tests_jwks_drive_CPPFLAGS = $(http_cppflags) -I$(srcdir)/tests/http
tests_jwks_drive_CFLAGS = $(http_cflags)
tests_jwks_drive_LDADD = $(http_libs)

RUNNERS += tests/jwks/run tests/jwks/run-load
CONCURRENT_TESTS += tests/jwks/run tests/jwks/run-load
EXTRA_DIST += \
	tests/fuzz/corpus/http \
	tests/fuzz/corpus/metadata \
	tests/jwks/cases \
	tests/jwks/issuer.py
