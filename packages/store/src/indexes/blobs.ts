import type { IndexDescription } from "mongodb"

/** put, get and delete: the revisions of a blob by age. One of the two indexes that GridFS demands. */
export const blobFileIndexes: readonly IndexDescription[] = [{ name: "revisions", key: { filename: 1, uploadDate: 1 } }]

/** The pieces of a revision in order. The other index that GridFS demands. */
export const blobChunkIndexes: readonly IndexDescription[] = [{ name: "chunks", key: { files_id: 1, n: 1 }, unique: true }]
