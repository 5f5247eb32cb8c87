const oldestVersion: readonly [major: number, minor: number] = [6, 2]

function field(info: string, name: string): string | undefined {
  return info
    .split(/\r?\n/)
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1)
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  return major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])
}

/** What is wrong with a Redis server, judged by its answer to INFO; each finding says what to do. */
export function serverFindings(info: string, address: string): readonly string[] {
  const findings: string[] = []
  const policy = field(info, "maxmemory_policy")
  if (policy !== undefined && policy !== "noeviction") {
    findings.push(
      `Redis at ${address} drops keys when its memory is full (maxmemory-policy is ${policy}), and with them queue entries. ` +
        "Set maxmemory-policy to noeviction.",
    )
  }
  const version = field(info, "redis_version")
  if (version !== undefined && isTooOld(version)) {
    findings.push(`Redis at ${address} is version ${version}; ${oldestVersion.join(".")} or later is needed. Upgrade it.`)
  }
  return findings
}
