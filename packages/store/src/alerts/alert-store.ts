import type { AlertStore } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import type { Operations } from "../operations/operations.ts"
import { present } from "../present.ts"
import { type AlertDocument, alertsCollection, fromAlertDocument, toAlertDocument } from "./alert-document.ts"

/** The `AlertStore` on a database that has its indexes. */
export function createAlertStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): AlertStore {
  const toAlerts = sendTo<AlertDocument>(database, alertsCollection)
  return {
    active: () =>
      operations.run("read of the alerts that are not over", async () => {
        const found = await toAlerts((alerts) => alerts.find({ activeKey: { $exists: true } }).toArray())
        return found.map(fromAlertDocument)
      }),
    findDue: ({ at, limit }) =>
      operations.run("search for messages of alerts that are due", async () => {
        const found = await toAlerts((alerts) => alerts.find({ dueAt: { $lte: at } }, { sort: { dueAt: 1 }, limit }).toArray())
        return found.map(fromAlertDocument)
      }),
    find: (id) =>
      operations.run(`read of ${id}`, async () => {
        const found = await toAlerts((alerts) => alerts.findOne({ _id: id }))
        return found && fromAlertDocument(found)
      }),
    insert: (alert) =>
      operations.run(`insert of ${alert.id}`, async () => {
        try {
          await toAlerts((alerts) => alerts.insertOne(toAlertDocument(alert)))
          return true
        } catch (error) {
          if (!isDuplicateKey(error)) throw error
          return (await toAlerts((alerts) => alerts.countDocuments({ _id: alert.id }))) === 1
        }
      }),
    replace: (alert) =>
      operations.run(`change of ${alert.id}`, async () => {
        const { id: _id, revision } = alert
        const { _id: _same, ...next } = toAlertDocument({ ...alert, revision: revision + 1 })
        const { matchedCount } = await toAlerts((alerts) => alerts.replaceOne({ _id, revision }, next))
        return matchedCount === 1
      }),
    remove: ({ id, revision }) =>
      operations.run(`removal of ${id}`, async () => {
        const { deletedCount } = await toAlerts((alerts) => alerts.deleteOne({ _id: id, revision }))
        return deletedCount === 1
      }),
    list: ({ filter: { since, ...equal }, before, limit }) =>
      operations.run("list of alerts", async () => {
        const filter = {
          ...present(equal),
          ...(before !== null && { _id: { $lt: before } }),
          ...(since && { $or: [{ resolvedAt: { $gt: since } }, { resolvedAt: { $exists: false } }] }),
        }
        const found = await toAlerts((alerts) => alerts.find(filter, { sort: { _id: -1 }, limit, batchSize: limit + 1 }).toArray())
        return found.map(fromAlertDocument)
      }),
    removeOld: ({ resolvedBefore }) =>
      operations.run("removal of old alerts", async () => {
        await toAlerts((alerts) => alerts.deleteMany({ resolvedAt: { $lt: resolvedBefore } }))
      }),
  }
}
