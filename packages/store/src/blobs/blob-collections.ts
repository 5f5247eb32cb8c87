/** The GridFS bucket, and the collections that it consists of. */
export const blobBucket = "blobs"
export const blobFilesCollection = `${blobBucket}.files`
export const blobChunksCollection = `${blobBucket}.chunks`
