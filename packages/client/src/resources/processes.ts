import type { CreateProfileRequest, LogLevelResource, ProcessResource, ProfileResource, SetLogLevelRequest } from "@sluice/core"
import { type CallOptions, listResource } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface Processes {
  /** API processes and workers that run. */
  list(options?: CallOptions): Listing<ProcessResource>
  /** Resolves once the process has written the file, on its machine. `durationMs` is that of a CPU profile; default 10 s. */
  profile(
    id: string,
    request: Pick<CreateProfileRequest, "kind"> & { readonly durationMs?: number },
    options?: CallOptions,
  ): Promise<ProfileResource>
  logLevel(options?: CallOptions): Promise<LogLevelResource>
  /** For every process, or for those of a kind, for `forMs`; default 15 minutes. */
  setLogLevel(
    request: Pick<SetLogLevelRequest, "level" | "of"> & { readonly forMs?: number },
    options?: CallOptions,
  ): Promise<LogLevelResource>
  /** Back to what each process is configured to log. */
  resetLogLevel(options?: CallOptions): Promise<LogLevelResource>
}

/** What a process may take beside the profile itself. */
const profilePatienceMs = 120_000

export function createProcesses(transport: Transport): Processes {
  return {
    list: ({ signal } = {}) => listResource(transport, { path: "/v1/processes", query: {}, signal }),
    profile: (id, body, { signal } = {}) =>
      transport.json({
        method: "POST",
        path: `/v1/processes/${encodeURIComponent(id)}/profiles`,
        body,
        extraTimeMs: profilePatienceMs,
        signal,
      }),
    logLevel: ({ signal } = {}) => transport.json({ method: "GET", path: "/v1/log-level", signal }),
    setLogLevel: (body, { signal } = {}) => transport.json({ method: "PUT", path: "/v1/log-level", body, repeatable: "safely", signal }),
    resetLogLevel: ({ signal } = {}) => transport.json({ method: "DELETE", path: "/v1/log-level", repeatable: "safely", signal }),
  }
}
