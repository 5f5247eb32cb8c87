import { type BlobStore, isFinal, type Job, type JobStore, type LiveChannel, type StoredOutput } from "@sluice/core"
import type { JobNews, JobWatch } from "../wait/job-watch.ts"
import { createJobRoom, type JobRoom } from "./job-room.ts"

export interface LiveRoomsDependencies {
  readonly store: Pick<JobStore, "find">
  readonly blobs: Pick<BlobStore, "get">
  readonly watch: JobWatch
  readonly channel: Pick<LiveChannel, "announce" | "onUpdates" | "onCalled">
  readonly monotonicMs?: () => number
  /** Workers forget a reader from which they have not heard for three times as long. Default 5 s. */
  readonly renewEveryMs?: number
}

export interface RoomKey {
  readonly tenantId: string
  readonly id: string
}

export interface LiveRooms {
  /** The room of a job, to be left when it is of no interest any more. All who are in it hear the same. */
  enter(key: RoomKey): { readonly room: JobRoom; leave(): void }
  /** Ends the subscriptions. The rooms close with the watch. */
  close(): void
}

interface Occupied {
  readonly room: JobRoom
  readonly stopWatching: () => void
  readers: number
}

/** The rooms of this process, and its one subscription to what executions tell. */
export function createLiveRooms(dependencies: LiveRoomsDependencies): LiveRooms {
  const { store, blobs, watch, channel, monotonicMs = () => performance.now(), renewEveryMs = 5_000 } = dependencies
  const rooms = new Map<string, Occupied>()
  const announcer = createAnnouncer(channel)

  const unsubscribe = [
    channel.onUpdates((updates) => {
      for (const update of updates) rooms.get(update.jobId)?.room.hear(update)
    }),
    channel.onCalled(() => renew()),
  ]
  const timer = setInterval(() => renew(), renewEveryMs)
  timer.unref()
  function renew(): void {
    if (rooms.size > 0) channel.announce({ watched: [], renewed: [...rooms.keys()], left: [] })
  }

  async function load(key: RoomKey): Promise<{ job: Job; text: string | null } | null> {
    const job = await store.find(key)
    return job && { job, text: await textOf(blobs, job) }
  }
  function open(key: RoomKey): Occupied {
    const room = createJobRoom({ load, ask: (id) => announcer.watched(id), monotonicMs })
    const occupied = { room, stopWatching: watch.watch(key.id, (news) => tellRoom(room, key, news)), readers: 0 }
    rooms.set(key.id, occupied)
    announcer.watched(key.id)
    return occupied
  }

  return {
    enter(key) {
      const occupied = rooms.get(key.id) ?? open(key)
      occupied.readers += 1
      return {
        room: occupied.room,
        leave() {
          occupied.readers -= 1
          if (occupied.readers > 0) return
          occupied.stopWatching()
          rooms.delete(key.id)
          announcer.left(key.id)
        },
      }
    },
    close() {
      clearInterval(timer)
      for (const stop of unsubscribe) stop()
    },
  }
}

function tellRoom(room: JobRoom, key: RoomKey, news: JobNews): void {
  switch (news.kind) {
    case "ended":
      // While the database is away the next look of the watch tries again.
      room.look(key).then(
        (job) => (job === null ? room.close() : undefined),
        () => undefined,
      )
      return
    case "glance":
      room.glimpse(news.glance)
      return
    case "closed":
      room.close()
  }
}

/** What is announced in one turn of the event loop travels in one message; who comes and goes within it is not mentioned. */
function createAnnouncer(channel: Pick<LiveChannel, "announce">) {
  const watched = new Set<string>()
  const left = new Set<string>()
  function send(): void {
    const announcement = { watched: [...watched], renewed: [], left: [...left] }
    watched.clear()
    left.clear()
    if (announcement.watched.length + announcement.left.length > 0) channel.announce(announcement)
  }
  function sendLater(): void {
    if (watched.size + left.size === 1) setImmediate(send)
  }
  return {
    watched(id: string) {
      left.delete(id)
      watched.add(id)
      sendLater()
    },
    left(id: string) {
      if (!watched.delete(id)) left.add(id)
      sendLater()
    },
  }
}

/** The text of a chat's output, wherever it is kept. */
async function textOf(blobs: Pick<BlobStore, "get">, job: Job): Promise<string | null> {
  if (!isFinal(job) || job.status !== "succeeded" || job.work.kind !== "chat") return null
  const value = await loadValue(blobs, job.tenantId, job.result.output)
  return typeof value === "object" && value !== null && "text" in value && typeof value.text === "string" ? value.text : null
}

async function loadValue(blobs: Pick<BlobStore, "get">, tenantId: string, output: StoredOutput): Promise<unknown> {
  if (output.at === "job") return output.value
  const blob = await blobs.get({ tenantId, id: output.blobId })
  return blob && JSON.parse(new TextDecoder().decode(blob.bytes))
}
