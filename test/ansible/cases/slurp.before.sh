printf "a\nb c" >f
