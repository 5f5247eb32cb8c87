import type { FileStore, StoredFile } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"

/** The collection's name. */
export const filesCollection = "files"

const schemaVersion = 1

/** A file as MongoDB keeps it; its bytes are a blob. */
export interface FileDocument extends Omit<StoredFile, "id"> {
  readonly _id: string
  readonly schemaVersion: number
}

/** The `FileStore` on a database that has its indexes. */
export function createFileStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): FileStore {
  const toFiles = sendTo<FileDocument>(database, filesCollection)
  return {
    insert: ({ id, ...file }) =>
      operations.run(`insert of ${id}`, async () => {
        await toFiles((files) => files.updateOne({ _id: id }, { $setOnInsert: { schemaVersion, ...file } }, { upsert: true }))
      }),
    find: ({ tenantId, id }) =>
      operations.run(`read of ${id}`, async () => {
        const found = await toFiles((files) => files.findOne({ _id: id, tenantId }))
        return found && fromDocument(found)
      }),
    list: ({ tenantId, purpose, after, order, limit }) =>
      operations.run("list of files", async () => {
        const beyond = order === "oldest" ? "$gt" : "$lt"
        const filter = { tenantId, ...(purpose !== null && { purpose }), ...(after !== null && { _id: { [beyond]: after } }) }
        const options = { sort: { _id: order === "oldest" ? 1 : -1 }, limit, batchSize: limit + 1 } as const
        return (await toFiles((files) => files.find(filter, options).toArray())).map(fromDocument)
      }),
    remove: ({ tenantId, id }) =>
      operations.run(`removal of ${id}`, async () => (await toFiles((files) => files.deleteOne({ _id: id, tenantId }))).deletedCount > 0),
    findExpired: ({ at, limit }) =>
      operations.run("search for expired files", async () => {
        const options = { sort: { expiresAt: 1 }, projection: { tenantId: 1 }, limit, batchSize: limit + 1 } as const
        const found = await toFiles((files) => files.find({ expiresAt: { $lte: at } }, options).toArray())
        return found.map(({ _id, tenantId }) => ({ tenantId, id: _id }))
      }),
  }
}

function fromDocument({ _id, schemaVersion: _version, ...file }: FileDocument): StoredFile {
  return { id: _id, ...file }
}
