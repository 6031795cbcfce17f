# rpm removes the files that it installed and leaves the folders. $1 is how many versions stay: 0 after a removal, more after an update.
if [ "$1" = 0 ]; then rmdir /usr/share/doc/photokeep 2>/dev/null || :; fi
