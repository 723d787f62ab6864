echo f >f; echo g >g; ln -s g l; mkdir d; chmod 644 f g; chmod 755 d
