import { describe, expect, test } from "vitest"
import type { CommandResult, CommandRunner } from "../system/run-command.ts"
import { type ContainerPlan, containerName, dockerCandidate, runArguments } from "./docker-candidate.ts"

const done = (stdout = ""): CommandResult => ({ exitCode: 0, stdout, stderr: "" })
const failed = (stderr: string, exitCode = 1): CommandResult => ({ exitCode, stdout: "", stderr })

/** A `docker` that answers by its first argument, and remembers what it was asked. */
function docker(answers: Record<string, CommandResult>): { run: CommandRunner; calls: string[] } {
  const calls: string[] = []
  const run: CommandRunner = async (command, args) => {
    calls.push([command, ...args].join(" "))
    return answers[args[0] ?? ""] ?? done()
  }
  return { run, calls }
}

function plan(run: CommandRunner, problem?: string): ContainerPlan {
  return {
    name: "redis",
    image: "redis:8",
    port: 6379,
    preferredPort: 6379,
    dataFolder: "/checkout/.data/redis",
    dataPath: "/data",
    command: ["redis-server", "--appendonly", "yes"],
    user: "1000:1001",
    urlOf: (port) => `redis://127.0.0.1:${port}`,
    problemOf: async () => problem,
    run,
    report: () => undefined,
  }
}

describe("the Docker candidate", () => {
  test("runs a container that only this machine reaches, with the data of the checkout", () => {
    const { run } = docker({})
    expect(runArguments(plan(run), 6380).join(" ")).toBe(
      `run --detach --rm --name ${containerName(plan(run))} --publish 127.0.0.1:6380:6379 --mount type=bind,source=/checkout/.data/redis,target=/data --user 1000:1001 redis:8 redis-server --appendonly yes`,
    )
  })

  test("names it after the checkout", () => {
    const here = containerName({ name: "redis", dataFolder: "/a/.data/redis" })
    expect(here).toMatch(/^sluice-redis-[0-9a-f]{10}$/)
    expect(containerName({ name: "redis", dataFolder: "/b/.data/redis" })).not.toBe(here)
    expect(containerName({ name: "redis", dataFolder: "/a/.data/redis" })).toBe(here)
  })

  test("is not available without docker, or without an engine that answers", async () => {
    const missing = docker({ info: failed("env: docker: No such file or directory", 127) })
    expect(await dockerCandidate(plan(missing.run)).open()).toEqual({ unavailable: "not installed" })
    const asleep = docker({ info: failed("Cannot connect to the Docker daemon") })
    expect(await dockerCandidate(plan(asleep.run)).open()).toEqual({ unavailable: "its engine does not answer" })
    expect(asleep.calls).toHaveLength(1)
  })

  test("starts a container, removing what is left of an earlier one, and stops it", async () => {
    const { run, calls } = docker({ info: done("28.2.2"), port: failed("No such container") })
    const found = await dockerCandidate(plan(run)).open()
    if ("unavailable" in found) throw new Error(found.unavailable)
    expect(found.service.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/)
    await found.service.stop()
    expect(calls.map((call) => call.split(" ")[1])).toEqual(["info", "port", "rm", "run", "stop"])
  })

  test("uses the container that another command started, and leaves it running", async () => {
    const { run, calls } = docker({ info: done("28.2.2"), port: done("127.0.0.1:41234") })
    const found = await dockerCandidate(plan(run)).open()
    if ("unavailable" in found) throw new Error(found.unavailable)
    expect(found.service.url).toBe("redis://127.0.0.1:41234")
    await found.service.stop()
    expect(calls.map((call) => call.split(" ")[1])).toEqual(["info", "port"])
  })

  test("is not available when the image cannot be had", async () => {
    const { run } = docker({
      info: done("28.2.2"),
      port: failed("No such container"),
      run: failed("Unable to find image\ndocker: pull access denied"),
    })
    expect(await dockerCandidate(plan(run)).open()).toEqual({ unavailable: "could not run redis:8: docker: pull access denied" })
  })
})
