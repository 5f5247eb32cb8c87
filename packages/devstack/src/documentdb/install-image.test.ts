import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { CommandRunner } from "../system/run-command.ts"
import { installImage, isImageInstalled, shareImage } from "./install-image.ts"
import { type Layout, layoutOf } from "./layout.ts"

let folder: string
let layout: Layout
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-image-"))
  layout = layoutOf(join(folder, "documentdb"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Debian's tools as far as the installation uses them; `failing` is the one that fails. */
function debian(failing = "nothing"): { run: CommandRunner; calls: string[] } {
  const calls: string[] = []
  const run: CommandRunner = async (command, args, options) => {
    const call = [command, ...args].join(" ")
    calls.push(call)
    if (call.startsWith(failing)) return { exitCode: 100, stdout: "", stderr: "E: it failed" }
    if (call.startsWith("apt-get install")) download(options?.environment?.APT_CONFIG ?? "")
    if (command === "dpkg-deb") extract(args[2] ?? "")
    return { exitCode: 0, stdout: "", stderr: "" }
  }
  return { run, calls }
}

function download(configuration: string): void {
  const cache = /Dir::Cache "(.*)"/.exec(readFileSync(configuration, "utf8"))?.[1] ?? ""
  for (const name of ["one", "two", "three"]) writeFileSync(join(cache, "archives", `${name}.deb`), "")
}

function extract(root: string): void {
  for (const part of ["bin", "lib", "lib64", "dev", "etc", "usr/share/doc", "usr/share/postgresql/18/extension"])
    mkdirSync(join(root, part), { recursive: true })
  writeFileSync(join(root, "usr/share/postgresql/18/extension/postgis-3.control"), "")
}

describe("installImage", () => {
  test("downloads, unpacks and completes, and leaves nothing else behind", async () => {
    const { run, calls } = debian()
    const phases: string[] = []
    await installImage({ layout, run, onPhase: (phase) => phases.push(phase) })
    expect(isImageInstalled(layout)).toBe(true)
    expect(calls.filter((call) => call.startsWith("dpkg-deb"))).toHaveLength(3)
    expect(phases).toHaveLength(3)
    expect(readdirSync(layout.base).sort()).toEqual(["bin", "dev", "etc", "lib", "lib64", "root", "usr"])
    expect(readFileSync(join(layout.base, "etc/passwd"), "utf8")).toContain("postgres:x:61432:")
    expect(readFileSync(join(layout.base, "usr/share/postgresql/18/extension/postgis.control"), "utf8")).toBe("")
    expect(existsSync(join(layout.base, "usr/share/doc"))).toBe(false)
  })

  test.each(["apt-get update", "apt-get install", "dpkg-deb", "mknod"])(
    "does not count as installed when %s fails, and can be tried again",
    async (step) => {
      await expect(installImage({ layout, run: debian(step).run, onPhase: () => undefined })).rejects.toThrow(/failed: E: it failed/)
      expect(isImageInstalled(layout)).toBe(false)
      await installImage({ layout, run: debian().run, onPhase: () => undefined })
      expect(isImageInstalled(layout)).toBe(true)
    },
  )

  test("ends when the signal aborts", async () => {
    const controller = new AbortController()
    const onPhase = (phase: string) => phase.startsWith("unpacking") && controller.abort(new Error("enough"))
    await expect(installImage({ layout, run: debian().run, onPhase, signal: controller.signal })).rejects.toThrow("enough")
    expect(isImageInstalled(layout)).toBe(false)
  })

  test("makes an image of another version anew, and keeps the data beside it", async () => {
    await installImage({ layout, run: debian().run, onPhase: () => undefined })
    writeFileSync(join(layout.root, "etc/sluice-image"), "0")
    mkdirSync(layout.cluster)
    expect(isImageInstalled(layout)).toBe(false)
    await installImage({ layout, run: debian().run, onPhase: () => undefined })
    expect(isImageInstalled(layout)).toBe(true)
    expect(existsSync(layout.cluster)).toBe(true)
  })
})

describe("shareImage", () => {
  test("takes links where it can, else copies", async () => {
    const { run, calls } = debian("cp --archive --link")
    const copying: CommandRunner = (command, args, options) => {
      if (!args.includes("--link")) mkdirSync(args.at(-1) ?? "", { recursive: true })
      return run(command, args, options)
    }
    const source = layoutOf(join(folder, "source"))
    await shareImage({ layout, run: copying, onPhase: () => undefined }, source)
    expect(calls).toEqual([`cp --archive --link ${source.root} ${layout.root}.new`, `cp --archive ${source.root} ${layout.root}.new`])
    expect(readdirSync(layout.base).sort()).toEqual(["bin", "dev", "etc", "lib", "lib64", "root", "usr"])
  })
})
