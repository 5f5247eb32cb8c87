import { MongoClient, type MongoClientOptions } from "mongodb"
import { present } from "../present.ts"
import { type StoreOptions, storeDefaults } from "../store-options.ts"

/** A driver that is not connected yet. Throws an `Error` that names no credentials when the URL cannot be used. */
export function createClient(options: StoreOptions, extra: MongoClientOptions = {}): MongoClient {
  try {
    return new MongoClient(options.url, {
      appName: "sluice",
      ...poolAndTimes(options),
      // Acknowledged means on the disks of a majority: whatever was promised survives the loss of any minority.
      w: "majority",
      journal: true,
      ignoreUndefined: true,
      ...extra,
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The MongoDB URL cannot be used: ${withoutSecrets(reason, options.url)}`)
  }
}

/** An option goes before what the URL says, and that before a default. */
function poolAndTimes(options: StoreOptions): MongoClientOptions {
  const query = options.url.split("?")[1] ?? ""
  const inUrl = new Set(Array.from(new URLSearchParams(query).keys(), (name) => name.toLowerCase()))
  const defaultOf = <K extends keyof typeof storeDefaults>(name: K) => (inUrl.has(name.toLowerCase()) ? undefined : storeDefaults[name])
  return present({
    maxPoolSize: options.maxPoolSize ?? defaultOf("maxPoolSize"),
    minPoolSize: options.minPoolSize ?? defaultOf("minPoolSize"),
    serverSelectionTimeoutMS: options.serverSelectionTimeoutMs ?? defaultOf("serverSelectionTimeoutMs"),
    socketTimeoutMS: options.socketTimeoutMs ?? defaultOf("socketTimeoutMs"),
    connectTimeoutMS: options.connectTimeoutMs ?? defaultOf("connectTimeoutMs"),
    waitQueueTimeoutMS: options.waitQueueTimeoutMs ?? defaultOf("waitQueueTimeoutMs"),
    retryWrites: options.retryWrites ?? defaultOf("retryWrites"),
  })
}

/** The database that the options name, else the URL as in `mongodb://host/NAME`, else the default. */
export function databaseNameOf({ url, database }: StoreOptions): string {
  const inUrl = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1]
  return database ?? (inUrl === undefined ? storeDefaults.database : decodeURIComponent(inUrl))
}

const secretParameters = /[?&](?:authMechanismProperties|tlsCertificateKeyFilePassword|proxyUsername|proxyPassword)=([^&]+)/gi

/** Replaces whatever the URL keeps secret, in the spellings in which a message may quote it. */
export function withoutSecrets(text: string, url: string): string {
  const userInfo = /^(?:[^/]*\/\/)?(.*)@/.exec(url)?.[1] ?? ""
  const secrets = [userInfo, ...userInfo.split(":"), ...Array.from(url.matchAll(secretParameters), ([, value]) => value ?? "")]
  return secrets
    .flatMap((secret) => [secret, decoded(secret)])
    .filter((secret) => secret !== "")
    .sort((a, b) => b.length - a.length)
    .reduce((result, secret) => result.replaceAll(secret, "***"), text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
