echo 'agent up on 8300' >log
