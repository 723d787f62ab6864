mkdir -p d/e; echo 1 >d/f; echo 2 >d/e/g; chmod 600 d/f; chmod 711 d/e/g; chmod 700 d/e; ln -s f d/l
