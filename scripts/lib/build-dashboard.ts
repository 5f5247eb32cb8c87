import { execFile } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const root = fileURLToPath(new URL("../..", import.meta.url))
const execute = promisify(execFile)

/** Where `buildDashboard` puts it. */
export const dashboardFolder = join(root, "apps/dashboard/dist")

/** Builds the dashboard if its sources have changed since it was built the last time. Rejects with what the build said. */
export async function buildDashboard(signal?: AbortSignal): Promise<void> {
  const args = ["run", "build", "--filter=@sluice/app-dashboard", "--output-logs=errors-only"]
  try {
    // Tests run in an environment of their own name, in which React would be built for its developers.
    await execute("turbo", args, { cwd: root, env: { ...process.env, NODE_ENV: "production" }, ...(signal && { signal }) })
  } catch (error) {
    const said = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)
    throw new Error(`The dashboard could not be built:\n${said}`, { cause: error })
  }
}
