import { existsSync, mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { isDocumentdbInstalled, joinDocumentdb, startDocumentdb } from "../documentdb/start-documentdb.ts"
import { namedCandidate, runningCandidate } from "../search/common-candidates.ts"
import { dockerCandidate, userOfThisProcess } from "../search/docker-candidate.ts"
import type { Candidate } from "../search/first-available.ts"
import { processCandidate } from "../search/process-candidate.ts"
import type { ServiceSearch } from "../search/service-search.ts"
import { downloadMongod, downloadObstacle, isMongodDownloaded } from "./download-mongod.ts"
import { mongodbProblem } from "./mongodb-ping.ts"
import { joinMongod, startMongod } from "./start-mongod.ts"

const PREFERRED_PORT = 27017

export const mongodbRemedy =
  "Install mongod so that it is on the PATH, start a Docker engine, set MONGODB_URL to a MongoDB that answers, or run this as root on Debian where its packages can be downloaded."

export interface MongodbSearch extends ServiceSearch {
  fetch: typeof fetch
  /** Where the programs of the stand-in come from, see `StartDocumentdbOptions`. */
  image: string | undefined
}

/** The ways to a MongoDB, in the order in which they are tried. */
export function mongodbCandidates(search: MongodbSearch): Candidate[] {
  const { run, report, signal } = search
  const folder = resolve(join(search.dataFolder, "mongodb"))
  const programs = resolve(join(search.dataFolder, "mongodb-programs"))
  const containerFolder = join(folder, "container")
  mkdirSync(containerFolder, { recursive: true })
  const standIn = {
    folder: resolve(join(search.dataFolder, "documentdb")),
    image: search.image,
    preferredPort: PREFERRED_PORT,
    report,
    run,
    signal,
  }
  const server = { folder, preferredPort: PREFERRED_PORT, signal }
  return [
    namedCandidate("MONGODB_URL", search.url, mongodbProblem),
    runningCandidate(async () => (await joinMongod({ folder, signal })) ?? (await joinDocumentdb(standIn))),
    dockerCandidate({
      name: "mongodb",
      image: "mongo:8",
      port: 27017,
      preferredPort: PREFERRED_PORT,
      dataFolder: containerFolder,
      dataPath: "/data/db",
      command: [],
      user: userOfThisProcess(),
      urlOf: (port) => `mongodb://127.0.0.1:${port}`,
      problemOf: mongodbProblem,
      run,
      report,
      signal,
    }),
    processCandidate({
      name: "mongod on the PATH",
      obstacle: () => mongodObstacle(search),
      start: () => startMongod(server),
      description: "mongod of the PATH",
      signal,
    }),
    processCandidate({
      name: "mongod by mongodb-memory-server",
      obstacle: () => downloadedMongodObstacle(search, programs, standIn.folder),
      start: async () => startMongod({ ...server, program: await downloadMongod({ folder: programs, run, report, signal }) }),
      description: "mongod, downloaded by mongodb-memory-server",
      signal,
    }),
    processCandidate({
      name: "the stand-in DocumentDB",
      obstacle: () => documentdbObstacle(search),
      start: () => startDocumentdb(standIn),
      description: "DocumentDB on PostgreSQL, which speaks MongoDB's protocol: a stand-in for development and tests only",
      signal,
    }),
  ]
}

async function downloadedMongodObstacle(search: MongodbSearch, programs: string, standInFolder: string): Promise<string | undefined> {
  if (isMongodDownloaded(programs)) return undefined
  return isDocumentdbInstalled(standInFolder) ? "the stand-in is here already, with its data" : await downloadObstacle(search)
}

async function mongodObstacle({ run, signal }: ServiceSearch): Promise<string | undefined> {
  return (await run("mongod", ["--version"], { timeoutMs: 5_000, signal })).exitCode === 0 ? undefined : "there is none"
}

/** Why the stand-in cannot run here; `undefined` when it can. */
async function documentdbObstacle({ run, signal }: ServiceSearch): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it needs root on Debian"
  for (const tool of ["apt-get", "dpkg-deb", "chroot"])
    if ((await run(tool, ["--version"], { timeoutMs: 5_000, signal })).exitCode !== 0) return `it needs Debian (there is no ${tool})`
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
  return existsSync(keyring) ? undefined : `it needs Debian's keys (${keyring}, from the package debian-archive-keyring)`
}
