import type { ApiKeyStore } from "@sluice/core"
import { nextMark, noteChange, sinceMark } from "../changes/changes.ts"
import { type Database, type SendTo, sendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"
import { type ApiKeyDocument, apiKeysCollection, fromApiKeyDocument, toApiKeyDocument } from "./api-key-document.ts"
import { rotateKey } from "./rotate-key.ts"

/** What the operations on keys share. */
export interface ApiKeyContext {
  readonly toKeys: SendTo<ApiKeyDocument>
  readonly operations: Operations
}

/** The `ApiKeyStore` on a database that has its indexes. */
export function createApiKeyStore(options: { readonly database: Database; readonly operations: Operations }): ApiKeyStore {
  const context: ApiKeyContext = { toKeys: sendTo(options.database, apiKeysCollection), operations: options.operations }
  return {
    insert: insertKey(context),
    find: findKey(context),
    list: listKeys(context),
    findByHash: findKeyByHash(context),
    rotate: rotateKey(context),
    revoke: revokeKey(context),
    changedSince: changedKeys(context),
    noteUses: noteUses(context),
  }
}

function insertKey({ toKeys, operations }: ApiKeyContext): ApiKeyStore["insert"] {
  return (key) =>
    operations.run(`insert of ${key.id}`, async () => {
      const { _id, ...document } = toApiKeyDocument(key)
      await toKeys((keys) => keys.updateOne({ _id }, { $setOnInsert: document, ...noteChange }, { upsert: true }))
    })
}

function findKey({ toKeys, operations }: ApiKeyContext): ApiKeyStore["find"] {
  return ({ tenantId, id }) =>
    operations.run(`read of ${id}`, async () => {
      const found = await toKeys((keys) => keys.findOne({ _id: id, tenantId }))
      return found && fromApiKeyDocument(found)
    })
}

function listKeys({ toKeys, operations }: ApiKeyContext): ApiKeyStore["list"] {
  return ({ tenantId, before, limit }) =>
    operations.run("list of API keys", async () => {
      const filter = { tenantId, ...(before !== null && { _id: { $lt: before } }) }
      const found = await toKeys((keys) => keys.find(filter, { sort: { _id: -1 }, limit, batchSize: limit + 1 }).toArray())
      return found.map(fromApiKeyDocument)
    })
}

function findKeyByHash({ toKeys, operations }: ApiKeyContext): ApiKeyStore["findByHash"] {
  return (hash) =>
    operations.run("search for an API key", async () => {
      const found = await toKeys((keys) => keys.findOne({ "secrets.hash": hash }))
      return found && fromApiKeyDocument(found)
    })
}

function revokeKey({ toKeys, operations }: ApiKeyContext): ApiKeyStore["revoke"] {
  return ({ tenantId, id, at, by }) =>
    operations.run(`revocation of ${id}`, async () => {
      const unrevoked = { _id: id, tenantId, revoked: { $exists: false } }
      await toKeys((keys) => keys.updateOne(unrevoked, { $set: { revoked: { at, by } }, ...noteChange }))
      const found = await toKeys((keys) => keys.findOne({ _id: id, tenantId }))
      return found && fromApiKeyDocument(found)
    })
}

function changedKeys({ toKeys, operations }: ApiKeyContext): ApiKeyStore["changedSince"] {
  return (mark) =>
    operations.run("search for changed API keys", async () => {
      if (mark === null) {
        const [newest] = await toKeys((keys) => keys.find({}, { sort: { changedAt: -1 }, limit: 1 }).toArray())
        return { changed: [], mark: newest?.changedAt ?? new Date(0) }
      }
      const changed = await toKeys((keys) => keys.find(sinceMark(mark)).toArray())
      return { changed: changed.map(fromApiKeyDocument), mark: nextMark(mark, changed) }
    })
}

/** Not a change that anybody has to hear of. Sorted, since bulks in opposite orders may block each other. */
function noteUses({ toKeys, operations }: ApiKeyContext): ApiKeyStore["noteUses"] {
  return (uses) =>
    operations.run(`last use of ${uses.length} API keys`, async () => {
      if (uses.length === 0) return
      const sorted = uses.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const updates = sorted.map(({ id, at }) => ({ updateOne: { filter: { _id: id }, update: { $max: { lastUsedAt: at } } } }))
      await toKeys((keys) => keys.bulkWrite(updates, { ordered: false }))
    })
}
