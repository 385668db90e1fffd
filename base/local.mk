# base/local.mk - what both core and the kit build on: memory, text, lists, strict JSON, URLs. It knows neither of them.

noinst_LTLIBRARIES += base/libbase.la
base_libbase_la_CPPFLAGS = $(public_cppflags)
base_libbase_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
base_libbase_la_LIBADD = $(JANSSON_LIBS)
base_libbase_la_SOURCES = \
	base/arena.c \
	base/arena.h \
	base/document.c \
	base/document.h \
	base/document_repeat.c \
	base/document_text.c \
	base/document_text.h \
	base/json.c \
	base/json.h \
	base/json_reserve.c \
	base/json_reserve.h \
	base/list.c \
	base/list.h \
	base/memory.c \
	base/memory.h \
	base/moment.c \
	base/moment.h \
	base/pattern.c \
	base/pattern.h \
	base/sanitized.h \
	base/secret.c \
	base/secret.h \
	base/siphash.c \
	base/siphash.h \
	base/text.c \
	base/text.h \
	base/url.c \
	base/url.h
