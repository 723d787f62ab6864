echo f >f; echo o >other
