# tests/secrets/local.mk - where secrets stand while they are needed, and whether anything is left of them afterwards.

secrets_maps = tests/secrets/maps.c tests/secrets/maps.h

check_PROGRAMS += tests/secrets/test_pool
tests_secrets_test_pool_SOURCES = tests/secrets/test_pool.c $(secrets_maps)

check_PROGRAMS += tests/secrets/test_dump
tests_secrets_test_dump_SOURCES = tests/secrets/test_dump.c tests/secrets/material.c tests/secrets/material.h $(secrets_maps)
tests_secrets_test_dump_CPPFLAGS = $(public_cppflags)
tests_secrets_test_dump_LDADD = core/libtokenpam.la plugins/kit/libtokenpam-kit.la $(LIBCRYPTO_LIBS)

check_PROGRAMS += tests/secrets/test_host
tests_secrets_test_host_SOURCES = tests/secrets/test_host.c $(secrets_maps)
