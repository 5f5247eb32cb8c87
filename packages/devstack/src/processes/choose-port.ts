import { findFreePort, isPortFree } from "../system/free-port.ts"
import { lastUrl, type ServiceIdentity } from "./service-process.ts"

export interface PortWishes {
  /** Exactly this port. */
  port?: number | undefined
  /** Taken when it is free. */
  preferredPort?: number | undefined
}

/** What a server says when another program took its port between the look and the launch. */
export const portTaken = /address (already )?in use|EADDRINUSE/i

/**
 * The port for a service: the one asked for; else the one that it had before a crash, so that clients find it again; else
 * the preferred one; else any. All but the first only when free.
 * @throws Error when the port asked for is taken.
 */
export async function choosePort(service: ServiceIdentity, { port, preferredPort }: PortWishes): Promise<number> {
  if (port === undefined) return findFreePort([lastPort(service), preferredPort].filter((candidate) => candidate !== undefined))
  if (await isPortFree(port)) return port
  throw new Error(`${service.title} was to use port ${port}, but another program has it. Stop that program, or leave the port out.`)
}

function lastPort(service: ServiceIdentity): number | undefined {
  return Number(URL.parse(lastUrl(service) ?? "")?.port) || undefined
}
