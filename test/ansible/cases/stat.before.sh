printf "12345" >f; chmod 754 f; ln -s f l; mkdir d; chmod 2750 d
