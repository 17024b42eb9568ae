// One real use of each package, from the tarballs, under plain Node.
