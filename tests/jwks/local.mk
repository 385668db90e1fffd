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

# A tool of the runner: it needs its issuer.
EXTRA_PROGRAMS += tests/jwks/drive
check_DATA += tests/jwks/drive$(EXEEXT)
CLEANFILES += tests/jwks/drive$(EXEEXT)
tests_jwks_drive_SOURCES = tests/jwks/drive.c tests/http/fakehost.h
tests_jwks_drive_CPPFLAGS = $(http_cppflags) -I$(srcdir)/tests/http
tests_jwks_drive_CFLAGS = $(http_cflags)
tests_jwks_drive_LDADD = $(http_libs)

RUNNERS += tests/jwks/run
EXTRA_DIST += \
	tests/jwks/cases \
	tests/jwks/issuer.py
