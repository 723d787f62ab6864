# Prints all that lies below a directory: kind, owner, group, mode, name, and what it holds or points to.
cd "$1" || exit
find . -printf '%y %u %g %m %P %l\n' | sed 's/\.[0-9]*\.[0-9-]*@[0-9:]*~/.BACKUP~/' | LC_ALL=C sort -k5
find . -type f | LC_ALL=C sort | while IFS= read -r file; do
  printf '%s: ' "$(printf '%s' "$file" | sed 's/\.[0-9]*\.[0-9-]*@[0-9:]*~/.BACKUP~/')"
  od -An -v -c "$file" | tr -d '\n'
  echo
done
