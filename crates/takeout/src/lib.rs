//! Google Takeout read in place: archives and folders, sidecars, pairing, albums.
