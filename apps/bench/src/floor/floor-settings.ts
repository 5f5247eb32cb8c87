import { type Collection, MongoClient } from "mongodb"

/** What both processes of the floor are told by their environment. */
export interface FloorSettings {
  readonly redisUrl: string
  readonly mongodbUrl: string
  readonly providerUrl: string
  /** Jobs at a time, as `WORKER_CONCURRENCY` of Sluice. */
  readonly concurrency: number
  readonly apiKey: string
  readonly prefix: string
}

export interface FloorJob {
  readonly _id: string
  readonly status: "queued" | "succeeded"
  readonly input: object
  readonly output?: string
  readonly createdAt: Date
  readonly finishedAt?: Date
}

export function readFloorSettings(environment: Readonly<Record<string, string | undefined>>): FloorSettings {
  const { REDIS_URL = "", MONGODB_URL = "", PROVIDER_URL = "", WORKER_CONCURRENCY = "100", API_KEY = "", PREFIX = "floor" } = environment
  return {
    redisUrl: REDIS_URL,
    mongodbUrl: MONGODB_URL,
    providerUrl: PROVIDER_URL,
    concurrency: Number(WORKER_CONCURRENCY),
    apiKey: API_KEY,
    prefix: PREFIX,
  }
}

/** The driver's own pool of 100 connections, and an acknowledgement by the majority, as for Sluice. */
export async function openJobs({ mongodbUrl }: FloorSettings): Promise<Collection<FloorJob>> {
  const client = await new MongoClient(mongodbUrl, { w: "majority", journal: true, minPoolSize: 2 }).connect()
  return client.db().collection<FloorJob>("jobs")
}

export function redisOptions({ redisUrl }: FloorSettings) {
  const { hostname, port } = new URL(redisUrl)
  return { host: hostname, port: Number(port) }
}
