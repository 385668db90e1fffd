# hosts/local.mk - programs that link the library. They see its installed headers and nothing else of it.

bin_PROGRAMS += hosts/cli/tokenpam
hosts_cli_tokenpam_SOURCES = \
	hosts/cli/audit.c \
	hosts/cli/audit.h \
	hosts/cli/audit_files.c \
	hosts/cli/audit_files.h \
	hosts/cli/audit_read.c \
	hosts/cli/audit_read.h \
	hosts/cli/audit_record.c \
	hosts/cli/audit_rows.c \
	hosts/cli/audit_rows.h \
	hosts/cli/audit_rows_judge.c \
	hosts/cli/audit_scopes.c \
	hosts/cli/audit_scopes.h \
	hosts/cli/audit_unused.c \
	hosts/cli/audit_verify.c \
	hosts/cli/check.c \
	hosts/cli/check_tools.c \
	hosts/cli/check_tools.h \
	hosts/cli/cli.h \
	hosts/cli/colour.c \
	hosts/cli/complete.c \
	hosts/cli/complete.h \
	hosts/cli/diff.c \
	hosts/cli/drawing.c \
	hosts/cli/drawing.h \
	hosts/cli/drawing_group.c \
	hosts/cli/drawing_overview.c \
	hosts/cli/drawing_print.c \
	hosts/cli/drawing_service.c \
	hosts/cli/engine.c \
	hosts/cli/engine.h \
	hosts/cli/expiry.c \
	hosts/cli/expiry.h \
	hosts/cli/explain.c \
	hosts/cli/export.c \
	hosts/cli/fastmcp.h \
	hosts/cli/fastmcp_audience.c \
	hosts/cli/fastmcp_classes.c \
	hosts/cli/fastmcp_dotenv.c \
	hosts/cli/fastmcp_import.h \
	hosts/cli/fastmcp_ini.c \
	hosts/cli/fastmcp_ini.h \
	hosts/cli/fastmcp_jwt.c \
	hosts/cli/fastmcp_line.c \
	hosts/cli/fastmcp_provider.c \
	hosts/cli/fastmcp_read.c \
	hosts/cli/fastmcp_service.c \
	hosts/cli/fastmcp_upstream.c \
	hosts/cli/fastmcp_value.c \
	hosts/cli/fastmcp_value.h \
	hosts/cli/fastmcp_variables.c \
	hosts/cli/fastmcp_write.c \
	hosts/cli/generate.c \
	hosts/cli/generate.h \
	hosts/cli/hash.c \
	hosts/cli/headers.c \
	hosts/cli/import.c \
	hosts/cli/init.c \
	hosts/cli/input.c \
	hosts/cli/input.h \
	hosts/cli/inspect.c \
	hosts/cli/json.c \
	hosts/cli/jws.c \
	hosts/cli/keygen.c \
	hosts/cli/keys.c \
	hosts/cli/keys.h \
	hosts/cli/lines.c \
	hosts/cli/lines.h \
	hosts/cli/main.c \
	hosts/cli/matrix.c \
	hosts/cli/matrix.h \
	hosts/cli/matrix_decide.c \
	hosts/cli/matrix_needs.c \
	hosts/cli/matrix_people.c \
	hosts/cli/matrix_print.c \
	hosts/cli/matrix_tools.c \
	hosts/cli/message.c \
	hosts/cli/mint.c \
	hosts/cli/minting.c \
	hosts/cli/minting.h \
	hosts/cli/moment.c \
	hosts/cli/moment.h \
	hosts/cli/nearest.c \
	hosts/cli/newfile.c \
	hosts/cli/newfile.h \
	hosts/cli/online.c \
	hosts/cli/online.h \
	hosts/cli/options.c \
	hosts/cli/options.h \
	hosts/cli/output.c \
	hosts/cli/output.h \
	hosts/cli/paths.c \
	hosts/cli/paths.h \
	hosts/cli/payload.c \
	hosts/cli/payload.h \
	hosts/cli/plugin.c \
	hosts/cli/repeat.c \
	hosts/cli/replay.c \
	hosts/cli/replay.h \
	hosts/cli/replay_decide.c \
	hosts/cli/replay_fields.c \
	hosts/cli/replay_sum.c \
	hosts/cli/result.c \
	hosts/cli/sample.c \
	hosts/cli/sample.h \
	hosts/cli/sequence.c \
	hosts/cli/sequence.h \
	hosts/cli/show.c \
	hosts/cli/suite.h \
	hosts/cli/suite_check.c \
	hosts/cli/suite_known.c \
	hosts/cli/suite_print.c \
	hosts/cli/suite_read.c \
	hosts/cli/suite_recipe.c \
	hosts/cli/suite_run.c \
	hosts/cli/suite_test.c \
	hosts/cli/suite_token.c \
	hosts/cli/suite_value.c \
	hosts/cli/suite_words.c \
	hosts/cli/target.c \
	hosts/cli/target.h \
	hosts/cli/test.c \
	hosts/cli/toolfile.c \
	hosts/cli/toolfile.h \
	hosts/cli/tree.c \
	hosts/cli/verify.c \
	hosts/cli/verify.h \
	hosts/cli/why.c \
	hosts/cli/why.h \
	hosts/cli/why_print.c
hosts_cli_tokenpam_CPPFLAGS = $(public_cppflags)
hosts_cli_tokenpam_CFLAGS = $(program_cflags) $(JANSSON_CFLAGS) $(LIBCRYPTO_CFLAGS)
hosts_cli_tokenpam_LDFLAGS = $(program_ldflags)
hosts_cli_tokenpam_LDADD = core/libtokenpam.la plugins/kit/libtokenpam-kit.la $(JANSSON_LIBS) $(LIBCRYPTO_LIBS)

# What shells complete command lines with, where Debian's look; made of the program's own tables.
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = hosts/cli/completion/tokenpam
zshcompletiondir = $(datadir)/zsh/vendor-completions
nodist_zshcompletion_DATA = hosts/cli/completion/_tokenpam
CLEANFILES += $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA)
hosts/cli/completion/tokenpam: hosts/cli/tokenpam
	$(AM_V_GEN)$(MKDIR_P) $(@D) && hosts/cli/tokenpam complete bash >$@.new && mv $@.new $@
hosts/cli/completion/_tokenpam: hosts/cli/tokenpam
	$(AM_V_GEN)$(MKDIR_P) $(@D) && hosts/cli/tokenpam complete zsh >$@.new && mv $@.new $@

# Where the sources are: read by the program when it runs where it was built.
noinst_DATA += hosts/cli/srcdir
CLEANFILES += hosts/cli/srcdir
hosts/cli/srcdir: Makefile
	$(AM_V_GEN)(cd '$(srcdir)' && pwd) >$@

include hosts/example/local.mk

# ./tokenpam, for whoever tries things out in the tree.
noinst_SCRIPTS = tokenpam
CLEANFILES += tokenpam
tokenpam: Makefile
	$(AM_V_GEN)printf '%s\n' '#!/bin/sh' 'exec "$$(dirname "$$0")/hosts/cli/tokenpam" "$$@"' >$@ && chmod +x $@
