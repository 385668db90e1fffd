# conf/local.mk - example configurations; the folder of the real ones is made, and left empty.

dist_example_DATA += conf/common.ini conf/development.ini conf/production.ini conf/staging.ini

install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(confdir)"
