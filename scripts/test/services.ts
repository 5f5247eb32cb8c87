import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"
import { startServices } from "../../packages/devstack/src/index.ts"

declare module "vitest" {
  export interface ProvidedContext {
    redisUrl: string
    mongodbUrl: string
  }
}

const dataFolder = fileURLToPath(new URL("../../.data", import.meta.url))

/** Real Redis and MongoDB for every integration test: found or started as for development. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { REDIS_URL, MONGODB_URL } = process.env
  const services = await startServices({
    dataFolder,
    environment: { REDIS_URL, MONGODB_URL },
    mayInstall: () => true,
    report: (line) => console.error(line),
  })
  project.provide("redisUrl", services.redisUrl)
  project.provide("mongodbUrl", services.mongodbUrl)
  return () => services.stop()
}
