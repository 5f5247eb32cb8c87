import type { Replay, ReplayStore } from "../ports/replay-store.ts"

/** Replays in a map. */
export function createMemoryReplayStore(): ReplayStore {
  const replays = new Map<string, Replay>()
  const change = (id: string, changed: Partial<Replay>): Promise<void> => {
    const replay = replays.get(id)
    if (replay) replays.set(id, { ...replay, ...changed })
    return Promise.resolve()
  }
  const sorted = () => [...replays.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const own = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) => {
    const replay = replays.get(id)
    return replay?.tenantId === tenantId ? replay : null
  }
  return {
    insert(replay) {
      if (!replays.has(replay.id)) replays.set(replay.id, replay)
      return Promise.resolve()
    },
    find: (ref) => Promise.resolve(own(ref)),
    list({ tenantId, before, limit }) {
      const page = sorted().filter((replay) => replay.tenantId === tenantId && (before === null || replay.id < before))
      return Promise.resolve(page.reverse().slice(0, limit))
    },
    findActive({ limit }) {
      const active = sorted().filter(({ finishedAt }) => finishedAt === null)
      return Promise.resolve(active.slice(0, limit))
    },
    advance: ({ id, position, isRequeued }) => change(id, { position, isRequeued }),
    recordProgress({ id, progress, finishedAt }) {
      const status = finishedAt !== null && replays.get(id)?.status === "running" ? ({ status: "completed" } as const) : {}
      return change(id, { progress, finishedAt, ...status })
    },
    async cancel({ tenantId, id, at }) {
      if (own({ tenantId, id })?.status === "running") await change(id, { status: "cancelled", cancelRequestedAt: at })
      return own({ tenantId, id })
    },
  }
}
