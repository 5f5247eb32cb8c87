import { join } from "node:path"

/**
 * Where the parts of the stand-in are. PostgreSQL runs in a chroot(2) of `base`: nothing is mounted, so nothing can be left
 * mounted, and it needs fewer rights than mounting does. In it, `/usr` and its like are links into `root`, which is only
 * programs and can be made anew, while the data of the cluster lie beside it.
 */
export interface Layout {
  base: string
  /** Debian's packages, unpacked. Exists only when complete. */
  root: string
  /** The database cluster: its data and its socket. */
  cluster: string
}

/** The cluster as PostgreSQL sees it. */
export const CLUSTER_INSIDE = "/cluster"

export function layoutOf(base: string): Layout {
  return { base, root: join(base, "root"), cluster: join(base, CLUSTER_INSIDE) }
}

/** The user that PostgreSQL runs as; a number that no system uses by itself. */
export const POSTGRES_UID = 61_432

/** The command line that runs a program of PostgreSQL 18 inside. */
export function insideCommand(
  { base }: Layout,
  program: "initdb" | "postgres",
  args: readonly string[],
): [command: string, args: string[]] {
  const user = `${POSTGRES_UID}:${POSTGRES_UID}`
  return ["chroot", [`--userspec=${user}`, base, `/usr/lib/postgresql/18/bin/${program}`, ...args]]
}
