mkdir -p d/e; echo 1 >d/e/f; ln -s f d/e/l; chown nobody d/e/f
