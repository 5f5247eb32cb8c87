import { createCredentials, EnvironmentError, parseEnvironment, readEncryptionKeys } from "../packages/runtime/src/index.ts"
import { connectStore, DecryptionError, EncryptionKeysError, type Store } from "../packages/store/src/index.ts"

// Writes jobs that an older release has stored anew in the present form and drops the indexes that only that needed; then encrypts
// whatever is not encrypted with the first of SLUICE_ENCRYPTION_KEYS. Everything of this release may run meanwhile; it may be stopped and
// started again at any time.
const stopping = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort())
const { signal } = stopping
const say = (line: string) => process.stdout.write(`${line}\n`)
const figure = (count: number) => count.toLocaleString("en")

async function upgrade(store: Store): Promise<void> {
  const { upgraded } = await store.upgradeJobs({ signal, onProgress: (progress) => say(`${figure(progress.upgraded)} jobs upgraded`) })
  const end = signal.aborted ? "Stopped. Start it again to go on" : "All jobs are of the present form"
  say(`${end}; ${figure(upgraded)} were upgraded.`)
  const dropped = signal.aborted ? [] : await store.dropRetiredIndexes()
  if (dropped.length > 0) say(`Indexes that nothing needs any more were dropped: ${dropped.join(", ")}.`)
}

async function encrypt(store: Store, keyId: string): Promise<void> {
  const { resealed } = await store.reseal({ signal, onProgress: (progress) => say(`${figure(progress.resealed)} documents encrypted`) })
  const end = signal.aborted ? "Stopped. Start it again to go on" : `Everything is encrypted with the key "${keyId}", and needs no other`
  say(`${end}; ${figure(resealed)} documents were encrypted anew.`)
}

try {
  const { mongodbUrl: url, encryptionKeys: keys } = parseEnvironment(process.env)
  const encryptionKeys = await readEncryptionKeys({ keys, credentials: createCredentials({ environment: process.env }) })
  const store = await connectStore({ url, encryptionKeys })
  try {
    await upgrade(store)
    const [first] = encryptionKeys
    if (first && !signal.aborted) await encrypt(store, first.id)
  } finally {
    await store.close()
  }
} catch (error) {
  const isForOperators = error instanceof EnvironmentError || error instanceof EncryptionKeysError || error instanceof DecryptionError
  if (!isForOperators) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
