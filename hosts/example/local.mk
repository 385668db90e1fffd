# hosts/example/local.mk - an HTTP server that shows how to link a host; built where libmicrohttpd is.

if HAVE_MICROHTTPD
bin_PROGRAMS += hosts/example/tokenpam-example
dist_man_MANS += docs/man/tokenpam-example.1
endif
hosts_example_tokenpam_example_SOURCES = \
	hosts/example/answer.c \
	hosts/example/answer.h \
	hosts/example/example.c \
	hosts/example/server.c \
	hosts/example/server.h
hosts_example_tokenpam_example_CPPFLAGS = $(public_cppflags)
hosts_example_tokenpam_example_CFLAGS = $(program_cflags) $(JANSSON_CFLAGS) $(MICROHTTPD_CFLAGS)
hosts_example_tokenpam_example_LDFLAGS = $(program_ldflags)
hosts_example_tokenpam_example_LDADD = core/libtokenpam.la $(JANSSON_LIBS) $(MICROHTTPD_LIBS)
dist_example_DATA += \
	hosts/example/answer.c \
	hosts/example/answer.h \
	hosts/example/example.c \
	hosts/example/server.c \
	hosts/example/server.h
