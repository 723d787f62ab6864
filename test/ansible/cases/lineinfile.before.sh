printf "a=1\na=2\nb=2\nc=3\nc=4\nd=word  \n#x 1\ngone\n#x 2\nlong(er line\n" >conf; printf "one" >open; echo t >target; ln -s target link
