// A write-ahead log as SQLite's file format describes it: a header, then frames of one page each; a
// frame that ends a commit says so.

/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
const [headerBytes, frameHeaderBytes] = [32, 24]
const [pageSizeAt, sizeAfterCommitAt] = [8, 4]

const frameBytes = (wal: Buffer): number => frameHeaderBytes + wal.readUInt32BE(pageSizeAt)

/** Where each commit ends, in bytes from the start; the header alone is the end of none. */
export const commitsIn = (wal: Buffer): ReadonlyArray<number> => {
  const size = frameBytes(wal)
  const ends = [headerBytes]
  for (let at = headerBytes; at + size <= wal.length; at += size)
    if (wal.readUInt32BE(at + sizeAfterCommitAt) !== 0) ends.push(at + size)
  return ends
}

/** How many commits stand before the frame, or the header, that a byte is part of. */
export const commitsBefore = (wal: Buffer, at: number): number => {
  if (at < headerBytes) return 0
  const frameStart = at - ((at - headerBytes) % frameBytes(wal))
  return commitsIn(wal).filter((end) => end <= frameStart).length - 1
}
