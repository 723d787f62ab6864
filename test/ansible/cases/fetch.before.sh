echo one >one
mkdir d
printf 'a\000b' >d/two
