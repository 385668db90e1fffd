# include/local.mk - the headers that are installed, as <tokenpam/NAME>.

pkginclude_HEADERS = \
	include/tokenpam/codes.h \
	include/tokenpam/http.h \
	include/tokenpam/jwks.h \
	include/tokenpam/kit.h \
	include/tokenpam/oauth.h \
	include/tokenpam/outcomes.def \
	include/tokenpam/provider.h \
	include/tokenpam/reasons.def \
	include/tokenpam/tokenpam.h
