echo old >f; ln -s f l
