import type { JobScans } from "@sluice/core"

/** Calls for each route that has jobs in this status, by name, one after the other. */
export async function forEachRoute(
  scans: Pick<JobScans, "nextRoute">,
  status: "queued" | "running",
  attend: (route: string) => Promise<void>,
): Promise<void> {
  for (
    let route = await scans.nextRoute({ status, after: null });
    route !== null;
    route = await scans.nextRoute({ status, after: route })
  ) {
    await attend(route)
  }
}
