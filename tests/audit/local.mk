# tests/audit/local.mk - what was decided, written down.

check_PROGRAMS += \
	tests/audit/test_audit_only \
	tests/audit/test_line \
	tests/audit/test_many \
	tests/audit/test_read \
	tests/audit/test_records \
	tests/audit/test_sinks
tests_audit_test_audit_only_SOURCES = \
	tests/audit/test_audit_only.c tests/audit/lines.h tests/plugins/puppet.h
CONCURRENT_TESTS += tests/audit/test_many
tests_audit_test_many_SOURCES = tests/audit/test_many.c tests/audit/lines.h
tests_audit_test_line_SOURCES = tests/audit/test_line.c tests/audit/lines.h
tests_audit_test_records_SOURCES = tests/audit/test_records.c tests/audit/lines.h tests/plugins/puppet.h
tests_audit_test_sinks_SOURCES = tests/audit/test_sinks.c tests/audit/lines.h
tests_audit_test_read_SOURCES = tests/audit/test_read.c hosts/cli/audit_read.c hosts/cli/audit_read.h \
	hosts/cli/audit_record.c \
	hosts/cli/cli.h hosts/cli/message.c
tests_audit_test_read_CPPFLAGS = $(public_cppflags) -I$(srcdir)/hosts/cli
tests_audit_test_read_LDADD = $(JANSSON_LIBS)
