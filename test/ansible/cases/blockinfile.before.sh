printf "a\nb\nc\n; BEGIN old\nq\n; END old\n; BEGIN old2\nq\n; END old2\n" >conf; printf "one" >open
