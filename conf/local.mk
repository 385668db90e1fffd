# conf/local.mk - example configurations; the folder of the real ones is made, and left empty.

dist_example_DATA += conf/development.ini

install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(confdir)"
