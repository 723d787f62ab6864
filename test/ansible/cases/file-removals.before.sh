echo f >f; ln -s f l; mkdir d
